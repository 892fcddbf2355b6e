using SegmentPush.Core.Tests.Journal;
using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Creates that an earlier push has begun block the creates of the push that comes next.</summary>
public sealed class OpenCreatesTests
{
    [Fact]
    public async Task A_new_push_waits_for_the_create_of_a_stopped_one_and_creates_nobody_twice()
    {
        var time = new HurriedTime(50);
        await using var it = await PushFixture.StartAsync(Options(time) with { Latency = TimeSpan.FromSeconds(40) }, time);
        it.Delivery = Delivery.Sync;
        using var stop = new CancellationTokenSource();
        var pushing = it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(300), cancellation: stop.Token);
        await JournalSetup.WaitUntilSentAsync(it.Folder, 300);
        await stop.CancelAsync();
        Assert.Equal(PushState.Interrupted, (await pushing).State);

        var next = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(300));

        Assert.Equal((PushState.Completed, 300, 300), (next.State, it.Marketo.PersonCount, it.Members().Length));
        Assert.Contains(it.Events, e => e is PushWarned { Message: var text } && text.English.StartsWith("Waiting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_new_sync_push_waits_for_an_import_of_a_stopped_one()
    {
        await using var it = await PushFixture.StartAsync(Options(TimeProvider.System) with { ImportDuration = TimeSpan.FromSeconds(2) });
        await StopAtFirstPollAsync(it);
        it.Delivery = Delivery.Sync;

        var next = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(300));

        Assert.Equal((PushState.Completed, 0L, 300), (next.State, next.Created, it.Marketo.PersonCount));
        Assert.Single(it.Events, e => e is PushWarned { Message: var text } && text.English.Contains("import of the push", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_import_whose_number_was_lost_is_waited_for_until_the_list_is_free_and_asked_for_once()
    {
        await using var it = await PushFixture.StartAsync(Options(TimeProvider.System) with { ImportDuration = TimeSpan.FromSeconds(2) });
        await StopAtFirstPollAsync(it);

        // As a kill leaves it between the upload and the answer.
        JournalSetup.Execute(it.Folder, "UPDATE import_file SET state = 1, batch_id = NULL");
        it.Delivery = Delivery.Sync;

        var next = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(300));
        Assert.Equal((PushState.Completed, 300), (next.State, it.Marketo.PersonCount));
        int uploads = it.Calls()["import"];

        await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(300));
        Assert.Equal(uploads, it.Calls()["import"]);
    }

    [Fact]
    public async Task A_push_that_creates_nobody_waits_for_no_import()
    {
        await using var it = await PushFixture.StartAsync(Options(TimeProvider.System) with { ImportDuration = TimeSpan.FromSeconds(2) });
        it.Exist("zoe@example.com");
        await StopAtFirstPollAsync(it);
        it.Delivery = Delivery.Sync;

        var next = await it.PushAsync(PersonCreation.MatchExisting, [["zoe@example.com"]]);

        Assert.Equal((PushState.Completed, 1), (next.State, next.Added));
        Assert.DoesNotContain(it.Events, e => e is PushWarned { Message: var text } && text.English.StartsWith("Waiting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_push_whose_import_may_still_run_stays_in_the_journal_until_it_is_over()
    {
        await using var it = await PushFixture.StartAsync(Options(TimeProvider.System) with { ImportDuration = TimeSpan.FromSeconds(2) });
        var stopped = await StopAtFirstPollAsync(it);
        using (var journal = PushJournal.Open(it.Journal))
        {
            Assert.Equal("CreatesOpen", journal.Lifecycle.FindReasonAgainstRemoval(journal.History.Get(stopped.Id))?.ErrorId);
            Assert.Equal("CreatesOpen", Assert.Throws<SegmentPushException>(() => journal.Lifecycle.Remove(stopped.Id)).ErrorId);
        }

        await it.ResumeAsync(stopped.Id);

        using var after = PushJournal.Open(it.Journal);
        after.Lifecycle.Remove(stopped.Id);
        Assert.Empty(after.History.Get(new PushFilter()));
    }

    private static async Task<PushStatus> StopAtFirstPollAsync(PushFixture it)
    {
        it.Delivery = Delivery.Bulk;
        using var stop = new CancellationTokenSource();
        var stopped = await it.PushAsync(
            PersonCreation.MatchExistingAndCreateMissing,
            People(300),
            happened: e =>
            {
                if (e is CallFinished { Report.Call: var call } && call.Contains("batch", StringComparison.Ordinal)) stop.Cancel();
            },
            cancellation: stop.Token);
        Assert.Equal(PushState.Interrupted, stopped.State);
        return stopped;
    }

    private static SandboxOptions Options(TimeProvider time) => new() { CallsPer20Seconds = null, ConcurrentCalls = null, TimeProvider = time };

    private static IEnumerable<string[]> People(int count) => Enumerable.Range(0, count).Select(i => new[] { $"p{i}@example.com", "x" });
}
