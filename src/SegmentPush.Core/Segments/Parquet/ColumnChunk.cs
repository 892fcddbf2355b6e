namespace SegmentPush.Segments.Parquet;

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
