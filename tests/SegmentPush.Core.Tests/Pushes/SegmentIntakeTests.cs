using SegmentPush.Core.Tests.Mappings;
using SegmentPush.Mappings;
using SegmentPush.Pushes;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

public sealed class SegmentIntakeTests
{
    [Fact]
    public void Rows_that_all_are_at_fault_are_handed_on_as_they_come()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("segment.csv");
        File.WriteAllLines(path, ["email", .. Enumerable.Range(0, 50_000).Select(i => $"no address {i}")]);
        var mapping = Mapping.Check([new SegmentMapping("email", "email")], [new TargetField("email", "email", 255, true, true)]);
        var source = PushSource.OpenFile(path, FormOptions.None);
        using var reader = source.Reader;

        var batches = new SegmentIntake([source], mapping, MappingUse.SendingAll, identitiesAreLookedUp: false).Read(CancellationToken.None).Select(batch => batch.Settled.Count).ToArray();

        Assert.Equal(50_000, batches.Sum());
        Assert.All(batches, settled => Assert.InRange(settled, 0, 11_000));
    }

    [Fact]
    public void Fewer_rows_are_read_ahead_where_they_are_long()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("segment.csv");
        string comment = new('c', 60_000);
        File.WriteAllLines(path, ["email,comment", .. Enumerable.Range(0, 300).Select(i => $"ann{i}@example.com,{comment}")]);
        var mapping = Mapping.Check(
            [new SegmentMapping("email", "email"), new SegmentMapping("comment", "comment")],
            [new TargetField("email", "email", 255, true, true), new TargetField("comment", "text", 65_000, true, false)]);
        var source = PushSource.OpenFile(path, FormOptions.None);
        using var reader = source.Reader;
        using var batches = new SegmentRows([source], [mapping.Bind(reader.Columns, "'x'", MappingUse.SendingAll)], identitiesAreLookedUp: false, entered: null, membership: null)
            .Read(CancellationToken.None).GetEnumerator();

        int most = 0, all = 0;
        while (batches.MoveNext())
        {
            using var rows = batches.Current;
            most = Math.Max(most, rows.Mapped.Count);
            all += rows.Mapped.Count;
        }

        Assert.Equal(300, all);
        Assert.InRange(most, 1, 5);
    }
}
