using Apache.Arrow.Types;
using ParquetSharp;
using SegmentPush.Core.Tests.Segments.Nested;
using static SegmentPush.Core.Tests.Segments.Parquet.ApacheColumn;
using Field = Apache.Arrow.Field;

namespace SegmentPush.Core.Tests.Segments.Parquet;

/// <summary>Who a row of a Parquet file is, and what the person has consented to, is never chosen between two answers.</summary>
public sealed class ParquetPeopleTests : IDisposable
{
    private static readonly Field s_consent = ApacheParquet.Field("marketing", ApacheParquet.Struct(ApacheParquet.Field("email", ApacheParquet.Struct(Text("val")))));

    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("people.parquet");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_spellings_of_a_namespace_that_both_have_an_identity_are_at_fault()
    {
        var identities = ApacheParquet.Map(ApacheParquet.List(ApacheParquet.Struct(Text("id"), ApacheParquet.Field("primary", BooleanType.Default))));
        ApacheParquet.Write(
            File,
            [ApacheParquet.Field("identityMap", identities)],
            [
                Row("identityMap", Row(("Email", List(Id("a"))), ("email", List(Id("b"))))),
                Row("identityMap", Row(("Email", List(Id("a", true))), ("email", List(Id("b"))))),
                Row("identityMap", Row(("Email", List(Id("a"))), ("email", null))),
                Row("identityMap", Row(("ECID", List(Id("1"), Id("2"))), ("email", List(Id("b"), Id("c"))))),
                Row("identityMap", Row(("Email", List(Id("a"), Id("b", true), Id("c", true))))),
            ]);

        Assert.Equal(["!DuplicateProperty", "!DuplicateProperty", "a", "b", "b"], ReadRows.OfParquet(File, "identityMap.Email").Select(row => row[0]));
    }

    [Fact]
    public void A_mark_of_the_primary_identity_is_the_same_in_any_case()
    {
        var identities = ApacheParquet.Map(ApacheParquet.List(ApacheParquet.Struct(Text("id"), Text("primary"))));
        ApacheParquet.Write(
            File,
            [ApacheParquet.Field("identityMap", identities)],
            [
                Row("identityMap", Row(("Email", List(Row(("id", "a"), ("primary", "False")), Row(("id", "b"), ("primary", "True")))))),
                Row("identityMap", Row(("Email", List(Row(("id", "a"), ("primary", "no")), Row(("id", "b"), ("primary", "TRUE")))))),
            ]);

        Assert.Equal(["b", "b"], ReadRows.OfParquet(File, "identityMap.Email").Select(row => row[0]));
    }

    [Fact]
    public void All_consents_of_an_address_are_read()
    {
        var consents = ApacheParquet.Struct(ApacheParquet.Field("idSpecific", ApacheParquet.Map(ApacheParquet.Map(ApacheParquet.Struct(s_consent)))));
        ApacheParquet.Write(
            File,
            [ApacheParquet.Field("consents", consents)],
            [Row("consents", Row("idSpecific", Row(("Email", Row(("A@x", Consent("y")), ("a@x", Consent("n")))), ("ECID", Row("1", Consent("n"))))))]);

        Assert.Equal("A@x\ny\na@x\nn", Consents());
    }

    [Fact]
    public void Consents_of_addresses_within_an_object_of_namespaces_are_read()
    {
        var consents = ApacheParquet.Struct(ApacheParquet.Field("idSpecific", ApacheParquet.Struct(ApacheParquet.Field("Email", ApacheParquet.Map(ApacheParquet.Struct(s_consent))))));
        ApacheParquet.Write(File, [ApacheParquet.Field("consents", consents)], [Row("consents", Row("idSpecific", Row("Email", Row("a@x", Consent("n")))))]);

        Assert.Equal("a@x\nn", Consents());
    }

