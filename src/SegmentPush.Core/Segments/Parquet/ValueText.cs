using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SegmentPush.Segments.Parquet;

/// <summary>Writes values as the text that a CSV file of the same data would have: the same on every machine.</summary>
internal static class ValueText
{
    /// <summary>Room that every text needs at most; texts in UTF-8 are not written here.</summary>
    public const int LengthMost = 256;

    private const int DecimalBytesMost = 64;
    private const int JulianDayOfEpoch = 2_440_588;
    private const long SecondsOfDay = 86_400;

    /// <summary>Writes a value.</summary>
    /// <param name="leaf">Its column.</param>
    /// <param name="value">Its bytes.</param>
    /// <param name="text">Takes the text.</param>
    /// <returns>Number of characters; -1 for a value that has no text, such as a date of the year 10000.</returns>
    [MethodImpl(EveryRow.Compiled)]
    public static int Write(ParquetLeaf leaf, ReadOnlySpan<byte> value, Span<char> text)
    {
        var meaning = leaf.Meaning;
        return meaning.Kind switch
        {
            ValueKind.Boolean => Put(value[0] == 0 ? "false" : "true", text),
            ValueKind.Integer => Put(ReadInteger(value), text),
            ValueKind.Unsigned => value.Length == sizeof(int)
                ? Put(BinaryPrimitives.ReadUInt32LittleEndian(value), text)
                : Put(BinaryPrimitives.ReadUInt64LittleEndian(value), text),
            ValueKind.Decimal => PutDecimal(leaf.Type, value, meaning.Digits, text),
            ValueKind.Float => PutFloat(value, text),
            ValueKind.Date => PutMoment(ReadInteger(value) * SecondsOfDay, "yyyy-MM-dd", text),
            ValueKind.Time => PutTime(ReadInteger(value), meaning.Digits, text),
            ValueKind.Timestamp => PutTimestamp(ReadInteger(value), meaning, text),
            ValueKind.Int96 => PutInt96(value, text),
            ValueKind.Uuid when value.Length == 16 => Put(new Guid(value, bigEndian: true), text),
            _ => -1,
        };
    }

    private static int Put<T>(T value, Span<char> text)
        where T : ISpanFormattable =>
        value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture) ? length : -1;

    private static int Put(string value, Span<char> text)
    {
        value.CopyTo(text);
        return value.Length;
    }

    /// <summary>Whether the text of a fraction stands for none: programs write NaN for a number that is missing.</summary>
    public static bool IsMissing(ReadOnlySpan<char> fraction) => fraction is "NaN";

    private static long ReadInteger(ReadOnlySpan<byte> value) =>
        value.Length == sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(value) : BinaryPrimitives.ReadInt64LittleEndian(value);

    private static int PutFloat(ReadOnlySpan<byte> value, Span<char> text) => value.Length switch
    {
        2 => Put(BinaryPrimitives.ReadHalfLittleEndian(value), text),
        4 => Put(BinaryPrimitives.ReadSingleLittleEndian(value), text),
        8 => Put(BinaryPrimitives.ReadDoubleLittleEndian(value), text),
        _ => -1,
    };

    private static int PutDecimal(PhysicalType type, ReadOnlySpan<byte> value, int scale, Span<char> text)
    {
        if (value.Length > DecimalBytesMost || scale is < 0 or > LengthMost / 2) return -1;

        // Numbers of any length are big-endian.
        var number = type is PhysicalType.Int32 or PhysicalType.Int64
            ? ReadInteger(value)
            : new BigInteger(value, isUnsigned: false, isBigEndian: true);
        string digits = BigInteger.Abs(number).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        if (digits.Length + 2 > text.Length) return -1;
        int length = number.Sign < 0 ? Put("-", text) : 0;
        length += Put(digits[..^scale], text[length..]);
        if (scale == 0) return length;
        length += Put(".", text[length..]);
        return length + Put(digits[^scale..], text[length..]);
    }

    private static int PutMoment(long secondsSinceEpoch, string format, Span<char> text)
    {
        long seconds = secondsSinceEpoch - (DateTime.MinValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
        if (seconds < 0 || seconds > DateTime.MaxValue.Ticks / TimeSpan.TicksPerSecond) return -1;
        return new DateTime(seconds * TimeSpan.TicksPerSecond).TryFormat(text, out int length, format, CultureInfo.InvariantCulture) ? length : -1;
    }

    private static int PutTimestamp(long value, ValueMeaning meaning, Span<char> text)
    {
        long unit = UnitOf(meaning.Digits);
        (long seconds, long fraction) = Math.DivRem(value, unit);
        return fraction < 0
            ? PutTimestamp(seconds - 1, fraction + unit, meaning, text)
            : PutTimestamp(seconds, fraction, meaning, text);
    }

    private static int PutTimestamp(long seconds, long fraction, ValueMeaning meaning, Span<char> text)
    {
        int length = PutMoment(seconds, "yyyy-MM-dd'T'HH:mm:ss", text);
        if (length < 0) return -1;
        length += PutFraction(fraction, meaning.Digits, text[length..]);
        return meaning.IsUtc ? length + Put("Z", text[length..]) : length;
    }

    // Nanoseconds of a day, and the day.
    private static int PutInt96(ReadOnlySpan<byte> value, Span<char> text)
    {
        (long seconds, long fraction) = Math.DivRem(BinaryPrimitives.ReadInt64LittleEndian(value), UnitOf(9));
        long days = BinaryPrimitives.ReadInt32LittleEndian(value[8..]) - (long)JulianDayOfEpoch;
        if (fraction < 0) (seconds, fraction) = (seconds - 1, fraction + UnitOf(9));
        return PutTimestamp((days * SecondsOfDay) + seconds, fraction, new ValueMeaning(ValueKind.Int96, 9, IsUtc: true), text);
    }

    private static int PutTime(long value, int digits, Span<char> text)
    {
        (long seconds, long fraction) = Math.DivRem(value, UnitOf(digits));
        if (value < 0 || seconds >= SecondsOfDay) return -1;
        int length = PutMoment(seconds, "HH:mm:ss", text);
        return length + PutFraction(fraction, digits, text[length..]);
    }

    // As many digits as it takes.
    private static int PutFraction(long fraction, int digits, Span<char> text)
    {
        if (fraction == 0) return 0;
        for (; fraction % 10 == 0; fraction /= 10) digits--;
        text[0] = '.';
        for (int i = digits; i > 0; i--, fraction /= 10) text[i] = (char)('0' + (fraction % 10));
        return digits + 1;
    }

    private static long UnitOf(int digits) => digits switch
    {
        3 => 1_000,
        6 => 1_000_000,
        _ => 1_000_000_000,
    };
}
