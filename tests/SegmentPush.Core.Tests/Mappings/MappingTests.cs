using SegmentPush.Mappings;

namespace SegmentPush.Core.Tests.Mappings;

public sealed class MappingTests
{
    private static readonly TargetField[] s_fields =
    [
        new("id", "integer", null, Updateable: false, Searchable: true),
        new("email", "email", 255, true, true),
        new("firstName", "string", 255, true, false),
        new("company", "string", 255, true, false),
        new("crmId", "string", 50, true, true),
        new("createdAt", "datetime", null, false, false),
        new("leadScore", "score", null, true, false),
        new("seen", "datetime", null, true, false),
    ];

    [Fact]
    public void An_entry_for_email_finds_people_without_being_marked()
    {
        var mapping = Mapping.Check([new("mail", "EMAIL"), new("first", "firstname")], s_fields);

        Assert.Equal("email", mapping.IdentityField.Name);
        Assert.Equal(["firstName"], mapping.AttributeFields.Select(f => f.Name));
    }

    [Fact]
    public void A_marked_entry_finds_people_although_email_is_mapped_too()
    {
        var mapping = Mapping.Check([new("mail", "email"), new("crm", "crmId", "CRM")], s_fields);

        Assert.Equal("crmId", mapping.IdentityField.Name);
        Assert.Equal(["email"], mapping.AttributeFields.Select(f => f.Name));
    }

    [Fact]
    public void With_two_marked_entries_the_one_for_email_counts()
    {
        var mapping = Mapping.Check([new("crm", "crmId", "CRM"), new("mail", "email", "Email")], s_fields);

        Assert.Equal("email", mapping.IdentityField.Name);
    }

