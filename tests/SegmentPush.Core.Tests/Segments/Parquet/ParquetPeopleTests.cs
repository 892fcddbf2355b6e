using Apache.Arrow.Types;
using SegmentPush.Core.Tests.Segments.Nested;
using Field = Apache.Arrow.Field;

namespace SegmentPush.Core.Tests.Segments.Parquet;

/// <summary>Who a row of a Parquet file is, is never chosen between two answers.</summary>
public sealed class ParquetPeopleTests : IDisposable
{
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

    private static Field Text(string name) => ApacheParquet.Field(name, StringType.Default);

    private static Dictionary<string, object?> Row(params (string Name, object? Value)[] fields) => fields.ToDictionary(field => field.Name, field => field.Value);

    private static Dictionary<string, object?> Row(string name, object? value) => new() { [name] = value };

    private static List<object?> List(params object?[] elements) => [.. elements];

    private static Dictionary<string, object?> Id(string id, bool? isPrimary = null) => Row(("id", id), ("primary", isPrimary));
}
