using SegmentPush.Journal;
using SegmentPush.Journal.Postgres;

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>The key of hashes that all machines share.</summary>
public sealed class SharedIdentityKeyTests
{
    [Fact]
    public async Task Machines_that_use_a_new_journal_at_once_find_one_key()
    {
        var near = PostgresServer.Shared.NewJournal();
        using var way = new FarServer(PostgresServer.Shared.Port, TimeSpan.FromMilliseconds(20));
        var address = PostgresAddress.Parse($"postgresql://owner@127.0.0.1:{way.Port}/{near.ToString().Split('/')[^1]}?sslmode=disable", mayHoldPassword: false);
        var journals = Enumerable.Range(0, 12).Select(_ => PushJournal.Open(address)).ToArray();

        // So close together that some of them ask while the first one writes.
        var keys = await Task.WhenAll(journals.Select((journal, i) => Task.Factory.StartNew(
            () =>
            {
                TestContext.Current.CancellationToken.WaitHandle.WaitOne(10 * i);
                using var hash = journal.Identities.OpenHash();
                return hash.Of("ann@x.io");
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Single(keys.Distinct());
        foreach (var journal in journals) journal.Dispose();
    }
}