    [Fact]
    public void A_mistyped_field_is_named_with_its_nearest_neighbours()
    {
        var error = Fails([new("mail", "email"), new("first", "firstNam")]);

        Assert.Equal("FieldNotFound", error.ErrorId);
        Assert.Contains("'firstNam'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'firstName'", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_the_API_does_not_write_is_refused() =>
        Assert.Equal("FieldNotUpdateable", Fails([new("mail", "email"), new("since", "createdAt")]).ErrorId);

    [Fact]
    public void A_field_that_is_not_searchable_cannot_find_people()
    {
        var error = Fails([new("first", "firstName", "Name")]);

        Assert.Equal("IdentityNotSearchable", error.ErrorId);
        Assert.Contains("'crmId'", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_sources_for_one_field_are_refused_and_both_named()
    {
        var error = Fails([new("work", "email"), new("home", "Email")]);

        Assert.Equal("TargetMappedTwice", error.ErrorId);
        Assert.Contains("'work', 'home'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapping_without_identity_is_refused() =>
        Assert.Equal("IdentityMissing", Fails([new("first", "firstName")]).ErrorId);

    [Fact]
    public void Two_identities_other_than_email_are_refused() =>
        Assert.Equal("IdentityAmbiguous", Fails([new("crm", "crmId", "CRM"), new("number", "id", "Id")]).ErrorId);

    [Fact]
    public void All_mistakes_of_a_mapping_are_in_one_error_with_the_id_of_the_first()
    {
        var error = Fails([new("a", "firstNam"), new("b", "createdAt"), new("c", "company"), new("d", "Company"), SegmentMapping.Constant("many", "leadScore")]);

        Assert.Equal("FieldNotFound", error.ErrorId);
        Assert.Equal("firstNam", error.Target);
        foreach (string mistake in new[] { "5 mistakes", "'firstNam'", "'createdAt'", "'c', 'd'", "finds the person", "'leadScore'" })
            Assert.Contains(mistake, error.Message, StringComparison.Ordinal);
        Assert.Contains("'firstName'", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("leadScore", "007", "7")]
    [InlineData("firstName", " Ann ", " Ann ")]
    [InlineData("seen", "2026-01-31 14:05", "2026-01-31T14:05:00+01:00")]
    public void A_constant_fills_its_field_for_each_person(string field, string constant, string value)
    {
        var values = new ValueRules { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris") };
        var mapping = Mapping.Check([new("mail", "email"), SegmentMapping.Constant(constant, field)], s_fields, values);
        var mapper = mapping.Bind(["mail"], "'x'", MappingUse.SendingAll with { Values = values });
        using var text = new RowText();

        Assert.Null(mapper.Map(0, 1, new RowCells(_ => "ann@example.com"), text, out var row));
        Assert.Equal(value, row.Values[0].ToString());
        mapper = mapping.Bind(["mail"], "'x'", MappingUse.SendingAll with { Sends = _ => false });
        Assert.Null(mapper.Map(0, 1, new RowCells(_ => "ann@example.com"), text, out row));
        Assert.True(row.Values[0].IsEmpty);
    }

    [Theory]
    [InlineData("leadScore", "many")]
    [InlineData("leadScore", "1,5")]
    [InlineData("leadScore", "1.000")]
    [InlineData("leadScore", " ")]
    [InlineData("seen", "2026-03-29 02:30")]
    public void A_constant_that_its_field_does_not_take_is_refused(string field, string constant)
    {
        var values = new ValueRules { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"), Culture = System.Globalization.CultureInfo.GetCultureInfo("de-DE") };

        var error = Assert.Throws<SegmentPushException>(() => Mapping.Check([new("mail", "email"), SegmentMapping.Constant(constant, field)], s_fields, values));

        Assert.Equal("ConstantNotValid", error.ErrorId);
        Assert.Contains($"'{field}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_finds_nobody() => Assert.Equal("IdentityIsConstant", Fails([SegmentMapping.Constant("ann@example.com", "email")]).ErrorId);

    [Fact]
    public void All_columns_that_are_missing_are_in_one_error()
    {
        var mistakes = new MappingMistakes();

        Mapping.CheckColumns([new("mail", "email"), new("first", "firstName"), new("b", "company"), SegmentMapping.Constant("x", "crmId")], ["Mail"], name => name == "mail" ? 0 : -1, "'people.csv'", mistakes);

        var error = Assert.Throws<SegmentPushException>(mistakes.ThrowIfAny);
        Assert.Equal("SourceColumnNotFound", error.ErrorId);
        Assert.Contains("'first'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'b'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("'mail'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_to_do_has_the_numbers_of_the_mistakes_that_it_mends()
    {
        var mistakes = new MappingMistakes();
        mistakes.Add("One", "First.", "Do this.");
        mistakes.Add("Two", "Second.", "Do that.");
        mistakes.Add("Three", "Third.", "Do this.");

        var error = Assert.Throws<SegmentPushException>(mistakes.ThrowIfAny);

        Assert.EndsWith("1. First. 2. Second. 3. Third.", error.Message, StringComparison.Ordinal);
        Assert.Equal("1., 3. Do this. 2. Do that.", error.Action!.English);
    }

    [Fact]
    public void An_empty_mapping_is_refused() => Assert.Equal("MappingEmpty", Fails([]).ErrorId);

    [Fact]
    public void A_missing_column_is_named_with_the_columns_that_are_there()
    {
        var mapping = Mapping.Check([new("personalEmail.address", "email")], s_fields);

        var error = Assert.Throws<SegmentPushException>(() => mapping.Bind(["personalMail_address", "name"], "'people.csv'", MappingUse.SendingAll));

        Assert.Equal("SourceColumnNotFound", error.ErrorId);
        Assert.Contains("'people.csv'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nearest: 'personalMail_address'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'personalMail_address', 'name'", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Anna", "Muster", "0171 5550123")]
    [InlineData("Emily", "Idris", "The Phone Company")]
    [InlineData("Anna", "Muster", "anna@example.com")]
    public void What_may_be_a_person_in_a_file_without_a_header_is_not_shown(params string[] firstRow)
    {
        var mistakes = new MappingMistakes();

        Mapping.CheckColumns([new("Email", "email"), new("Vorname", "firstName")], firstRow, name => Array.IndexOf(firstRow, name), "'people.csv'", mistakes);

        var error = Assert.Throws<SegmentPushException>(mistakes.ThrowIfAny);
        Assert.Equal("SourceColumnNotFound", error.ErrorId);
        Assert.Contains("'Email', 'Vorname'", error.Message, StringComparison.Ordinal);
        foreach (string cell in firstRow) Assert.DoesNotContain(cell, error.Message + error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Vorname", "Nachname", "E-Mail")]
    [InlineData("mail", "prenom", "ville")]
    [InlineData("Courriel", "Prénom", "Nom")]
    [InlineData("personalEmail", "x", "y")]
    [InlineData("person_name_lastName", "crm.id", "y")]
    [InlineData("Name", "Telefon", "Ort")]
    public void The_columns_of_a_header_are_shown(params string[] header)
    {
        var mistakes = new MappingMistakes();

        Mapping.CheckColumns([new("mail", "email")], header, _ => -1, "'people.csv'", mistakes);

        var error = Assert.Throws<SegmentPushException>(mistakes.ThrowIfAny);
        foreach (string name in header) Assert.Contains($"'{name}'", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Characters_that_nobody_sees_are_shown_in_an_error()
    {
        var mistakes = new MappingMistakes();

        Mapping.CheckColumns([new("email", "email"), new("first name", "firstName")], ["email", "first\u00A0name\u200B2"], name => name == "email" ? 0 : -1, "'people.csv'", mistakes);

        var error = Assert.Throws<SegmentPushException>(mistakes.ThrowIfAny);
        Assert.Contains("'first[U+00A0]name[U+200B]2'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'first[U+00A0]name[U+200B]2'", error.RecommendedAction, StringComparison.Ordinal);
    }

    private static SegmentPushException Fails(SegmentMapping[] entries) =>
        Assert.Throws<SegmentPushException>(() => Mapping.Check(entries, s_fields));
}
