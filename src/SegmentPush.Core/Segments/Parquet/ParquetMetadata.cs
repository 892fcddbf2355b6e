using System.Text;

namespace SegmentPush.Segments.Parquet;

/// <summary>What a Parquet file says of itself at its end.</summary>
/// <param name="Schema">The elements of the schema, each one before those within it; the first one is the row.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Groups">The row groups.</param>
internal sealed record ParquetMetadata(IReadOnlyList<SchemaElement> Schema, long Rows, IReadOnlyList<RowGroup> Groups)
{
    /// <summary>Reads the metadata.</summary>
    /// <returns>Null where the bytes are none.</returns>
    public static ParquetMetadata? Read(ReadOnlySpan<byte> footer)
    {
        var reader = new ThriftReader(footer);
        List<SchemaElement> schema = [];
        List<RowGroup> groups = [];
        long rows = -1;
        int id = 0;
        while (reader.ReadField(ref id, out var type))
        {
            switch (id, type)
            {
                case (2, ThriftType.List):
                    for (int left = reader.ReadList(out _); left > 0 && !reader.IsCutOff; left--) schema.Add(SchemaElement.Read(ref reader));
                    break;
                case (3, ThriftType.Int64):
                    rows = reader.ReadInt64();
                    break;
                case (4, ThriftType.List):
                    for (int left = reader.ReadList(out _); left > 0 && !reader.IsCutOff; left--) groups.Add(RowGroup.Read(ref reader));
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return reader.IsCutOff || rows < 0 || schema.Count == 0 ? null : new ParquetMetadata(schema, rows, groups);
    }
}

/// <summary>Some of a file's rows.</summary>
/// <param name="Rows">Their number.</param>
/// <param name="Columns">The values of each column, in the order of the schema.</param>
internal sealed record RowGroup(long Rows, IReadOnlyList<ColumnChunk> Columns)
{
    public static RowGroup Read(ref ThriftReader reader)
    {
        List<ColumnChunk> columns = [];
        long rows = -1;
        int id = 0;
        while (reader.ReadField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.List):
                    for (int left = reader.ReadList(out _); left > 0 && !reader.IsCutOff; left--) columns.Add(ColumnChunk.Read(ref reader));
                    break;
                case (3, ThriftType.Int64):
                    rows = reader.ReadInt64();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return new RowGroup(rows, columns);
    }
}

/// <summary>The values of one column in a row group.</summary>
internal sealed record ColumnChunk
{
    /// <summary>How its pages are compressed, by Parquet's number.</summary>
    public int Codec { get; private set; } = -1;

    /// <summary>Number of values, nulls included.</summary>
    public long Values { get; private set; } = -1;

    /// <summary>Where its first page begins in the file.</summary>
    public long Offset => DictionaryOffset > 0 && DictionaryOffset < DataOffset ? DictionaryOffset : DataOffset;

    /// <summary>Whether the values lie in another file.</summary>
    public bool IsElsewhere { get; private set; }

    /// <summary>Whether the values are encrypted.</summary>
    public bool IsEncrypted { get; private set; }

    private long DataOffset { get; set; } = -1;

    private long DictionaryOffset { get; set; }

    public static ColumnChunk Read(ref ThriftReader reader)
    {
        var chunk = new ColumnChunk();
        int id = 0;
        while (reader.ReadField(ref id, out var type))
        {
            chunk.IsEncrypted |= id is 8 or 9;
            switch (id, type)
            {
                case (1, ThriftType.Binary):
                    chunk.IsElsewhere = !reader.ReadBinary().IsEmpty;
                    break;
                case (3, ThriftType.Struct):
                    chunk.ReadMetadata(ref reader);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return chunk;
    }

    private void ReadMetadata(ref ThriftReader reader)
    {
        int id = 0;
        while (reader.ReadField(ref id, out var type))
        {
            switch (id, type)
            {
                case (4, ThriftType.Int32):
                    Codec = reader.ReadInt32();
                    break;
                case (5, ThriftType.Int64):
                    Values = reader.ReadInt64();
                    break;
                case (9, ThriftType.Int64):
                    DataOffset = reader.ReadInt64();
                    break;
                case (11, ThriftType.Int64):
                    DictionaryOffset = reader.ReadInt64();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }
}

/// <summary>How a field repeats.</summary>
internal enum Repetition
{
    Required = 0,
    Optional = 1,
    Repeated = 2,
}

/// <summary>One element of the schema: a column, or a group of elements.</summary>
internal sealed record SchemaElement
{
    /// <summary>How values are stored; null for a group.</summary>
    public PhysicalType? Type { get; private set; }

    /// <summary>Bytes of a value of fixed length.</summary>
    public int TypeLength { get; private set; }

    public Repetition Repetition { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>Number of elements within a group.</summary>
    public int Children { get; private set; }

    /// <summary>What the values mean, by the older of the two ways to say so.</summary>
    public ConvertedType? Converted { get; private set; }

    /// <summary>What the values mean, by the newer way.</summary>
    public LogicalType? Logical { get; private set; }

    /// <summary>Digits behind the decimal point.</summary>
    public int Scale { get; private set; }

    public static SchemaElement Read(ref ThriftReader reader)
    {
        var element = new SchemaElement();
        int id = 0;
        while (reader.ReadField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Int32):
                    element.Type = (PhysicalType)reader.ReadInt32();
                    break;
                case (2, ThriftType.Int32):
                    element.TypeLength = reader.ReadInt32();
                    break;
                case (3, ThriftType.Int32):
                    element.Repetition = (Repetition)reader.ReadInt32();
                    break;
                case (4, ThriftType.Binary):
                    element.Name = Encoding.UTF8.GetString(reader.ReadBinary());
                    break;
                case (5, ThriftType.Int32):
                    element.Children = reader.ReadInt32();
                    break;
                case (6, ThriftType.Int32):
                    element.Converted = (ConvertedType)reader.ReadInt32();
                    break;
                case (7, ThriftType.Int32):
                    element.Scale = reader.ReadInt32();
                    break;
                case (10, ThriftType.Struct):
                    element.Logical = LogicalType.Read(ref reader);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return element;
    }
}
