using System.Globalization;
using SegmentPush.Mappings;
using SegmentPush.Mappings.Values;

namespace SegmentPush.Core.Tests.Mappings;

/// <summary>What becomes of a text in a field of a type.</summary>
public sealed class ValueReaderTests
{
    private static readonly TimeZoneInfo s_paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    [Theory]
    [InlineData("2026-01-31T14:05:00Z", "2026-01-31T14:05:00Z")]
    [InlineData("2026-01-31T14:05:00.000Z", "2026-01-31T14:05:00Z")]
    [InlineData("2026-01-31T14:05:00.1Z", "2026-01-31T14:05:00.1Z")]
    [InlineData("2026-01-31T14:05:00.120Z", "2026-01-31T14:05:00.12Z")]
    [InlineData("2026-01-31T14:05:00,12Z", "2026-01-31T14:05:00.12Z")]
    [InlineData("2026-01-31T14:05:00.123456Z", "2026-01-31T14:05:00.123456Z")]
    [InlineData("2026-01-31T14:05:00.123456789Z", "2026-01-31T14:05:00.123456789Z")]
    [InlineData("2026-01-31 14:05:00.123 UTC", "2026-01-31T14:05:00.123Z")]
    [InlineData("2026-01-31 14:05:00 GMT", "2026-01-31T14:05:00Z")]
    [InlineData("2026-01-31T14:05:00+0000", "2026-01-31T14:05:00Z")]
    [InlineData("2026-01-31T14:05:00+00:00", "2026-01-31T14:05:00Z")]
    [InlineData("2026-01-31T14:05:00-00:00", "2026-01-31T14:05:00Z")]
    [InlineData("2026-01-31T14:05:00.000+01:00[Europe/Paris]", "2026-01-31T14:05:00+01:00")]
    [InlineData("2026-01-31T14:05:00Z[UTC]", "2026-01-31T14:05:00Z")]
    [InlineData("2026-01-31 14:05:00+05", "2026-01-31T14:05:00+05:00")]
    [InlineData("2026-01-31 14:05:00.1234567 -09:30", "2026-01-31T14:05:00.1234567-09:30")]
    [InlineData("2026-01-31t14:05z", "2026-01-31T14:05:00Z")]
    [InlineData("2026-1-31 9:05:00Z", "2026-01-31T09:05:00Z")]
    [InlineData("  2026-01-31T14:05:00Z ", "2026-01-31T14:05:00Z")]
    [InlineData("2026-01-31 14:05:00", "2026-01-31T14:05:00+01:00")]
    [InlineData("2026-07-31T14:05", "2026-07-31T14:05:00+02:00")]
    [InlineData("2026-01-31", "2026-01-31T00:00:00+01:00")]
    [InlineData("2026-1-3", "2026-01-03T00:00:00+01:00")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59", "9999-12-31T23:59:59+01:00")]
    public void A_moment_is_sent_as_ISO_with_its_zone(string text, string value) => Assert.Equal(value, Read("datetime", text));

    [Theory]
    [InlineData("2026-01-31T24:00:00Z")]
    [InlineData("2026-02-30T14:05:00Z")]
    [InlineData("2026-13-01T14:05:00Z")]
    [InlineData("0000-01-01T14:05:00Z")]
    [InlineData("2026-01-31T14:60:00Z")]
    [InlineData("2026-12-31T23:59:60Z")]
    [InlineData("1769868300")]
    [InlineData("1769868300000")]
    [InlineData("46053.5868")]
    [InlineData("20260131")]
    [InlineData("31.01.2026 14:05")]
    [InlineData("01/31/2026 2:05 PM")]
    [InlineData("2026-01-31T14:05:00.1234567890Z")]
    [InlineData("2026-01-31T14:05:00.Z")]
    [InlineData("2026-01-31T14:05:00+15:00")]
    [InlineData("2026-01-31T14:05:00+01:60")]
    [InlineData("2026-01-31T14:05:00[Europe/Paris]")]
    [InlineData("2026-01-31T14:05:00+01:00[Europe/Paris")]
    [InlineData("2026-01-31T14:05:00 PM")]
    [InlineData("2026-01-31T14")]
    [InlineData("2026-01-31  14:05:00")]
    [InlineData("26-01-31T14:05:00Z")]
    [InlineData("now")]
    public void What_names_no_moment_is_rejected(string text) => Assert.Equal("NotADateTime", Fault("datetime", text).Code);

    [Fact]
    public void The_reason_tells_what_is_wrong()
    {
        Assert.Contains("bare number", Fault("datetime", "1769868300").Reason, StringComparison.Ordinal);
        Assert.Contains("no such day", Fault("date", "1980-02-30").Reason, StringComparison.Ordinal);
        Assert.Contains("-Culture", Fault("datetime", "31.01.2026 14:05").Reason, StringComparison.Ordinal);
        Assert.Contains("thousands", Fault("integer", "1.000").Reason, StringComparison.Ordinal);
        Assert.Contains("28 digits", Fault("float", "1e-30").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_of_a_program_is_never_meant_in_thousands()
    {
        var field = new TargetField("field", "integer", 255, true, false);
        var reader = ValueReaders.ForTypedValues(field, new ValueRules { Culture = ValueCulture.Find("de-DE") });
        Span<char> scratch = stackalloc char[IValueReader.ScratchLength];

        Assert.Null(reader.Read("1.000", scratch, out var value));
        Assert.Equal("1", value.ToString());
        Assert.NotNull(reader.Read("1.5", scratch, out _));
    }

    [Theory]
    [InlineData("Europe/Paris", "2026-03-29 02:30:00", "TimeSkipped")]
    [InlineData("Europe/Paris", "2026-10-25 02:30:00", "TimeRepeated")]
    [InlineData("America/New_York", "2026-03-08 02:00:00", "TimeSkipped")]
    [InlineData("America/New_York", "2026-11-01 01:59:59", "TimeRepeated")]
    [InlineData("Australia/Lord_Howe", "2026-10-04 02:15:00", "TimeSkipped")]
    [InlineData("Pacific/Apia", "2011-12-30 12:00:00", "TimeSkipped")]
    public void A_time_that_the_clocks_leave_out_or_show_twice_is_rejected(string zone, string text, string code) =>
        Assert.Equal(code, Fault("datetime", text, zone: TimeZoneInfo.FindSystemTimeZoneById(zone)).Code);

    [Theory]
    [InlineData("Europe/Paris", "2026-03-29 01:59:59", "2026-03-29T01:59:59+01:00")]
    [InlineData("Europe/Paris", "2026-03-29 03:00:00", "2026-03-29T03:00:00+02:00")]
    [InlineData("Europe/Paris", "2026-10-25 01:59:59", "2026-10-25T01:59:59+02:00")]
    [InlineData("Europe/Paris", "2026-10-25 03:00:00", "2026-10-25T03:00:00+01:00")]
    [InlineData("Europe/Paris", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+02:00")]
    [InlineData("America/St_Johns", "2026-01-31 14:05:00", "2026-01-31T14:05:00-03:30")]
    [InlineData("Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00")]
    [InlineData("America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00")]
    [InlineData("Etc/UTC", "2026-01-31 14:05:00", "2026-01-31T14:05:00Z")]
    public void A_moment_without_offset_gets_that_of_its_zone_then(string zone, string text, string value) =>
        Assert.Equal(value, Read("datetime", text, zone: TimeZoneInfo.FindSystemTimeZoneById(zone)));

    [Fact]
    public void Each_hour_of_two_years_has_the_offset_that_the_zone_says()
    {
        var offsets = new ZoneOffsets(s_paris);
        for (var utc = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc); utc.Year < 2027; utc = utc.AddMinutes(30))
        {
            int right = (int)s_paris.GetUtcOffset(utc).TotalMinutes;
            var local = DateTime.SpecifyKind(utc.AddMinutes(right), DateTimeKind.Unspecified);

            var found = offsets.Find(local, out int minutes);

            Assert.Equal(s_paris.IsAmbiguousTime(local) ? ZoneReading.Repeated : ZoneReading.Found, found);
            if (found == ZoneReading.Found) Assert.Equal(right, minutes);
        }
    }

    [Theory]
    [InlineData("1980-02-03", "1980-02-03")]
    [InlineData("1980-2-3", "1980-02-03")]
    [InlineData("1980-02-03T00:00:00.000Z", "1980-02-03")]
    [InlineData("1980-02-03T00:00:00.000+00:00", "1980-02-03")]
    [InlineData("1980-02-03T23:30:00-11:00", "1980-02-03")]
    [InlineData("2026-03-29 02:30:00", "2026-03-29")]
    public void A_date_is_sent_as_it_is_written(string text, string value) => Assert.Equal(value, Read("date", text));

    [Theory]
    [InlineData("1980-02-30")]
    [InlineData("1980-02-03T24:00:00Z")]
    [InlineData("03.02.1980")]
    [InlineData("2/3/1980")]
    [InlineData("19800203")]
    [InlineData("29253")]
    [InlineData("80-02-03")]
    public void What_names_no_day_is_rejected(string text) => Assert.Equal("NotADate", Fault("date", text).Code);

    [Theory]
    [InlineData("de-DE", "31.01.2026 14:05", "2026-01-31T14:05:00+01:00")]
    [InlineData("de-DE", "31.1.2026, 14:05:07", "2026-01-31T14:05:07+01:00")]
    [InlineData("de-DE", "31.01.2026 14:05:07,5 +02:00", "2026-01-31T14:05:07.5+02:00")]
    [InlineData("de-DE", "31/01/2026", "2026-01-31T00:00:00+01:00")]
    [InlineData("de-DE", "2026-01-31T14:05:00Z", "2026-01-31T14:05:00Z")]
    [InlineData("en-US", "1/31/2026 2:05 PM", "2026-01-31T14:05:00+01:00")]
    [InlineData("en-US", "1/31/2026 12:05:00 am", "2026-01-31T00:05:00+01:00")]
    [InlineData("en-US", "1/31/2026 2:05\u202FPM", "2026-01-31T14:05:00+01:00")]
    [InlineData("en-GB", "31/01/2026 14:05", "2026-01-31T14:05:00+01:00")]
    [InlineData("cs-CZ", "31. 1. 2026 14:05", "2026-01-31T14:05:00+01:00")]
    [InlineData("hu-HU", "2026. 01. 31. 14:05", "2026-01-31T14:05:00+01:00")]
    [InlineData("sv-SE", "2026-01-31 14:05", "2026-01-31T14:05:00+01:00")]
    [InlineData("th-TH", "31/1/2569", "2026-01-31T00:00:00+01:00")]
    public void A_culture_reads_its_own_moments(string culture, string text, string value) => Assert.Equal(value, Read("datetime", text, culture));

    [Theory]
    [InlineData("th-TH", "2533-11-11")]
    [InlineData("fa-IR", "1369-11-11")]
    [InlineData("ar-SA", "1411-04-23T10:00:00Z")]
    [InlineData("de-DE", "03.02.80")]
    [InlineData("de-DE", "30.02.1980")]
    [InlineData("de-DE", "03.02/1980")]
    [InlineData("de-DE", "3.2")]
    [InlineData("en-US", "31/01/2026")]
    [InlineData("de-DE", "14:05")]
    [InlineData("de-DE", "3")]
    public void A_culture_does_not_guess_days(string culture, string text) => Assert.Equal("NotADate", Fault("date", text, culture).Code);

    [Theory]
    [InlineData("th-TH", "1990-11-11", "1990-11-11")]
    [InlineData("th-TH", "11/11/2533", "1990-11-11")]
    [InlineData("fa-IR", "1991-02-01", "1991-02-01")]
    [InlineData("fa-IR", "1369/11/12", "1991-02-01")]
    [InlineData("ar-SA", "1990-11-11", "1990-11-11")]
    public void ISO_days_are_read_where_the_culture_counts_years_otherwise(string culture, string text, string value) => Assert.Equal(value, Read("date", text, culture));

    [Theory]
    [InlineData("integer", "-42", "-42")]
    [InlineData("integer", " 007 ", "7")]
    [InlineData("integer", "+5", "5")]
    [InlineData("integer", "5.0", "5")]
    [InlineData("integer", "5.00", "5")]
    [InlineData("integer", "1e2", "100")]
    [InlineData("integer", "1.5E+1", "15")]
    [InlineData("integer", "-0", "0")]
    [InlineData("integer", "0.000", "0")]
    [InlineData("integer", "1234.000", "1234")]
    [InlineData("integer", "5.0000", "5")]
    [InlineData("score", "0", "0")]
    [InlineData("integer", "-2147483648", "-2147483648")]
    [InlineData("float", "1234.50", "1234.5")]
    [InlineData("float", "0001.5", "1.5")]
    [InlineData("float", ".5", "0.5")]
    [InlineData("float", "5.", "5")]
    [InlineData("float", "-0.000", "0")]
    [InlineData("float", "1.5e-3", "0.0015")]
    [InlineData("float", "-12.5E3", "-12500")]
    [InlineData("float", "100", "100")]
    [InlineData("float", "1.234", "1.234")]
    [InlineData("currency", "1e3", "1000")]
    [InlineData("percent", "99", "99")]
    [InlineData("float", "1e-28", "0.0000000000000000000000000001")]
    [InlineData("float", "1e27", "1000000000000000000000000000")]
    [InlineData("float", "0.1234567890123456789012345678", "0.1234567890123456789012345678")]
    [InlineData("float", "0e-99", "0")]
    public void A_number_is_sent_exactly_and_in_one_form(string type, string text, string value) => Assert.Equal(value, Read(type, text));

    [Theory]
    [InlineData("integer", "1,000", "NotAnInteger")]
    [InlineData("integer", "1.000", "NotAnInteger")]
    [InlineData("integer", "-12.000", "NotAnInteger")]
    [InlineData("integer", "1.5", "NotAnInteger")]
    [InlineData("integer", "1e-1", "NotAnInteger")]
    [InlineData("integer", "2147483648", "NotAnInteger")]
    [InlineData("integer", "1.23E+11", "NotAnInteger")]
    [InlineData("integer", "1e400", "NotAnInteger")]
    [InlineData("integer", "0x10", "NotAnInteger")]
    [InlineData("integer", "١٢", "NotAnInteger")]
    [InlineData("float", "1,5", "NotANumber")]
    [InlineData("float", "NaN", "NotANumber")]
    [InlineData("float", "Infinity", "NotANumber")]
    [InlineData("float", ".", "NotANumber")]
    [InlineData("float", "-", "NotANumber")]
    [InlineData("float", "1e", "NotANumber")]
    [InlineData("float", "e5", "NotANumber")]
    [InlineData("float", "1.2.3", "NotANumber")]
    [InlineData("float", "1e-30", "NotANumber")]
    [InlineData("float", "-1e-300", "NotANumber")]
    [InlineData("float", "1e99999999999", "NotANumber")]
    [InlineData("float", "0.12345678901234567890123456789", "NotANumber")]
    public void A_number_that_could_not_be_sent_exactly_is_rejected(string type, string text, string code) => Assert.Equal(code, Fault(type, text).Code);

    [Theory]
    [InlineData("float", "1.23457E+11", null)]
    [InlineData("currency", "1,23E+11", "de-DE")]
    [InlineData("percent", "1.23E+14", null)]
    [InlineData("integer", "1.23E+05", null)]
    [InlineData("float", "1.23457E+15", null)]
    [InlineData("float", "1.23E+20", null)]
    public void A_number_that_Excel_has_rounded_is_not_taken_for_an_exact_one(string type, string text, string? culture) =>
        Assert.Equal("NumberRounded", Fault(type, text, culture).Code);

    [Theory]
    [InlineData("1.2E-05", "0.000012")]
    [InlineData("1.2345678901234E-05", "0.000012345678901234")]
    [InlineData("1.5E+20", "150000000000000000000")]
    [InlineData("1.2345678901234567E+16", "12345678901234567")]
    public void A_number_as_Export_Csv_writes_it_is_taken(string text, string value)
    {
        Span<char> scratch = stackalloc char[IValueReader.ScratchLength];

        Assert.Null(ValueReaders.ForText(new TargetField("field", "float", null, true, false), ValueRules.Default).Read(text, scratch, out var read));
        Assert.Equal(value, read.ToString());
    }

    [Fact]
    public void A_number_of_a_program_is_never_one_that_Excel_has_rounded()
    {
        Span<char> scratch = stackalloc char[IValueReader.ScratchLength];
        foreach (string type in new[] { "float", "integer" })
        {
            Assert.Null(ValueReaders.ForTypedValues(new TargetField("field", type, null, true, false), ValueRules.Default).Read("1.5E+05", scratch, out var value));
            Assert.Equal("150000", value.ToString());
        }
    }

    [Theory]
    [InlineData("1.234", true)]
    [InlineData("-12.345", true)]
    [InlineData("123.456", true)]
    [InlineData("0.125", false)]
    [InlineData("1.2345", false)]
    [InlineData("1234.500", false)]
    [InlineData("1.5", false)]
    public void A_point_that_may_stand_between_thousands_is_refused_until_the_culture_is_named(string text, bool isUnclear)
    {
        var rules = new ValueRules { IsPointUnclear = true };
        var field = new TargetField("field", "currency", null, true, false);
        Span<char> scratch = stackalloc char[IValueReader.ScratchLength];

        Assert.Equal(isUnclear ? "NotANumber" : null, ValueReaders.ForText(field, rules).Read(text, scratch, out _)?.Code);
        Assert.Null(ValueReaders.ForText(field, rules with { Culture = ValueCulture.Find("en-US") }).Read(text, scratch, out _));
        Assert.Null(ValueReaders.ForTypedValues(field, rules).Read(text, scratch, out _));
    }

    [Theory]
    [InlineData("de-DE", "float", "1.234,50", "1234.5")]
    [InlineData("de-DE", "float", "1.234", "1234")]
    [InlineData("de-DE", "float", "1234,5", "1234.5")]
    [InlineData("de-DE", "integer", "1.000", "1000")]
    [InlineData("de-DE", "integer", "5,00", "5")]
    [InlineData("de-DE", "float", "-1.234.567,89", "-1234567.89")]
    [InlineData("fr-FR", "float", "1 234,5", "1234.5")]
    [InlineData("fr-FR", "float", "1\u00A0234,5", "1234.5")]
    [InlineData("fr-FR", "float", "1\u202F234,5", "1234.5")]
    [InlineData("de-CH", "float", "1'234.5", "1234.5")]
    [InlineData("de-CH", "float", "1’234.5", "1234.5")]
    [InlineData("en-IN", "float", "12,34,567.5", "1234567.5")]
    [InlineData("en-US", "integer", "1,000", "1000")]
    [InlineData("en-US", "integer", "1.000", "1")]
    [InlineData("sv-SE", "float", "\u22125,5", "-5.5")]
    public void A_culture_reads_its_own_numbers(string culture, string type, string text, string value) => Assert.Equal(value, Read(type, text, culture));

    [Theory]
    [InlineData("de-DE", "1.5")]
    [InlineData("de-DE", "1.23,4")]
    [InlineData("de-DE", ".123")]
    [InlineData("de-DE", "1234.567,8")]
    [InlineData("de-DE", "1,5,6")]
    [InlineData("en-US", "1,5")]
    public void A_culture_does_not_guess_numbers(string culture, string text) => Assert.Equal("NotANumber", Fault("float", text, culture).Code);

    [Theory]
    [InlineData("true", "true")]
    [InlineData("TRUE", "true")]
    [InlineData("1", "true")]
    [InlineData("yes", "true")]
    [InlineData("Y", "true")]
    [InlineData("T", "true")]
    [InlineData(" True ", "true")]
    [InlineData("0", "false")]
    [InlineData("No", "false")]
    [InlineData("n", "false")]
    [InlineData("F", "false")]
    [InlineData("false", "false")]
    public void A_boolean_is_taken_in_the_words_of_programs(string text, string value) => Assert.Equal(value, Read("boolean", text));

    [Theory]
    [InlineData("WAHR")]
    [InlineData("ja")]
    [InlineData("2")]
    [InlineData("-1")]
    [InlineData("on")]
    public void Another_word_is_no_boolean(string text) => Assert.Equal("NotABoolean", Fault("boolean", text).Code);

    [Theory]
    [InlineData("de-DE", "WAHR", "true")]
    [InlineData("de-AT", "Falsch", "false")]
    [InlineData("de-DE", "true", "true")]
    [InlineData("fr-FR", "VRAI", "true")]
    [InlineData("tr-TR", "YANLIŞ", "false")]
    public void A_culture_brings_the_words_of_Excel(string culture, string text, string value) => Assert.Equal(value, Read("boolean", text, culture));

    [Fact]
    public void The_culture_of_the_machine_changes_nothing()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            foreach (string name in new[] { "pl-PL", "th-TH", "ar-SA", "tr-TR" })
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);
                Assert.Equal("2026-01-31T14:05:00+01:00", Read("datetime", "2026-01-31 14:05:00"));
                Assert.Equal("2026-01-31", Read("date", "2026-01-31"));
                Assert.Equal("1234.5", Read("float", "1234.50"));
                Assert.Equal("true", Read("boolean", "TRUE"));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_fault_never_holds_the_text()
    {
        foreach (string type in new[] { "date", "datetime", "integer", "float", "boolean" })
            Assert.DoesNotContain("secret", Fault(type, "secret").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_right_value_costs_no_memory()
    {
        (string Type, string Text)[] values =
            [("datetime", "2026-01-31 14:05:00.123"), ("date", "1980-02-03T00:00:00Z"), ("integer", "5.00"), ("float", "1234.50"), ("boolean", "yes"), ("phone", "+33 1"), ("string", "x")];
        Span<char> scratch = stackalloc char[IValueReader.ScratchLength];
        foreach (var (type, text) in values)
        {
            var reader = Reader(type, null, s_paris);
            for (int i = 0; i < 100; i++) reader.Read(text, scratch, out _);
            long before = GC.GetAllocatedBytesForCurrentThread();

            for (int i = 0; i < 1_000; i++) reader.Read(text, scratch, out _);

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
        }
    }

    [Theory]
    [InlineData("xx-YY")]
    [InlineData("de")]
    [InlineData("en")]
    [InlineData("deutsch")]
    public void A_culture_must_be_one_of_a_country(string name) =>
        Assert.Equal("CultureNotFound", Assert.Throws<SegmentPushException>(() => ValueCulture.Find(name)).ErrorId);

    [Theory]
    [InlineData("de-DE", "de-DE")]
    [InlineData("de_at", "de-AT")]
    [InlineData(" en-GB ", "en-GB")]
    [InlineData(null, null)]
    [InlineData("", null)]
    public void A_culture_is_found_by_its_name(string? name, string? found) => Assert.Equal(found, ValueCulture.Find(name)?.Name);

    private static string Read(string type, string text, string? culture = null, TimeZoneInfo? zone = null)
    {
        Span<char> scratch = stackalloc char[IValueReader.ScratchLength];
        Assert.Null(Reader(type, culture, zone).Read(text, scratch, out var value)?.Reason);
        return value.ToString();
    }

    private static ValueFault Fault(string type, string text, string? culture = null, TimeZoneInfo? zone = null)
    {
        Span<char> scratch = stackalloc char[IValueReader.ScratchLength];
        var fault = Reader(type, culture, zone).Read(text, scratch, out var value);
        Assert.True(fault is not null, $"'{text}' was read as '{value}'.");
        return fault;
    }

    private static IValueReader Reader(string type, string? culture, TimeZoneInfo? zone) => ValueReaders.ForText(
        new TargetField("field", type, 255, true, false),
        new ValueRules { TimeZone = zone ?? s_paris, Culture = ValueCulture.Find(culture) });
}
