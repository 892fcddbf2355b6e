namespace SegmentPush.Segments.Parquet;

/// <summary>What a Parquet file says of itself at its end.</summary>
/// <param name="Schema">The elements of the schema, each one before those within it; the first one is the row.</param>
/// <param name="Rows">Number of rows; 0 where it is not said.</param>
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
