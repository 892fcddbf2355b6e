using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SegmentPush.Segments.Parquet;

/// <summary>Writes whole rows as JSON, so that a reader of JSON finds the same values in them.</summary>
internal sealed class ParquetRowJson
{
    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ParquetNode _row;
    private readonly ColumnReader[] _columns;
    private readonly int[] _entries;
    private readonly ArrayBufferWriter<byte> _text = new();

    /// <summary>Prepares to write rows.</summary>
    /// <param name="row">The places of the rows.</param>
    /// <param name="columns">Give the reader of a column.</param>
    public ParquetRowJson(ParquetNode row, Func<ParquetLeaf, ColumnReader> columns)
    {
        _row = row;
        _columns = [.. row.Leaves.ToArray().Select(columns)];
        _entries = new int[_columns.Length];
    }

    /// <summary>Writes what stands between the braces of the current row's object.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        Array.Clear(_entries);
        _text.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_text, s_readable)) Write(writer, _row);
        output.Write(_text.WrittenSpan[1..^1]);
    }

    private void Write(Utf8JsonWriter writer, ParquetNode at)
    {
        var column = First(at, out int entry);
        int definition = column.Definition(entry);
        if (definition < at.Definition)
        {
            writer.WriteNullValue();
            Skip(at);
            return;
        }

        switch (at.Kind)
        {
            case ParquetKind.Leaf:
                ParquetValueJson.Write(writer, column.Leaf, column.Value(entry));
                Skip(at);
                break;
            case ParquetKind.Struct:
                writer.WriteStartObject();
                foreach (var field in at.Children)
                {
                    writer.WritePropertyName(field.Name);
                    Write(writer, field);
                }

                writer.WriteEndObject();
                break;
            case ParquetKind.List:
                writer.WriteStartArray();
                WriteElements(at, definition, () => Write(writer, at.Children[0]));
                writer.WriteEndArray();
                break;
            case ParquetKind.Map:
                writer.WriteStartObject();
                WriteElements(at, definition, () => WriteMember(writer, at));
                writer.WriteEndObject();
                break;
        }
    }

    private void WriteElements(ParquetNode at, int definition, Action write)
    {
        if (definition < at.ElementDefinition)
        {
            Skip(at);
            return;
        }

        do write();
        while (First(at, out int entry) is var column && entry < column.Count && column.Repetition(entry) == at.ElementRepetition);
    }

    private void WriteMember(Utf8JsonWriter writer, ParquetNode map)
    {
        var keys = First(map.Children[0], out int entry);
        writer.WritePropertyName(ParquetValueJson.ToText(keys.Leaf, keys.Value(entry)));
        Skip(map.Children[0]);
        Write(writer, map.Children[1]);
    }

    // The entry that comes next for a place stands in any of its columns; the first one will do.
    private ColumnReader First(ParquetNode at, out int entry)
    {
        int column = at.Leaves[0].Column;
        entry = _entries[column];
        return _columns[column];
    }

    // Where there is nothing, each column has one entry for it.
    private void Skip(ParquetNode at)
    {
        foreach (var leaf in at.Leaves) _entries[leaf.Column]++;
    }
}
