using SegmentPush.Segments.Exports;

namespace SegmentPush.Core.Tests.Segments;

/// <summary>A mirror takes the newest whole export, not those of all days.</summary>
public sealed class ExportSearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("d_segment1_20261101020000.csv d_segment1_20261102020000.csv d_segment1_20261102020000_2.csv", "d_segment1_20261102020000.csv d_segment1_20261102020000_2.csv")]
    [InlineData("w_12312025_235900.csv w_01012026_000100.csv", "w_01012026_000100.csv")]
    [InlineData("w_1767225600.csv w_1767312000.csv", "w_1767312000.csv")]
    [InlineData("webinar_2026-11-01.csv webinar_2026-11-02.csv", "webinar_2026-11-02.csv")]
    [InlineData("webinar_20261101.csv webinar_20261102.csv.gz webinar_20261102_2.csv.gz", "webinar_20261102.csv.gz webinar_20261102_2.csv.gz")]
    [InlineData("webinar_1.csv webinar_2.csv", "webinar_1.csv webinar_2.csv")]
    [InlineData("apac_20261102.csv emea_20261101.csv", "apac_20261102.csv emea_20261101.csv")]
    [InlineData("webinar.csv webinar_20261102.csv", "webinar_20261102.csv webinar.csv")]
    [InlineData("webinar_20261102.csv", "webinar_20261102.csv")]
    public void The_newest_export_is_told_by_the_names(string files, string newest) =>
        Assert.Equal(newest.Split(' '), NamesOf(ExportSearch.Newest(Make(files.Split(' ')), isAsked: false)));

    [Fact]
    public void Exports_come_in_the_order_in_which_they_were_made_and_parts_by_their_numbers() => Assert.Equal(
        ["w_12312025_235900.csv", "w_01012026_000100.csv", "w_01012026_000100_2.csv", "w_01012026_000100_10.csv"],
        NamesOf(Make(["w_01012026_000100_10.csv", "w_01012026_000100_2.csv", "w_12312025_235900.csv", "w_01012026_000100.csv"])));

    [Fact]
    public void The_newest_export_is_refused_where_a_name_tells_no_moment() => Assert.Equal(
        "NewestUnknown", Assert.Throws<SegmentPushException>(() => ExportSearch.Newest(Make(["a.csv", "a_20261102.csv"]), isAsked: true)).ErrorId);

    [Fact]
    public void An_export_that_lacks_a_part_is_not_complete_and_the_one_before_it_is_the_newest()
    {
        var exports = Make(["w_20261101.csv", "w_20261102.csv", "w_20261102_3.csv"]);

        Assert.Equal(["w_20261101.csv"], NamesOf(ExportSearch.Newest(exports, isAsked: true)));
        Assert.Equal("ExportIncomplete", Assert.Throws<SegmentPushException>(() => ExportSearch.Check(exports[1])).ErrorId);
    }

    [Theory]
    [InlineData("""{"exportResults":[{"name":"part-1.csv","size":2},{"name":"part-2.csv","size":2}]}""", null)]
    [InlineData("""{"exportResults":[{"name":"part-1.csv","size":3},{"name":"part-2.csv","size":2}]}""", "'part-1.csv' has 2 bytes, and its manifest says 3")]
    [InlineData("""{"exportResults":[{"name":"part-1.csv","size":2},{"name":"part-3.csv","size":2}]}""", "names the file 'part-3.csv', which is missing")]
    [InlineData("""{"files":["part-3.csv"],"totalRows":3}""", null)]
    public void A_manifest_tells_whether_an_export_is_complete(string manifest, string? why)
    {
        File.WriteAllText(_folder.File("manifest-1-2.json"), manifest);
        var exports = Make(["part-1.csv", "part-2.csv"]);

        if (why is null) Assert.All(exports, export => Assert.Null(export.WhyIncomplete));
        else Assert.Contains(exports, export => export.WhyIncomplete?.English.Contains(why, StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Markers_and_manifests_of_a_folder_are_no_segment()
    {
        Make(["a_20261101.csv", "_SUCCESS", ".part.crc", "a_20261101_manifest.json"]);

        Assert.Equal(["a_20261101.csv"], ExportSearch.FilesOf(_folder.Path).Select(Path.GetFileName));
        Assert.Equal("FolderHasNoSegment", Assert.Throws<SegmentPushException>(() => ExportSearch.FilesOf(Directory.CreateDirectory(_folder.File("empty")).FullName)).ErrorId);
    }

    [Fact]
    public void A_file_of_people_is_not_left_out_because_its_name_looks_like_that_of_a_marker_or_a_manifest()
    {
        Make(["people.csv", "_people.csv", "_SUCCESS", "_committed_123", "_started_123", "_metadata"]);
        File.WriteAllText(_folder.File("_empty"), "");
        File.WriteAllText(_folder.File("guest-manifest.json"), """[{"email":"a@example.com"}]""");
        File.WriteAllText(_folder.File("lines-manifest.json"), "{\"email\":\"a@example.com\"}\n{\"email\":\"b@example.com\"}\n");
        File.WriteAllText(_folder.File("export-manifest.json"), """{"flowRunId":"1","exportResults":[{"name":"people.csv","size":2}]}""");
        File.WriteAllText(_folder.File("other-manifest.json"), """{"files":["people.csv"],"totalRows":2}""");
        File.WriteAllText(_folder.File("cut-manifest.json"), """{"flowRunId":"1","expor""");

        Assert.Equal(
            ["_people.csv", "guest-manifest.json", "lines-manifest.json", "people.csv"],
            ExportSearch.FilesOf(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_file_that_is_still_being_written_is_known_so_that_it_can_be_told()
    {
        string[] unfinished = ["more.csv.tmp", "more.csv.part", "more.csv.filepart", "MORE.csv.crdownload"];
        Make(["people.csv", .. unfinished]);

        Assert.Equal(["people.csv"], ExportSearch.FilesOf(_folder.Path).Select(Path.GetFileName));
        Assert.Equal(unfinished.Order(StringComparer.Ordinal), ExportSearch.UnfinishedOf(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Folders_that_are_left_out_are_told_unless_they_are_those_of_Spark()
    {
        foreach (string folder in new[] { "_people", "_temporary", "_delta_log", ".hidden" }) Directory.CreateDirectory(_folder.File(folder));

        Assert.Equal(["_people"], ExportSearch.OtherFoldersOf(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void The_folders_of_an_exported_dataset_are_its_exports()
    {
        foreach (string time in new[] { "exportTime=202611010200", "exportTime=202611020200" })
        {
            Directory.CreateDirectory(_folder.File(time));
            foreach (string part in new[] { "part-b.parquet", "part-a.parquet" }) File.WriteAllText(Path.Combine(_folder.File(time), part), "x");
        }

        var newest = Assert.Single(ExportSearch.Newest(ExportSearch.Group(ExportSearch.FilesOf(_folder.Path)), isAsked: true));

        Assert.Equal(new DateTime(2026, 11, 2, 2, 0, 0), newest.Moment);
        Assert.Equal(["part-a.parquet", "part-b.parquet"], newest.Files.Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("d_segment12341e18-abcd-49c2-836d-123456789012.csv", null)]
    [InlineData("d_segment12341e18-abcd-49c2-836d-ab3456789012.csv", null)]
    [InlineData("d_segment12341e18-abcd-49c2-836d-123456789012_1767225600.csv", 2026)]
    public void The_digits_of_a_segment_id_are_no_moment(string name, int? year) => Assert.Equal(year, Assert.Single(Make([name])).Moment?.Year);

    [Fact]
    public void A_file_that_is_named_must_have_the_size_of_its_manifest_and_needs_no_other_files()
    {
        File.WriteAllText(_folder.File("manifest-1-2.json"), """{"exportResults":[{"name":"w_1.csv","size":2},{"name":"w_2.csv","size":3},{"name":"w_3.csv","size":2}]}""");

        ExportSearch.CheckSizes(Assert.Single(Make(["w_1.csv"])));
        var error = Assert.Throws<SegmentPushException>(() => ExportSearch.CheckSizes(Assert.Single(Make(["w_2.csv"]))));

        Assert.Equal("ExportIncomplete", error.ErrorId);
        Assert.Contains("'w_2.csv' has 2 bytes, and its manifest says 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Exports_of_several_segments_in_a_folder_are_no_segment()
    {
        const string One = "d_segment12341e18-abcd-49c2-836d-123c88e76c39_20261101020000.csv", Other = "d_segment99941e18-abcd-49c2-836d-123c88e76c39_20261101020000.csv";

        ExportSearch.CheckSegment(Make([One, One.Replace("1101", "1102", StringComparison.Ordinal), "other_20261101.csv"]));
        var error = Assert.Throws<SegmentPushException>(() => ExportSearch.CheckSegment(Make([One, Other])));

        Assert.Equal("SegmentAmbiguous", error.ErrorId);
        Assert.Contains(One, error.Message, StringComparison.Ordinal);
        Assert.Contains(Other, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_has_no_manifest() =>
        Assert.Null(Assert.Single(ExportSearch.Group([Path.Combine(_folder.Path, "none", "a.csv")])).Manifest);

    private IReadOnlyList<Export> Make(string[] names)
    {
        foreach (string name in names) File.WriteAllText(_folder.File(name), "x\n");
        return ExportSearch.Group(names.Select(_folder.File));
    }

    private static IEnumerable<string?> NamesOf(IReadOnlyList<Export> exports) => exports.SelectMany(export => export.Files).Select(Path.GetFileName);
}
