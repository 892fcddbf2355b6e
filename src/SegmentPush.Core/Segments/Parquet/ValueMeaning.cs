namespace SegmentPush.Segments.Parquet;

/// <summary>Kinds of values, by how they are written as text.</summary>
internal enum ValueKind
{
    /// <summary>Text in UTF-8.</summary>
    Text,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A whole number without sign.</summary>
    Unsigned,

    /// <summary>A number with digits behind the decimal point.</summary>
    Decimal,

    /// <summary>A binary fraction of 16, 32 or 64 bits.</summary>
    Float,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A time of day.</summary>
    Time,

    /// <summary>A moment.</summary>
    Timestamp,

    /// <summary>A moment in the older form of Spark, Hive and Impala.</summary>
    Int96,

    /// <summary>A UUID.</summary>
    Uuid,

    /// <summary>Bytes that mean no text.</summary>
    Binary,
}

/// <summary>What the values of a column mean.</summary>
/// <param name="Kind">Their kind.</param>
/// <param name="Digits">For a moment or time, digits of its unit behind the seconds; for a decimal, digits behind the point.</param>
/// <param name="IsUtc">For a moment, whether it is one in UTC; otherwise its zone is not known.</param>
internal sealed record ValueMeaning(ValueKind Kind, int Digits = 0, bool IsUtc = false)
{
    /// <summary>What the schema says of a column.</summary>
    public static ValueMeaning Of(SchemaElement element, PhysicalType type) =>
        OfLogical(element.Logical, type) ?? OfConverted(element, type) ?? OfPhysical(type);

    private static ValueMeaning? OfLogical(LogicalType? logical, PhysicalType type) => (logical?.Kind, type) switch
    {
        (LogicalKind.String or LogicalKind.Enum or LogicalKind.Json, PhysicalType.ByteArray or PhysicalType.FixedByteArray) => new(ValueKind.Text),
        (LogicalKind.Decimal, not (PhysicalType.Boolean or PhysicalType.Float or PhysicalType.Double or PhysicalType.Int96)) => new(ValueKind.Decimal, logical.Digits),
        (LogicalKind.Date, PhysicalType.Int32) => new(ValueKind.Date),
        (LogicalKind.Time, PhysicalType.Int32 or PhysicalType.Int64) when logical.Digits > 0 => new(ValueKind.Time, logical.Digits),
        (LogicalKind.Timestamp, PhysicalType.Int64) when logical.Digits > 0 => new(ValueKind.Timestamp, logical.Digits, logical.Flag),
        (LogicalKind.Integer, PhysicalType.Int32 or PhysicalType.Int64) => new(logical.Flag ? ValueKind.Integer : ValueKind.Unsigned),
        (LogicalKind.Uuid, PhysicalType.FixedByteArray) => new(ValueKind.Uuid),
        (LogicalKind.Float16, PhysicalType.FixedByteArray) => new(ValueKind.Float),
        (LogicalKind.Bson or LogicalKind.Variant or LogicalKind.Geometry or LogicalKind.Geography, _) => new(ValueKind.Binary),
        _ => null,
    };

    // By the format's rules the older moments are in UTC.
    private static ValueMeaning? OfConverted(SchemaElement element, PhysicalType type) => (element.Converted, type) switch
    {
        (ConvertedType.Utf8 or ConvertedType.Enum or ConvertedType.Json, PhysicalType.ByteArray or PhysicalType.FixedByteArray) => new(ValueKind.Text),
        (ConvertedType.Decimal, not (PhysicalType.Boolean or PhysicalType.Float or PhysicalType.Double or PhysicalType.Int96)) => new(ValueKind.Decimal, element.Scale),
        (ConvertedType.Date, PhysicalType.Int32) => new(ValueKind.Date),
        (ConvertedType.TimeMillis, PhysicalType.Int32) => new(ValueKind.Time, 3),
        (ConvertedType.TimeMicros, PhysicalType.Int64) => new(ValueKind.Time, 6),
        (ConvertedType.TimestampMillis, PhysicalType.Int64) => new(ValueKind.Timestamp, 3, IsUtc: true),
        (ConvertedType.TimestampMicros, PhysicalType.Int64) => new(ValueKind.Timestamp, 6, IsUtc: true),
        (>= ConvertedType.UInt8 and <= ConvertedType.UInt64, PhysicalType.Int32 or PhysicalType.Int64) => new(ValueKind.Unsigned),
        (ConvertedType.Bson or ConvertedType.Interval, _) => new(ValueKind.Binary),
        _ => null,
    };

    // Spark and others write text as bytes, and do not say that it is text.
    private static ValueMeaning OfPhysical(PhysicalType type) => type switch
    {
        PhysicalType.Boolean => new(ValueKind.Boolean),
        PhysicalType.Int32 or PhysicalType.Int64 => new(ValueKind.Integer),
        PhysicalType.Int96 => new(ValueKind.Int96, 9, IsUtc: true),
        PhysicalType.Float or PhysicalType.Double => new(ValueKind.Float),
        _ => new(ValueKind.Text),
    };
}
