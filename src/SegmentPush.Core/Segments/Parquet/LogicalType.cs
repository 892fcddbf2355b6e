namespace SegmentPush.Segments.Parquet;

/// <summary>How values are stored, by Parquet's numbers.</summary>
internal enum PhysicalType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Int96 = 3,
    Float = 4,
    Double = 5,
    ByteArray = 6,
    FixedByteArray = 7,
}

/// <summary>What values mean, by Parquet's older numbers.</summary>
internal enum ConvertedType
{
    Utf8 = 0,
    Map = 1,
    MapKeyValue = 2,
    List = 3,
    Enum = 4,
    Decimal = 5,
    Date = 6,
    TimeMillis = 7,
    TimeMicros = 8,
    TimestampMillis = 9,
    TimestampMicros = 10,
    UInt8 = 11,
    UInt16 = 12,
    UInt32 = 13,
    UInt64 = 14,
    Json = 19,
    Bson = 20,
    Interval = 21,
}

/// <summary>What values mean, by Parquet's newer numbers.</summary>
internal enum LogicalKind
{
    None = 0,
    String = 1,
    Map = 2,
    List = 3,
    Enum = 4,
    Decimal = 5,
    Date = 6,
    Time = 7,
    Timestamp = 8,
    Integer = 10,
    Json = 12,
    Bson = 13,
    Uuid = 14,
    Float16 = 15,
    Variant = 16,
    Geometry = 17,
    Geography = 18,
}

/// <summary>What values mean.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Digits">Digits behind the seconds: 3, 6 or 9; digits behind the decimal point.</param>
/// <param name="Flag">For a moment, whether it is in UTC; for an integer, whether it has a sign.</param>
internal sealed record LogicalType(LogicalKind Kind, int Digits, bool Flag)
{
    /// <summary>Reads a union, whose only field says the kind.</summary>
    public static LogicalType? Read(ref ThriftReader reader)
    {
        LogicalType? read = null;
        int id = 0;
        while (reader.ReadField(ref id, out var type))
        {
            if (type == ThriftType.Struct) read = ReadDetails(ref reader, (LogicalKind)id);
            else reader.Skip(type);
        }

        return read;
    }

    private static LogicalType ReadDetails(ref ThriftReader reader, LogicalKind kind)
    {
        int digits = 0;
        bool flag = false;
        int id = 0;
        while (reader.ReadField(ref id, out var type))
        {
            switch (kind, id, type)
            {
                case (LogicalKind.Decimal, 1, ThriftType.Int32):
                    digits = reader.ReadInt32();
                    break;
                case (LogicalKind.Time or LogicalKind.Timestamp, 1, ThriftType.True):
                case (LogicalKind.Integer, 2, ThriftType.True):
                    flag = true;
                    break;
                case (LogicalKind.Time or LogicalKind.Timestamp, 2, ThriftType.Struct):
                    digits = ReadUnit(ref reader);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return new LogicalType(kind, digits, flag);
    }

    // 1, 2 and 3 are milliseconds, microseconds and nanoseconds.
    private static int ReadUnit(ref ThriftReader reader)
    {
        int unit = 0, id = 0;
        while (reader.ReadField(ref id, out var type))
        {
            unit = id;
            reader.Skip(type);
        }

        return unit * 3;
    }
}
