using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using SegmentPush.Segments.Json;
using Compression = ParquetSharp.Compression;

namespace SegmentPush.Core.Tests.Segments.Nested;

/// <summary>A file of JSON and one of Parquet give the same values of it, and so does a reject file.</summary>
public sealed class NestedPropertyTests : IDisposable
{
    private static readonly Gen<object?> s_text = Gen.Frequency(
        (1, Gen.Const((object?)null)),
        (4, Gen.String[Gen.Char["aZ\u00E9\"\\\n\t/ \u4E2D"], 0, 6].Select(text => (object?)text)));

    private static readonly Gen<object?> s_flag = Gen.OneOf(Gen.Const((object?)null), Gen.Const((object?)true), Gen.Const((object?)false));

    private static readonly Gen<object?> s_identities = Maybe(
        Object(("id", s_text), ("authenticatedState", s_text), ("primary", s_flag)).List[0, 3].Select(list => (object?)list));

    private static readonly Gen<object?> s_memberships = Map(["ups", "AAM"], Map(["seg-1", "seg_2", "seg.3"], Object(("status", s_text), ("version", s_text))));

    private static readonly Gen<Dictionary<string, object?>> s_profile = Object(
        ("_id", s_text),
        ("person", Object(("name", Object(("firstName", s_text), ("lastName", s_text))), ("tags", Maybe(s_text.List[0, 3].Select(list => (object?)list))))),
        ("identityMap", Map(["Email", "ECID", "Phone_E.164"], s_identities)),
        ("segmentMembership", s_memberships),
        ("addresses", Maybe(Object(("city", s_text), ("lines", Maybe(s_text.List[0, 2].Select(list => (object?)list)))).List[0, 3].Select(list => (object?)list))))
        .Where(profile => profile is not null)
        .Select(profile => (Dictionary<string, object?>)profile!);

    private static readonly Field[] s_fields =
    [
        ApacheParquet.Field("_id", StringType.Default),
        ApacheParquet.Field("person", ApacheParquet.Struct(
            ApacheParquet.Field("name", ApacheParquet.Struct(Text("firstName"), Text("lastName"))),
            ApacheParquet.Field("tags", ApacheParquet.List(StringType.Default)))),
        ApacheParquet.Field("identityMap", ApacheParquet.Map(ApacheParquet.List(
            ApacheParquet.Struct(Text("id"), Text("authenticatedState"), ApacheParquet.Field("primary", BooleanType.Default))))),
        ApacheParquet.Field("segmentMembership", ApacheParquet.Map(ApacheParquet.Map(ApacheParquet.Struct(Text("status"), Text("version"))))),
        ApacheParquet.Field("addresses", ApacheParquet.List(
            ApacheParquet.Struct(Text("city"), ApacheParquet.Field("lines", ApacheParquet.List(StringType.Default))))),
    ];

    private static readonly string[] s_paths =
    [
        "_id", "person.name.firstName", "person.name.lastName", "person.name", "person.tags", "person.tags[1]", "identityMap.Email",
        "identityMap.ecid", "identityMap.Email[0].authenticatedState", "identityMap.Phone_E.164", "segmentMembership.ups.seg-1.status",
        "segmentMembership.AAM.seg-1.status", "segmentMembership.ups.seg-1.version", "segmentMembership.ups.seg-1", "addresses.city", "addresses[0].city",
        "addresses[1].lines", "addresses[0].lines[1]", "addresses.lines", "addresses",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_profiles_give_the_same_values_in_JSON_and_in_Parquet() =>
        (from profiles in s_profile.Array[0, 12]
         from isV2 in Gen.Bool
         from codec in Gen.OneOf(Gen.Const(Compression.Uncompressed), Gen.Const(Compression.Snappy), Gen.Const(Compression.Zstd))
         from rowsInGroup in Gen.Int[1, 5]
         from pageSize in Gen.OneOf(Gen.Const(1L), Gen.Const(1_000_000L))
         select (profiles, options: new ApacheOptions { IsV2 = isV2, Codec = codec, RowsInGroup = rowsInGroup, PageSize = pageSize })).Sample(
            test =>
            {
                string path = _folder.File(Guid.NewGuid().ToString("N"));
                ApacheParquet.Write(path, s_fields, test.profiles, test.options);
                byte[] json = Encoding.UTF8.GetBytes(string.Join('\n', test.profiles.Select(profile => JsonSerializer.Serialize(profile))));

                foreach (string name in s_paths) Assert.Equal(JsonColumn(json, name, test.profiles.Length), ParquetColumn(path, name));
                Assert.Equal(AllOf(json), AllOf(Rejects(path)));
            },
            iter: 150);

    // A JSON file knows only the names that occur in it.
    private static List<string> JsonColumn(byte[] json, string name, int rows)
    {
        var look = JsonFile.Look(new MemoryStream(json), "x");
        using var reader = JsonFile.Open(new MemoryStream(json), look, "x");
        return look.Paths.Find(name) is null ? [.. Enumerable.Repeat("", rows)] : [.. ReadRows.Of(reader, name).Select(row => row[0])];
    }

    private static List<string> ParquetColumn(string path, string name)
    {
        using var reader = ReadRows.Parquet(path);
        if (reader.FindColumn(name) < 0)
        {
            // No row has the key.
            Assert.Matches("^(identityMap|segmentMembership)", name);
            return [.. Enumerable.Repeat("", ReadRows.Of(reader).Count)];
        }

        return [.. ReadRows.Of(reader, name).Select(row => row[0])];
    }

    private byte[] Rejects(string path)
    {
        string rejects = _folder.File(Guid.NewGuid().ToString("N"));
        using (var reader = ReadRows.Parquet(path, isWhole: true))
        using (var writer = new JsonRejectWriter(rejects))
        {
            while (reader.Read()) writer.Add(reader, "Bad", "It is bad.");
        }

        return File.ReadAllBytes(rejects);
    }

    // Each profile as it is, in one order of keys.
    private static List<string> AllOf(byte[] json) =>
        [.. Encoding.UTF8.GetString(json).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Sorted(JsonDocument.Parse(line).RootElement))];

    private static string Sorted(JsonElement at) => at.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', at.EnumerateObject()
            .Where(member => !member.Name.StartsWith("_R", StringComparison.Ordinal) && member.Name != "_Code")
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => JsonSerializer.Serialize(member.Name) + ":" + Sorted(member.Value))) + "}",
        JsonValueKind.Array => "[" + string.Join(',', at.EnumerateArray().Select(Sorted)) + "]",
        JsonValueKind.String => JsonSerializer.Serialize(at.GetString()),
        _ => at.GetRawText(),
    };

    private static Field Text(string name) => ApacheParquet.Field(name, StringType.Default);

    private static Gen<object?> Maybe(Gen<object?> gen) => Gen.Frequency((1, Gen.Const((object?)null)), (4, gen));

    private static Gen<object?> Object(params (string Name, Gen<object?> Value)[] fields) => Maybe(
        fields.Aggregate(
            Gen.Const(new Dictionary<string, object?>()),
            (made, field) => from before in made from value in field.Value select new Dictionary<string, object?>(before) { [field.Name] = value })
        .Select(made => (object?)made));

    private static Gen<object?> Map(string[] keys, Gen<object?> value) => Maybe(
        (from chosen in Gen.Shuffle(keys) from count in Gen.Int[0, keys.Length] from values in value.Array[count]
         select (object?)chosen.Take(count).Zip(values).ToDictionary(pair => pair.First, pair => pair.Second)));
}
