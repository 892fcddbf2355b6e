using System.Text.Json;
using ParquetSharp;
using SegmentPush.Core.Tests.Segments.Nested;
using SegmentPush.Segments.Json;
using static SegmentPush.Core.Tests.Segments.Parquet.ApacheColumn;

namespace SegmentPush.Core.Tests.Segments.Parquet;

/// <summary>Values are written as a CSV file of the same data would have them.</summary>
public sealed class ParquetValueTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("values.parquet");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whole_numbers_have_all_of_their_digits()
    {
        WriteValues(File, Leaf("v", PhysicalType.Int64), long.MinValue, -1L, 0, long.MaxValue);
        Expect("-9223372036854775808", "-1", "0", "9223372036854775807");
        WriteValues(File, Leaf("v", PhysicalType.Int32), int.MinValue, 7);
        Expect("-2147483648", "7");
        WriteValues(File, Leaf("v", PhysicalType.Int32, LogicalType.Int(32, isSigned: false)), -1);
        Expect("4294967295");
        WriteValues(File, Leaf("v", PhysicalType.Int64, LogicalType.Int(64, isSigned: false)), -1L);
        Expect("18446744073709551615");
        WriteValues(File, Leaf("v", PhysicalType.Int32, LogicalType.Int(8, isSigned: true)), -128, 5);
        Expect("-128", "5");
    }

    [Fact]
    public void Fractions_are_as_short_as_they_can_be()
    {
        WriteValues(File, Leaf("v", PhysicalType.Double), 0.1, 1.5, 100, -0.0, 1e300);
        Expect("0.1", "1.5", "100", "-0", "1E+300");
        WriteValues(File, Leaf("v", PhysicalType.Float), 0.1f, 16777216f);
        Expect("0.1", "16777216");
        WriteBytes(File, Leaf("v", PhysicalType.FixedLenByteArray, LogicalType.Float16(), length: 2), [0x00, 0x3E]);
        Expect("1.5");
    }

    [Fact]
    public void A_number_that_is_missing_is_an_empty_cell()
    {
        WriteValues(File, Leaf("v", PhysicalType.Double), double.NaN, 7);
        Expect("", "7");
        WriteValues(File, Leaf("v", PhysicalType.Float), float.NaN, 2);
        Expect("", "2");
        WriteBytes(File, Leaf("v", PhysicalType.FixedLenByteArray, LogicalType.Float16(), length: 2), [0x00, 0x7E], [0x00, 0x3E]);
        Expect("", "1.5");
    }

    [Fact]
    public void A_number_without_an_end_is_at_fault_with_its_row()
    {
        WriteValues(File, Leaf("v", PhysicalType.Double), 1.5, double.PositiveInfinity, double.NegativeInfinity);
        Expect("1.5", "!ValueOutOfRange", "!ValueOutOfRange");
        WriteValues(File, Leaf("v", PhysicalType.Float), float.PositiveInfinity, 2);
        Expect("!ValueOutOfRange", "2");
    }

    [Fact]
    public void Decimals_have_the_digits_of_their_type()
    {
        WriteValues(File, Leaf("v", PhysicalType.Int32, LogicalType.Decimal(9, 2)), 1250, -5, 0);
        Expect("12.50", "-0.05", "0.00");
        WriteValues(File, Leaf("v", PhysicalType.Int64, LogicalType.Decimal(18, 0)), -12L);
        Expect("-12");
        WriteBytes(File, Leaf("v", PhysicalType.FixedLenByteArray, LogicalType.Decimal(38, 4), length: 16), [.. Enumerable.Repeat((byte)0xFF, 15), 0xFE], [0x4B, 0x3B, 0x4C, 0xA8, 0x5A, 0x86, 0xC4, 0x7A, 0x09, 0x8A, 0x22, 0x3F, 0xFF, 0xFF, 0xFF, 0xFF]);
        Expect("-0.0002", "9999999999999999999999999999999999.9999");
        WriteBytes(File, Leaf("v", PhysicalType.ByteArray, LogicalType.Decimal(20, 3)), [0x04, 0xD2], [0x00, 0xFF]);
        Expect("1.234", "0.255");
    }

    [Fact]
    public void Days_and_times_are_ISO_text()
    {
        WriteValues(File, Leaf("v", PhysicalType.Int32, LogicalType.Date()), 0, -719162, 2932896, 19000, int.MaxValue);
        Expect("1970-01-01", "0001-01-01", "9999-12-31", "2022-01-08", "!ValueOutOfRange");
        WriteValues(File, Leaf("v", PhysicalType.Int32, LogicalType.Time(isAdjustedToUtc: false, TimeUnit.Millis)), 45_296_789);
        Expect("12:34:56.789");
        WriteValues(File, Leaf("v", PhysicalType.Int64, LogicalType.Time(isAdjustedToUtc: true, TimeUnit.Nanos)), 45_296_000_000_001);
        Expect("12:34:56.000000001");
    }

    [Fact]
    public void Moments_say_UTC_where_they_are_in_UTC()
    {
        WriteValues(File, Leaf("v", PhysicalType.Int64, LogicalType.Timestamp(isAdjustedToUtc: true, TimeUnit.Millis)), 1_777_636_800_000, -1, 1_500);
        Expect("2026-05-01T12:00:00Z", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:01.5Z");
        WriteValues(File, Leaf("v", PhysicalType.Int64, LogicalType.Timestamp(isAdjustedToUtc: false, TimeUnit.Micros)), 1_777_636_800_123_450, long.MaxValue);
        Expect("2026-05-01T12:00:00.12345", "!ValueOutOfRange");
        WriteValues(File, Leaf("v", PhysicalType.Int64, LogicalType.Timestamp(isAdjustedToUtc: true, TimeUnit.Nanos)), 1_777_636_800_000_000_001, long.MinValue);
        Expect("2026-05-01T12:00:00.000000001Z", "1677-09-21T00:12:43.145224192Z");
    }

    [Fact]
    public void Moments_in_the_older_form_are_in_UTC()
    {
        // Nanoseconds of the day, and the Julian day.
        WriteValues(File, Leaf("v", PhysicalType.Int96), Moment(43_200_000_000_000, 2_461_162), Moment(1, 2_440_588), Moment(0, 2_305_814));
        Expect("2026-05-01T12:00:00Z", "1970-01-01T00:00:00.000000001Z", "1601-01-01T00:00:00Z");

        static Int96 Moment(long nanoseconds, int day) => new((int)nanoseconds, (int)(nanoseconds >> 32), day);
    }

    [Fact]
    public void Text_is_text_whether_or_not_the_file_says_so()
    {
        byte[] text = "Zoë 中 😀"u8.ToArray();
        WriteBytes(File, Leaf("v", PhysicalType.ByteArray, LogicalType.String()), text, [], "a"u8.ToArray());
        Expect("Zoë 中 😀", "", "a");
        WriteBytes(File, Leaf("v", PhysicalType.ByteArray), text, "Zo\xEB"u8.ToArray()[..2]);
        Expect("Zoë 中 😀", "Zo");
        WriteBytes(File, Leaf("v", PhysicalType.FixedLenByteArray, length: 3), "abc"u8.ToArray());
        Expect("abc");
        WriteBytes(File, Leaf("v", PhysicalType.ByteArray, LogicalType.Json()), "{\"a\":1}"u8.ToArray());
        Expect("{\"a\":1}");
    }

    [Fact]
    public void Bytes_that_are_no_text_are_at_fault_with_their_row_alone()
    {
        WriteBytes(File, Leaf("v", PhysicalType.ByteArray, LogicalType.String()), [0x5A, 0xEB], "a"u8.ToArray(), [0x61, 0]);
        Expect("!InvalidEncoding", "a", "!NulCharacter");
        WriteBytes(File, Leaf("v", PhysicalType.ByteArray, LogicalType.Bson()), [5, 0, 0, 0, 0]);
        Expect("!InvalidEncoding");
        WriteBytes(File, Leaf("v", PhysicalType.FixedLenByteArray, LogicalType.Interval(), length: 12), new byte[12]);
        Expect("!InvalidEncoding");
    }

    [Fact]
    public void A_UUID_is_written_as_usual()
    {
        WriteBytes(File, Leaf("v", PhysicalType.FixedLenByteArray, LogicalType.Uuid(), length: 16), [.. Enumerable.Range(0, 16).Select(i => (byte)i)]);
        Expect("00010203-0405-0607-0809-0a0b0c0d0e0f");
    }

    [Fact]
    public void Booleans_are_words()
    {
        WriteValues(File, Leaf("v", PhysicalType.Boolean), true, false, true);
        Expect("true", "false", "true");
    }

    [Fact]
    public void A_culture_changes_nothing()
    {
        var culture = Thread.CurrentThread.CurrentCulture;
        Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("ar-SA");
        try
        {
            Decimals_have_the_digits_of_their_type();
            Fractions_are_as_short_as_they_can_be();
            Days_and_times_are_ISO_text();
            Moments_say_UTC_where_they_are_in_UTC();
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Values_that_are_no_text_are_typed()
    {
        WriteValues(File, Leaf("v", PhysicalType.Int32), 7);
        Assert.True(IsTyped());
        WriteValues(File, Leaf("v", PhysicalType.Boolean), true);
        Assert.True(IsTyped());
        WriteValues(File, Leaf("v", PhysicalType.Double), 1234.5);
        Assert.True(IsTyped());
        WriteValues(File, Leaf("v", PhysicalType.Int32, LogicalType.Decimal(9, 3)), 1_000);
        Assert.True(IsTyped());
        WriteValues(File, Leaf("v", PhysicalType.Int32, LogicalType.Date()), 19_000);
        Assert.True(IsTyped());
        WriteValues(File, Leaf("v", PhysicalType.Int64, LogicalType.Timestamp(isAdjustedToUtc: true, TimeUnit.Millis)), 1_777_636_800_000);
        Assert.True(IsTyped());
        WriteBytes(File, Leaf("v", PhysicalType.ByteArray, LogicalType.String()), "1.000"u8.ToArray());
        Assert.False(IsTyped());
        WriteBytes(File, Leaf("v", PhysicalType.ByteArray), "1.000"u8.ToArray());
        Assert.False(IsTyped());
        Write(File, Leaf("v", PhysicalType.Int32), [0], [0], System.Array.Empty<int>());
        Assert.False(IsTyped());

        bool IsTyped()
        {
            using var reader = ReadRows.Parquet(File);
            int column = reader.FindColumn("v");
            Assert.True(reader.Read());
            return ((SegmentPush.Segments.ISegmentReader)reader).IsTyped(column);
        }
    }

    [Fact]
    public void A_fraction_is_still_a_number_in_a_reject_file()
    {
        WriteValues(File, Leaf("v", PhysicalType.Double), 1234.5, 1e20, -1.5e-7, double.NaN, double.NegativeInfinity);
        string rejects = _folder.File("rejects.json");
        using (var reader = ReadRows.Parquet(File, isWhole: true))
        using (var writer = new JsonRejectWriter(rejects))
        {
            while (reader.Read()) writer.Add(reader, "Bad", "It is bad.");
        }

        Assert.Equal(
            ["1234.5", "1E+20", "-1.5E-07", "null", "\"-Infinity\""],
            System.IO.File.ReadLines(rejects).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("v").GetRawText()));
    }

    private void Expect(params string[] expected) => Assert.Equal(expected, ReadRows.OfParquet(File, "v").Select(row => row[0]));
}
