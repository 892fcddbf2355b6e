using System.Globalization;
using SegmentPush.Mappings;

namespace SegmentPush.Core.Tests.Mappings;

public sealed class RowMapperTests
{
    [Theory]
    [InlineData("ann@example.com")]
    [InlineData("  ann@example.com ")]
    [InlineData("ann+news@example.co.uk")]
    [InlineData("o'hara@example.com")]
    [InlineData("x@a-b.example")]
    public void A_plain_address_is_taken_without_its_blanks(string address) =>
        Assert.Equal(address.Trim(), Map("email", "email", 255, address));

    [Theory]
    [InlineData("", "IdentityEmpty")]
    [InlineData("   ", "IdentityEmpty")]
    [InlineData("ann", "AddressMalformed")]
    [InlineData("ann@example", "AddressMalformed")]
    [InlineData("ann@@example.com", "AddressMalformed")]
    [InlineData("ann@example..com", "AddressMalformed")]
    [InlineData("Ann Doe <ann@example.com>", "AddressMalformed")]
    [InlineData("ann@example.com,bob@example.com", "AddressMalformed")]
    [InlineData("ann@-example.com", "AddressMalformed")]
    [InlineData("jérôme@example.com", "AddressNotAscii")]
    [InlineData("ann@exa\u200Bmple.com", "AddressNotAscii")]
    public void An_address_that_Marketo_does_not_take_is_rejected(string address, string code) =>
        Assert.Equal(code, Reject("email", "email", 255, address).Code);

    [Fact]
    public void An_address_of_more_than_255_characters_is_rejected_with_its_length()
    {
        string address = new string('a', 250) + "@example.com";

        var rejection = Reject("email", "email", 255, address);

        Assert.Equal("AddressTooLong", rejection.Code);
        Assert.Equal(address.Length, rejection.ValueLength);
        Assert.Equal("column", rejection.Column);
    }

    [Theory]
    [InlineData("date", "2026-02-28", "2026-02-28")]
    [InlineData("datetime", "2026-02-28T10:00:00Z", "2026-02-28T10:00:00Z")]
    [InlineData("datetime", "2026-02-28T10:00:00.123+02:00", "2026-02-28T10:00:00.123+02:00")]
    [InlineData("datetime", "2026-02-28", "2026-02-28")]
    [InlineData("integer", "-42", "-42")]
    [InlineData("integer", " 007 ", "7")]
    [InlineData("score", "0", "0")]
    [InlineData("float", "1234.50", "1234.50")]
    [InlineData("currency", "1e3", "1000")]
    [InlineData("percent", "99", "99")]
    [InlineData("boolean", "TRUE", "true")]
    [InlineData("string", " a, \"b\" ", " a, \"b\" ")]
    [InlineData("phone", "+33 1 23", "+33 1 23")]
    public void A_value_is_sent_in_its_fields_form(string type, string cell, string value) =>
        Assert.Equal(value, Attribute(type, cell).Value);

    [Theory]
    [InlineData("date", "31/01/2026", "NotADate")]
    [InlineData("date", "2026-02-30", "NotADate")]
    [InlineData("datetime", "31.01.2026 10:00", "NotADateTime")]
    [InlineData("integer", "1,000", "NotAnInteger")]
    [InlineData("integer", "1.5", "NotAnInteger")]
    [InlineData("integer", "3000000000", "NotAnInteger")]
    [InlineData("float", "1,5", "NotANumber")]
    [InlineData("float", "NaN", "NotANumber")]
    [InlineData("boolean", "yes", "NotABoolean")]
    public void A_value_that_is_not_its_fields_type_is_rejected_in_every_culture(string type, string cell, string code)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("pl-PL");
            var rejection = Attribute(type, cell).Rejection;
            Assert.NotNull(rejection);
            Assert.Equal(code, rejection.Code);
            Assert.Equal(cell.Length, rejection.ValueLength);
            Assert.DoesNotContain(cell, rejection.Reason, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("string")]
    [InlineData("integer")]
    [InlineData("date")]
    public void An_empty_cell_leaves_the_field_as_it_is(string type)
    {
        var (value, rejection) = Attribute(type, "");

        Assert.Null(value);
        Assert.Null(rejection);
    }

    [Fact]
    public void A_text_is_measured_in_characters_and_a_long_text_in_bytes()
    {
        Assert.Null(Attribute("string", new string('é', 255)).Rejection);
        Assert.Equal("TextTooLong", Attribute("string", new string('é', 256)).Rejection?.Code);
        Assert.Null(Attribute("text", new string('é', 127)).Rejection);
        Assert.Equal("TextTooLong", Attribute("text", new string('é', 128)).Rejection?.Code);
    }

    [Fact]
    public void Rows_keep_their_text_while_others_are_mapped_however_long_it_is()
    {
        var mapper = Mapping.Check(
            [new("mail", "email"), new("column", "field")],
            [new("email", "email", 255, true, true), new("field", "text", 65_000, true, false)]).Bind(["mail", "column"], "'x'");
        using var text = new RowText();
        var rows = new List<MappedRow>();
        for (int i = 0; i < 20; i++)
        {
            string[] cells = [$"ann{i}@example.com", new string((char)('a' + i), 1 + (3_000 * i))];
            Assert.Null(mapper.Map(0, i, column => cells[column], text, out var row));
            rows.Add(row);
        }

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal($"ann{i}@example.com", rows[i].Identity.ToString());
            Assert.Equal(new string((char)('a' + i), 1 + (3_000 * i)), rows[i].Values[0].ToString());
        }

        var kept = rows[7].Values.Copy();
        text.Dispose();
        using var other = new RowText();
        other.Add(new string('z', 30_000));
        Assert.Equal(new string('h', 21_001), kept[0].ToString());
    }

    private static (string? Value, Rejection? Rejection) Attribute(string type, string cell)
    {
        var mapper = Mapping.Check(
            [new("mail", "email"), new("column", "field")],
            [new("email", "email", 255, true, true), new("field", type, 255, true, false)]).Bind(["mail", "column"], "'x'");
        string[] cells = ["ann@example.com", cell];
        using var text = new RowText();
        var rejection = mapper.Map(0, 1, i => cells[i], text, out var row);
        return (row.Values[0].IsEmpty ? null : row.Values[0].ToString(), rejection);
    }

    private static string Map(string field, string type, int length, string cell)
    {
        using var text = new RowText();
        Assert.Null(Mapper(field, type, length).Map(0, 1, _ => cell, text, out var row));
        return row.Identity.ToString();
    }

    private static Rejection Reject(string field, string type, int length, string cell)
    {
        using var text = new RowText();
        var rejection = Mapper(field, type, length).Map(0, 1, _ => cell, text, out var row);
        Assert.True(row.Identity.IsEmpty);
        return rejection!;
    }

    private static RowMapper Mapper(string field, string type, int length) =>
        Mapping.Check([new("column", field)], [new(field, type, length, true, true)]).Bind(["column"], "'x'");
}
