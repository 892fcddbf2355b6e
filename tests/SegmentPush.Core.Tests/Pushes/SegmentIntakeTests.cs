using SegmentPush.Mappings;
using SegmentPush.Pushes;

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
        var source = PushSource.File(path, null);
        using var reader = source.Reader;

        var batches = new SegmentIntake([source], mapping, identitiesAreLookedUp: false).Read(CancellationToken.None).Select(batch => batch.Settled.Count).ToArray();

        Assert.Equal(50_000, batches.Sum());
        Assert.All(batches, settled => Assert.InRange(settled, 0, 11_000));
    }
}
