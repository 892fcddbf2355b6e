using ParquetSharp;
using ParquetSharp.Schema;

namespace SegmentPush.Core.Tests.Segments.Parquet;

/// <summary>Writes one column by Apache's C++ library, level by level, in a schema of any shape.</summary>
internal static class ApacheColumn
{
    /// <summary>Writes a file of one row group with one column.</summary>
    /// <param name="path">The file.</param>
    /// <param name="field">The only field of the rows.</param>
    /// <param name="definitions">The definition level of each entry.</param>
    /// <param name="repetitions">The repetition level of each entry.</param>
    /// <param name="values">The values that are not null.</param>
    public static void Write<T>(string path, Node field, short[] definitions, short[] repetitions, T[] values)
        where T : unmanaged => Write(path, [field], columns => ((ColumnWriter<T>)columns.NextColumn()).WriteBatch(definitions.Length, definitions, repetitions, values));

    /// <summary>Writes a file of one row group.</summary>
    public static void Write(string path, Node[] fields, Action<RowGroupWriter> columns)
    {
        using var schema = new GroupNode("schema", Repetition.Required, fields);
        using var builder = new WriterPropertiesBuilder();
        using var properties = builder.Compression(Compression.Snappy).Build();
        using var writer = new ParquetFileWriter(path, schema, properties);
        using (var group = writer.AppendRowGroup()) columns(group);
        writer.Close();
    }

    /// <summary>A column of one type.</summary>
    public static PrimitiveNode Leaf(string name, PhysicalType type, LogicalType? logical = null, Repetition repetition = Repetition.Optional, int length = -1)
    {
        using var none = LogicalType.None();
        return new PrimitiveNode(name, repetition, logical ?? none, type, length);
    }

    /// <summary>Writes one column of values without null.</summary>
    public static void WriteValues<T>(string path, PrimitiveNode field, params T[] values)
        where T : unmanaged => Write(path, field, [.. values.Select(_ => (short)1)], new short[values.Length], values);

    /// <summary>Writes one column of bytes without null.</summary>
    public static void WriteBytes(string path, PrimitiveNode field, params byte[][] values)
    {
        var pins = values.Select(value => System.Runtime.InteropServices.GCHandle.Alloc(value, System.Runtime.InteropServices.GCHandleType.Pinned)).ToArray();
        try
        {
            if (field.PhysicalType == PhysicalType.FixedLenByteArray) WriteValues(path, field, [.. pins.Select(pin => new FixedLenByteArray(pin.AddrOfPinnedObject()))]);
            else WriteValues(path, field, [.. pins.Select((pin, i) => new ByteArray(pin.AddrOfPinnedObject(), values[i].Length))]);
        }
        finally
        {
            foreach (var pin in pins) pin.Free();
        }
    }
}
