namespace SegmentPush.Segments.Parquet;

/// <summary>Types of the fields of a Thrift structure, as the compact protocol numbers them.</summary>
internal enum ThriftType
{
    Stop = 0,
    True = 1,
    False = 2,
    Byte = 3,
    Int16 = 4,
    Int32 = 5,
    Int64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
    Uuid = 13,
}

/// <summary>
/// Reads Parquet's metadata, which is in Thrift's compact protocol. Bytes that end too early give zeros and set
/// <see cref="IsCutOff"/>, so that every loop ends.
/// </summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    private const int DepthMost = 64, VarintMost = 10;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Number of bytes that have been read.</summary>
    public int Position { get; private set; }

    /// <summary>Whether the bytes ended before the structure did.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Reads the head of a structure's next field.</summary>
    /// <param name="id">The id of the field before, 0 before the first; becomes the field's own.</param>
    /// <param name="type">The field's type.</param>
    /// <returns>False at the end of the structure.</returns>
    public bool ReadField(ref int id, out ThriftType type)
    {
        byte head = ReadByte();
        type = (ThriftType)(head & 0x0F);
        if (type == ThriftType.Stop || IsCutOff) return false;
        int delta = head >> 4;
        id = delta > 0 ? id + delta : ReadInt32();
        return true;
    }

    /// <summary>Reads the head of a list.</summary>
    /// <returns>Number of its elements. Each takes at least one byte.</returns>
    public int ReadList(out ThriftType type)
    {
        byte head = ReadByte();
        type = (ThriftType)(head & 0x0F);
        ulong count = head >> 4 is var few and < 15 ? (ulong)few : ReadVarint();
        if (count <= (ulong)(_bytes.Length - Position)) return (int)count;
        IsCutOff = true;
        return 0;
    }

    public int ReadInt32() => (int)ReadInt64();

    public long ReadInt64()
    {
        ulong number = ReadVarint();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }

    public byte ReadByte()
    {
        if (Position < _bytes.Length) return _bytes[Position++];
        IsCutOff = true;
        return 0;
    }

    public ReadOnlySpan<byte> ReadBinary()
    {
        ulong length = ReadVarint();
        return Take(length);
    }

    /// <summary>Goes over a value.</summary>
    public void Skip(ThriftType type) => Skip(type, DepthMost);

    private void Skip(ThriftType type, int depth)
    {
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Byte:
                ReadByte();
                break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                ReadVarint();
                break;
            case ThriftType.Double:
                Take(sizeof(double));
                break;
            case ThriftType.Binary:
                ReadBinary();
                break;
            case ThriftType.Uuid:
                Take(16);
                break;
            case ThriftType.Struct when depth > 0:
                int id = 0;
                while (ReadField(ref id, out var field)) Skip(field, depth - 1);
                break;
            case ThriftType.List or ThriftType.Set when depth > 0:
                int count = ReadList(out var element);
                for (int i = 0; i < count && !IsCutOff; i++) SkipElement(element, depth - 1);
                break;
            default:
                // Parquet's metadata has no maps.
                IsCutOff = true;
                break;
        }
    }

    // A boolean has a byte of its own where it is an element.
    private void SkipElement(ThriftType type, int depth)
    {
        if (type is ThriftType.True or ThriftType.False) ReadByte();
        else Skip(type, depth);
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(_bytes.Length - Position))
        {
            IsCutOff = true;
            return [];
        }

        var taken = _bytes.Slice(Position, (int)length);
        Position += (int)length;
        return taken;
    }

    private ulong ReadVarint()
    {
        ulong number = 0;
        for (int i = 0; i < VarintMost; i++)
        {
            byte next = ReadByte();
            number |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80) return number;
        }

        IsCutOff = true;
        return 0;
    }
}