    [Theory]
    [InlineData("addresses are columns")]
    [InlineData("names with dots")]
    [InlineData("a list of objects")]
    [InlineData("a text instead of an object")]
    public void Consents_of_addresses_in_another_form_are_refused(string form)
    {
        var marketing = ApacheParquet.Struct(s_consent);
        var (field, row) = form switch
        {
            "addresses are columns" => (
                InConsents(ApacheParquet.Struct(ApacheParquet.Field("Email", ApacheParquet.Struct(ApacheParquet.Field("a@x", marketing))))),
                Row("consents", Row("idSpecific", Row("Email", Row("a@x", Consent("n")))))),
            "names with dots" => (Text("consents.idSpecific.Email.a@x.marketing.email.val"), Row("consents.idSpecific.Email.a@x.marketing.email.val", "n")),
            "a list of objects" => (
                InConsents(ApacheParquet.Map(ApacheParquet.List(marketing))),
                Row("consents", Row("idSpecific", Row("Email", List(Consent("n")))))),
            _ => (
                InConsents(ApacheParquet.Map(ApacheParquet.Map(ApacheParquet.Struct(ApacheParquet.Field("marketing", ApacheParquet.Struct(Text("email"))))))),
                Row("consents", Row("idSpecific", Row("Email", Row("a@x", Row("marketing", Row("email", "n"))))))),
        };
        ApacheParquet.Write(File, [field], [row]);

        Assert.Equal("ConsentNotUnderstood", ReadRows.Refused(() => Consents()).ErrorId);

        static Field InConsents(IArrowType ofIdentities) => ApacheParquet.Field("consents", ApacheParquet.Struct(ApacheParquet.Field("idSpecific", ofIdentities)));
    }

    [Fact]
    public void Two_spellings_of_a_consent_are_refused()
    {
        var marketing = ApacheParquet.Struct(ApacheParquet.Field("email", ApacheParquet.Struct(Text("val"))), ApacheParquet.Field("Email", ApacheParquet.Struct(Text("val"))));
        ApacheParquet.Write(
            File,
            [ApacheParquet.Field("consents", ApacheParquet.Struct(ApacheParquet.Field("marketing", marketing)))],
            [Row("consents", Row("marketing", Row(("email", Row("val", "y")), ("Email", Row("val", "n")))))]);

        Assert.Equal("SourceColumnAmbiguous", ReadRows.Refused(() => ReadRows.OfParquet(File, "consents.marketing.email.val")).ErrorId);
    }

    [Fact]
    public void A_key_with_an_address_in_it_makes_no_other_key_valid()
    {
        ApacheParquet.Write(File, [ApacheParquet.Field("m", ApacheParquet.Map(StringType.Default))], [Row("m", Row(("first", "Ann"), ("optin@web", "y")))]);

        using var reader = ReadRows.Parquet(File);
        Assert.Equal(-1, reader.FindColumn("m.frst"));
        Assert.Equal([["Ann", "y"]], ReadRows.Of(reader, "m.first", "m.optin@web"));
    }

    [Fact]
    public void Two_columns_of_one_name_are_refused_as_what_they_are()
    {
        using var one = Leaf("id", PhysicalType.Int32);
        using var other = Leaf("id", PhysicalType.Int32);
        Write(File, [one, other], group =>
        {
            ((ColumnWriter<int>)group.NextColumn()).WriteBatch(1, [1], [0], [1]);
            ((ColumnWriter<int>)group.NextColumn()).WriteBatch(1, [1], [0], [2]);
        });

        var error = ReadRows.Refused(() => ReadRows.OfParquet(File, "id"));

        Assert.Equal(("SourceColumnAmbiguous", "'id' stands in the source twice."), (error.ErrorId, error.Message));
    }

    private string Consents()
    {
        using var reader = ReadRows.Parquet(File);
        int column = reader.FindConsents();
        Assert.True(reader.Read());
        return reader.GetValue(column).ToString();
    }

    private static Field Text(string name) => ApacheParquet.Field(name, StringType.Default);

    private static Dictionary<string, object?> Row(params (string Name, object? Value)[] fields) => fields.ToDictionary(field => field.Name, field => field.Value);

    private static Dictionary<string, object?> Row(string name, object? value) => new() { [name] = value };

    private static List<object?> List(params object?[] elements) => [.. elements];

    private static Dictionary<string, object?> Id(string id, bool? isPrimary = null) => Row(("id", id), ("primary", isPrimary));

    private static Dictionary<string, object?> Consent(string value) => Row("marketing", Row("email", Row("val", value)));
}
