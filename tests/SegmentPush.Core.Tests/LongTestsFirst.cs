using SegmentPush.Core.Tests.Journal.Postgres;
using SegmentPush.Core.Tests.Pushes;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(SegmentPush.Core.Tests.LongTestsFirst))]

namespace SegmentPush.Core.Tests;

/// <summary>Begins with the tests that wait longest, so that all others run meanwhile.</summary>
public sealed class LongTestsFirst : ITestCollectionOrderer
{
    private static readonly string[] s_longest =
    [
        nameof(MachineSleepTests), nameof(MachinesTests), nameof(MachineKillTests), nameof(PushEndingTests), nameof(DatabaseFaultTests),
        nameof(ServerRestartTests), nameof(ProcessTests), nameof(AudienceJobTests), nameof(KillTests), nameof(AudienceKillTests), nameof(HouseTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(collection => PlaceOf(collection.TestCollectionDisplayName))];

    private static int PlaceOf(string collection)
    {
        int place = Array.FindIndex(s_longest, name => collection.Contains($".{name} ", StringComparison.Ordinal));
        return place < 0 ? s_longest.Length : place;
    }
}
