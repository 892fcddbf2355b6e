namespace SegmentPush.Segments.Parquet;

/// <summary>Kinds of pages, by Parquet's numbers.</summary>
internal enum PageType
{
    Data = 0,
    Index = 1,
    Dictionary = 2,
    DataV2 = 3,
}

/// <summary>What stands before a page's bytes.</summary>
internal sealed record PageHeader
{
    public PageType Type { get; private set; } = (PageType)(-1);

    /// <summary>Bytes of the page once it is unpacked.</summary>
    public int UncompressedSize { get; private set; } = -1;

    /// <summary>Bytes of the page in the file.</summary>
    public int CompressedSize { get; private set; } = -1;

    /// <summary>Checksum of the page's bytes in the file; null where there is none.</summary>
    public uint? Crc { get; private set; }

    /// <summary>Number of values, nulls included.</summary>
    public int Values { get; private set; } = -1;

    /// <summary>How the values are written.</summary>
    public PageEncoding Encoding { get; private set; } = (PageEncoding)(-1);

    /// <summary>How the levels of a page of the first version are written.</summary>
    public PageEncoding DefinitionEncoding { get; private set; }

    /// <inheritdoc cref="DefinitionEncoding"/>
    public PageEncoding RepetitionEncoding { get; private set; }

    /// <summary>Bytes of the levels of a page of the second version.</summary>
    public int DefinitionBytes { get; private set; }

    /// <inheritdoc cref="DefinitionBytes"/>
    public int RepetitionBytes { get; private set; }

    /// <summary>Whether the values of a page of the second version are compressed.</summary>
    public bool IsCompressed { get; private set; } = true;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">Bytes from its start on.</param>
    /// <param name="length">Its length.</param>
    /// <returns>Null where the bytes end before the header does, or are none.</returns>
    public static PageHeader? Read(ReadOnlySpan<byte> bytes, out int length)
    {
        var reader = new ThriftReader(bytes);
        var header = new PageHeader();
        int id = 0;
        while (reader.ReadField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Int32):
                    header.Type = (PageType)reader.ReadInt32();
                    break;
                case (2, ThriftType.Int32):
                    header.UncompressedSize = reader.ReadInt32();
                    break;
                case (3, ThriftType.Int32):
                    header.CompressedSize = reader.ReadInt32();
                    break;
                case (4, ThriftType.Int32):
                    header.Crc = (uint)reader.ReadInt32();
                    break;
                case (5 or 7, ThriftType.Struct):
                    header.ReadDetails(ref reader);
                    break;
                case (8, ThriftType.Struct):
                    header.ReadDetailsV2(ref reader);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        length = reader.Position;
        return reader.IsCutOff ? null : header;
    }

    // Of a data page of the first version, or of a dictionary page.
    private void ReadDetails(ref ThriftReader reader)
    {
        int id = 0;
        while (reader.ReadField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Int32):
                    Values = reader.ReadInt32();
                    break;
                case (2, ThriftType.Int32):
                    Encoding = (PageEncoding)reader.ReadInt32();
                    break;
                case (3, ThriftType.Int32):
                    DefinitionEncoding = (PageEncoding)reader.ReadInt32();
                    break;
                case (4, ThriftType.Int32):
                    RepetitionEncoding = (PageEncoding)reader.ReadInt32();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }

    private void ReadDetailsV2(ref ThriftReader reader)
    {
        int id = 0;
        while (reader.ReadField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Int32):
                    Values = reader.ReadInt32();
                    break;
                case (4, ThriftType.Int32):
                    Encoding = (PageEncoding)reader.ReadInt32();
                    break;
                case (5, ThriftType.Int32):
                    DefinitionBytes = reader.ReadInt32();
                    break;
                case (6, ThriftType.Int32):
                    RepetitionBytes = reader.ReadInt32();
                    break;
                case (7, ThriftType.False):
                    IsCompressed = false;
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }
}

/// <summary>How values or levels are written, by Parquet's numbers.</summary>
internal enum PageEncoding
{
    Plain = 0,
    PlainDictionary = 2,
    Rle = 3,
    BitPacked = 4,
    DeltaBinaryPacked = 5,
    DeltaLengthByteArray = 6,
    DeltaByteArray = 7,
    RleDictionary = 8,
    ByteStreamSplit = 9,
}
