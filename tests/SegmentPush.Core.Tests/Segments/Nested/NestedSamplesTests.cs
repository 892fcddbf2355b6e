using System.IO.Compression;
using SegmentPush.Segments.Json;
using SegmentPush.Segments.Nested;
using SegmentPush.Segments.Parquet;

namespace SegmentPush.Core.Tests.Segments.Nested;

/// <summary>The same 3,000 profiles as JSON and as Parquet, as exports of datasets have them.</summary>
public sealed class NestedSamplesTests
{
    private static readonly string[] s_columns =
    [
        "_id", "person.name.firstName", "person.name.lastName", "person.birthDate", "workEmail.address", "workEmail.primary",
        "identityMap.Email", "identityMap.ECID", "segmentMembership.ups.seg-1.status", "segmentMembership.ups.seg-1.lastQualificationTime",
        "segmentMembership.ups.seg-2.status", "segmentMembership.ups.seg-2.lastQualificationTime", "consents.marketing.email.val", "organizations",
    ];

    [Theory]
    [InlineData("uncompressed")]
    [InlineData("snappy")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public void Profiles_in_Parquet_are_those_in_JSON(string codec)
    {
        string[] names = [.. s_columns.Where(name => name is not "organizations" && !name.EndsWith("Time", StringComparison.Ordinal)), "organizations[0]", "organizations[1]"];
        var expected = Json(names);

        Assert.Equal(3_000, expected.Count);
        Assert.Equal(expected, ReadRows.OfParquet(Parquet(codec), names));
    }

    [Theory]
    [InlineData("identityMap_email_id", "a1@example.com")]
    [InlineData("identitymap.ecid", "91")]
    [InlineData("identityMap.Email[1].id", "b1@example.com")]
    [InlineData("identityMap.Email[0].authenticatedState", "ambiguous")]
    [InlineData("segmentMembership_UPS_SEG-1_status", "realized")]
    [InlineData("PERSON.NAME.FIRSTNAME", "F1")]
    [InlineData("person_birthDate", "1980-01-01")]
    [InlineData("organizations_1", "B")]
    public void A_path_means_the_same_place_in_both(string name, string expected)
    {
        Assert.Equal(expected, Json(name)[1][0]);
        Assert.Equal(expected, ReadRows.OfParquet(Parquet("snappy"), name)[1][0]);
    }

    [Fact]
    public void Columns_are_the_paths_to_all_values()
    {
        using var parquet = ReadRows.Parquet(Parquet("gzip"));

        Assert.Equal(s_columns, parquet.Columns);
        Assert.Equal(s_columns, Look().Columns);
    }

    [Theory]
    [InlineData("person")]
    [InlineData("person.name")]
    [InlineData("identityMap")]
    [InlineData("segmentMembership.ups.seg-1")]
    [InlineData("organizations")]
    public void A_path_to_an_object_or_a_list_of_several_is_at_fault_in_the_rows_that_have_it(string name)
    {
        var json = Json(name);

        Assert.Contains(json, row => row is ["!ValueNotText"]);
        Assert.Equal(json, ReadRows.OfParquet(Parquet("zstd"), name));
    }

    [Theory]
    [InlineData("person.name.middleName")]
    [InlineData("identityMap.Phone")]
    [InlineData("segmentMembership.ups.seg-3.status")]
    [InlineData("segmentMembership.ups.seg-1.version")]
    [InlineData("organizations.name")]
    [InlineData("[0]")]
    [InlineData("")]
    public void A_path_that_leads_nowhere_is_not_found(string name)
    {
        using var parquet = ReadRows.Parquet(Parquet("gzip"));

        Assert.Equal(-1, parquet.FindColumn(name));
        Assert.Null(Look().Paths.Find(name));
    }

    [Theory]
    [InlineData("organizations[0][0]")]
    [InlineData("identityMap.Email[0][0].id")]
    public void A_list_within_a_list_that_is_none_is_not_found_or_empty(string name)
    {
        using var parquet = ReadRows.Parquet(Parquet("gzip"));

        Assert.Equal(-1, parquet.FindColumn(name));
        Assert.All(Json(name), row => Assert.Equal([""], row));
    }

    [Fact]
    public void Moments_in_Parquet_say_their_zone() =>
        Assert.Equal("2026-05-01T12:00:00Z", ReadRows.OfParquet(Parquet("gzip"), "segmentMembership.ups.seg-1.lastQualificationTime")[0][0]);

    [Fact]
    public void A_flat_audience_is_read_by_the_names_of_its_profile()
    {
        string path = Path.Combine(ReadRows.Samples, "audience-flat.gz.parquet");
        using var reader = ReadRows.Parquet(path);

        Assert.Equal(["person_name_firstName", "workEmail_address", "segmentMembership_status"], reader.Columns);
        var rows = ReadRows.Of(reader, "person.name.firstName", "workEmail.address", "segmentMembership.status");
        Assert.Equal(3_000, rows.Count);
        Assert.All(rows, row => Assert.Contains(row[2], (string[])["realized", "exited"]));
    }

    [Fact]
    public void The_first_rows_are_shown_with_all_columns()
    {
        using var parquet = ReadRows.Parquet(Parquet("gzip"), isWhole: true);
        using var json = JsonFile.Open(Open(), Look(), "x");

        var sample = SegmentSample.Read(parquet, 2);
        Assert.Equal(s_columns, sample[1].Values.Select(value => value.Key));
        Assert.Equal("a1@example.com", sample[1].Values.Single(value => value.Key == "identityMap.Email").Value);
        Assert.Equal(2, sample[1].Row);
        var (inJson, inParquet) = (SegmentSample.Read(json, 2), sample);
        Assert.Equal(
            inJson.SelectMany(row => row.Values).Where(value => !value.Key.EndsWith("Time", StringComparison.Ordinal)),
            inParquet.SelectMany(row => row.Values).Where(value => !value.Key.EndsWith("Time", StringComparison.Ordinal)));
    }

    private static string Parquet(string codec) => Path.Combine(ReadRows.Samples, $"profile-nested.{codec}.parquet");

    private static JsonLook Look() => JsonFile.Look(Open(), "x");

    private static GZipStream Open() => new(File.OpenRead(Path.Combine(ReadRows.Samples, "profile-nested.json.gz")), CompressionMode.Decompress);

    private static List<string[]> Json(params string[] names)
    {
        using var reader = JsonFile.Open(Open(), Look(), "x");
        return ReadRows.Of(reader, names);
    }
}
