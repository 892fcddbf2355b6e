using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Segments;

/// <summary>A mirror takes the newest whole export, not those of all days.</summary>
public sealed class ExportNameTests
{
    [Theory]
    [InlineData("d_segment1_20261101020000.csv d_segment1_20261102020000.csv d_segment1_20261102020000_2.csv", "d_segment1_20261102020000.csv d_segment1_20261102020000_2.csv")]
    [InlineData("w_12312025_235900.csv w_01012026_000100.csv", "w_01012026_000100.csv")]
    [InlineData("w_1767225600.csv w_1767312000.csv", "w_1767312000.csv")]
    [InlineData("webinar_2026-11-01.csv webinar_2026-11-02.csv", "webinar_2026-11-02.csv")]
    [InlineData("webinar_20261101.csv webinar_20261102.csv webinar_20261102_2.csv", "webinar_20261102.csv webinar_20261102_2.csv")]
    [InlineData("webinar_1.csv webinar_2.csv", "webinar_1.csv webinar_2.csv")]
    [InlineData("emea_20261101.csv apac_20261102.csv", "emea_20261101.csv apac_20261102.csv")]
    [InlineData("webinar.csv webinar_20261102.csv", "webinar.csv webinar_20261102.csv")]
    [InlineData("webinar_20261102.csv", "webinar_20261102.csv")]
    public void The_newest_export_is_told_by_the_names(string files, string newest) =>
        Assert.Equal(newest.Split(' '), ExportName.Newest(files.Split(' ')));

    [Fact]
    public void Exports_come_in_the_order_in_which_they_were_made() => Assert.Equal(
        ["w_12312025_235900.csv", "w_01012026_000100.csv", "w_01012026_000100_2.csv", "w_01012026_000100_10.csv"],
        ExportName.InOrder(["w_01012026_000100_10.csv", "w_01012026_000100_2.csv", "w_12312025_235900.csv", "w_01012026_000100.csv"]));
}
