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
    [InlineData("ann@", "AddressMalformed")]
    [InlineData("@example.com", "AddressMalformed")]
    [InlineData("Ann Doe <ann@example.com>", "AddressMalformed")]
    [InlineData("ann@example.com,bob@example.com", "AddressMalformed")]
    [InlineData("jérôme@example.com", "AddressNotAscii")]
    [InlineData("ann@exa\u200Bmple.com", "AddressNotAscii")]
    public void An_address_that_Marketo_cannot_be_asked_for_is_rejected(string address, string code) =>
        Assert.Equal(code, Reject("email", "email", 255, address).Code);

    [Theory]
    [InlineData("a..b@docomo.example")]
    [InlineData("ann@example")]
    [InlineData("ann@@example.com")]
    [InlineData("ann@example..com")]
    [InlineData("ann@-example.com")]
    public void An_odd_address_is_looked_up_and_nobody_is_created_with_it(string address)
    {
        Assert.True(MapRow(MappingUse.SendingAll, address).IsMatchOnly);
        Assert.False(MapRow(MappingUse.SendingAll, "ann@example.com").IsMatchOnly);
        Assert.False(MapRow(MappingUse.SendingAll with { Creates = false }, address).IsMatchOnly);
    }

    [Theory]
    [InlineData("string", "1.23E+11")]
    [InlineData("string", "-4E+10")]
    [InlineData("string", "1,23E+11")]
    [InlineData("string", "1.2345678901e+11")]
    [InlineData("integer", "1.23E+05")]
    public void An_identity_that_Excel_has_rounded_is_rejected_with_that_reason(string type, string cell)
    {
        var rejection = Reject("crmId", type, 255, cell);

        Assert.Equal("NumberRounded", rejection.Code);
        Assert.Contains("Excel", rejection.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A1\u200B", "U+200B")]
    [InlineData("\u0639\u0644\u200D\u06CC", "U+200D")]
    [InlineData("\uFEFFA1", "U+FEFF")]
    [InlineData("A\u00AD1", "U+00AD")]
    [InlineData("A1\u202E", "U+202E")]
    [InlineData("A\u2060\u20641", "U+2060")]
    public void An_identity_with_a_character_that_nobody_sees_is_rejected_with_its_number(string cell, string number)
    {
        var rejection = Reject("crmId", "string", 255, cell);

        Assert.Equal("InvisibleCharacter", rejection.Code);
        Assert.Contains(number, rejection.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#N/A", "SpreadsheetError")]
    [InlineData(" #NAME? ", "SpreadsheetError")]
    [InlineData("#WERT!", "SpreadsheetError")]
    [InlineData("=\"0123456\"", "SpreadsheetFormula")]
    public void What_a_spreadsheet_leaves_in_the_place_of_a_text_is_rejected_in_identities_and_in_values(string cell, string code)
    {
        Assert.Equal(code, Reject("crmId", "string", 255, cell).Code);
        Assert.Equal(code, Reject("email", "email", 255, cell).Code);
        foreach (string type in new[] { "string", "text", "phone" }) Assert.Equal(code, Attribute(type, cell).Rejection?.Code);
    }

    [Theory]
    [InlineData("#1 fan")]
    [InlineData("#YES!")]
    [InlineData("N/A")]
    [InlineData("=1+1")]
    [InlineData("=x")]
    [InlineData("José \u200D")]
    public void A_text_that_only_looks_like_that_is_taken(string cell) => Assert.Equal(cell, Attribute("string", cell).Value);

    [Theory]
    [InlineData("AB1E+11")]
    [InlineData("3E10")]
    [InlineData("1.2.3E+11")]
    [InlineData("E+11")]
    public void An_identity_that_only_looks_like_a_rounded_number_is_taken(string cell) => Assert.Equal(cell, Map("crmId", "string", 255, cell));

    [Theory]
    [InlineData("007", "7")]
    [InlineData("7.0", "7")]
    [InlineData(" 7 ", "7")]
    public void Identities_that_are_the_same_number_are_the_same_identity(string cell, string key) => Assert.Equal(key, Map("customerNumber", "integer", 0, cell));

    [Fact]
    public void An_address_of_more_than_255_characters_is_rejected_with_its_length()
    {
        string address = new string('a', 250) + "@example.com";

        var rejection = Reject("email", "email", 255, address);

        Assert.Equal("AddressTooLong", rejection.Code);
        Assert.Equal(address.Length, rejection.ValueLength);
        Assert.Equal("column", rejection.Column);
    }

    [Fact]
    public void All_faults_of_a_row_are_in_one_rejection_with_the_code_of_the_first()
    {
        var mapper = Mapper(MappingUse.SendingAll);
        using var text = new RowText();
        string[] cells = ["no address", "soon", "many"];

        var rejection = mapper.Map(0, 1, new RowCells(i => cells[i]), text, out _);

        Assert.Equal("AddressMalformed", rejection!.Code);
        Assert.Equal(("mail", 10), (rejection.Column, rejection.ValueLength));
        foreach (string field in new[] { "name@example.com", "'dateOfBirth'", "'leadScore'" }) Assert.Contains(field, rejection.Reason, StringComparison.Ordinal);
        foreach (string cell in cells) Assert.DoesNotContain(cell, rejection.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_value_is_left_out_where_that_is_wanted_and_the_identity_never_is()
    {
        var mapper = Mapper(MappingUse.SendingAll with { Values = new ValueRules { BadField = BadField.LeaveOut } });
        using var text = new RowText();
        string[] cells = ["ann@example.com", "soon", "7"];

        Assert.Null(mapper.Map(0, 1, new RowCells(i => cells[i]), text, out var row));
        Assert.Equal([0], row.LeftOut!);
        Assert.True(row.Values[0].IsEmpty);
        Assert.Equal("7", row.Values[1].ToString());

        cells = ["no address", "soon", "7"];
        Assert.Equal("AddressMalformed", mapper.Map(0, 2, new RowCells(i => cells[i]), text, out _)!.Code);
        cells = ["bob@example.com", "2026-01-31", "8"];
        Assert.Null(mapper.Map(0, 3, new RowCells(i => cells[i]), text, out row));
        Assert.Null(row.LeftOut);
        Assert.Equal("2026-01-31", row.Values[0].ToString());
    }

    [Fact]
    public void What_is_not_sent_is_not_even_read()
    {
        var mapper = Mapper(MappingUse.SendingAll with { Sends = _ => false });
        using var text = new RowText();
        RowCells onlyTheIdentity = new(i => i == 0 ? "ann@example.com" : throw new InvalidOperationException("It was read."));

        Assert.Null(mapper.Map(0, 1, onlyTheIdentity, text, out var row));
        Assert.Equal("ann@example.com", row.Identity.ToString());

        mapper = Mapper(MappingUse.SendingAll with { Sends = field => field.Name == "leadScore" });
        Assert.Null(mapper.Map(0, 1, new RowCells(i => i == 0 ? "ann@example.com" : i == 2 ? "7" : throw new InvalidOperationException("It was read.")), text, out row));
        Assert.True(row.Values[0].IsEmpty);
        Assert.Equal("7", row.Values[1].ToString());
    }

    [Fact]
    public void Joiners_between_letters_that_need_them_are_a_part_of_the_identity() =>
        Assert.Equal("\u0639\u0644\u06CC\u200C\u0631\u0636\u0627", Map("crmId", "string", 255, "\u0639\u0644\u06CC\u200C\u0631\u0636\u0627"));

    [Fact]
    public void A_value_of_a_program_is_not_read_in_the_culture_of_the_text()
    {
        var mapper = Mapping.Check(
            [new("mail", "email"), new("weight", "weight")],
            [new("email", "email", 255, true, true), new("weight", "float", null, true, false)])
            .Bind(["mail", "weight"], "'x'", MappingUse.SendingAll with { Values = new ValueRules { Culture = CultureInfo.GetCultureInfo("de-DE") } });
        using var text = new RowText();
        string[] cells = ["ann@example.com", "1.234"];

        Assert.Null(mapper.Map(0, 1, new RowCells(i => cells[i]), text, out var row));
        Assert.Equal("1234", row.Values[0].ToString());
        Assert.Null(mapper.Map(0, 1, new RowCells(i => cells[i], column => column == 1), text, out row));
        Assert.Equal("1.234", row.Values[0].ToString());
    }

    [Theory]
    [InlineData("string", "+33 1 23", "+33 1 23")]
    [InlineData("phone", "+33 1 23", "+33 1 23")]
    [InlineData("string", " a, \"b\" ", " a, \"b\" ")]
    [InlineData("string", "1.23E+11", "1.23E+11")]
    [InlineData("boolean", "TRUE", "true")]
    public void A_value_is_sent_in_its_fields_form(string type, string cell, string value) =>
        Assert.Equal(value, Attribute(type, cell).Value);

    [Fact]
    public void A_phone_number_that_Excel_has_rounded_is_rejected() => Assert.Equal("NumberRounded", Attribute("phone", "3.3612E+10").Rejection?.Code);

    [Theory]
    [InlineData("string")]
    [InlineData("integer")]
    [InlineData("date")]
    [InlineData("email")]
    public void An_empty_cell_leaves_the_field_as_it_is(string type)
    {
        foreach (string cell in new[] { "", " ", "\u00A0\u2003\t" })
        {
            var (value, rejection) = Attribute(type, cell);

            Assert.Null(value);
            Assert.Null(rejection);
        }
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
            [new("email", "email", 255, true, true), new("field", "text", 65_000, true, false)]).Bind(["mail", "column"], "'x'", MappingUse.SendingAll);
        using var text = new RowText();
        var rows = new List<MappedRow>();
        for (int i = 0; i < 20; i++)
        {
            string[] cells = [$"ann{i}@example.com", new string((char)('a' + i), 1 + (3_000 * i))];
            Assert.Null(mapper.Map(0, i, new RowCells(column => cells[column]), text, out var row));
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
            [new("email", "email", 255, true, true), new("field", type, 255, true, false)]).Bind(["mail", "column"], "'x'", MappingUse.SendingAll);
        string[] cells = ["ann@example.com", cell];
        using var text = new RowText();
        var rejection = mapper.Map(0, 1, new RowCells(i => cells[i]), text, out var row);
        return (row.Values[0].IsEmpty ? null : row.Values[0].ToString(), rejection);
    }

    private static string Map(string field, string type, int length, string cell)
    {
        using var text = new RowText();
        Assert.Null(Mapper(field, type, length).Map(0, 1, new RowCells(_ => cell), text, out var row));
        return row.Identity.ToString();
    }

    private static Rejection Reject(string field, string type, int length, string cell)
    {
        using var text = new RowText();
        var rejection = Mapper(field, type, length).Map(0, 1, new RowCells(_ => cell), text, out var row);
        Assert.True(row.Identity.IsEmpty);
        return rejection!;
    }

    private static RowMapper Mapper(string field, string type, int length) =>
        Mapping.Check([new("column", field, "Key")], [new(field, type, length, true, true)]).Bind(["column"], "'x'", MappingUse.SendingAll);

    private static RowMapper Mapper(MappingUse use) => Mapping.Check(
        [new("mail", "email"), new("born", "dateOfBirth"), new("score", "leadScore")],
        [new("email", "email", 255, true, true), new("dateOfBirth", "date", null, true, false), new("leadScore", "score", null, true, false)])
        .Bind(["mail", "born", "score"], "'x'", use);

    private static MappedRow MapRow(MappingUse use, string address)
    {
        using var text = new RowText();
        Assert.Null(Mapper(use).Map(0, 1, new RowCells(i => i == 0 ? address : ""), text, out var row));
        return row;
    }
}
