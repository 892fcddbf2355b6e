namespace SegmentPush.Segments.Parquet;

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
