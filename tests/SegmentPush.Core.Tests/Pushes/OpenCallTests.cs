using SegmentPush.Core.Tests.Journal;
using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>A push waits until no call and no import of another push into its list can run any more, whatever has ended that push.</summary>
public sealed class OpenCallTests
{
    private const string Sync = "/rest/v1/leads.json", List = "/rest/v1/lists/1021/leads.json";

    [Theory]
    [InlineData(ExistingPeople.Update, Sync)]
    [InlineData(ExistingPeople.Update, List)]
    [InlineData(ExistingPeople.Keep, List)]
    public async Task A_push_waits_for_a_call_without_an_answer(ExistingPeople existing, string path)
    {
        await using var it = await StartAsync();
        await StopAsync(it, path, existing: existing);

        await PushAsync(it, existing: existing);

        Assert.True(HasWaited(it));
    }

    [Fact]
    public async Task It_waits_where_the_call_was_repeated_and_the_push_has_completed()
    {
        await using var it = await StartAsync();
        it.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = Sync, Times = 1 });
        await PushAsync(it);
        Assert.False(HasWaited(it));

        await PushAsync(it);

        Assert.True(HasWaited(it));
    }

    [Fact]
    public async Task It_waits_where_the_push_was_resumed_and_has_completed()
    {
        await using var it = await StartAsync();
        var stopped = await StopAsync(it, Sync);
        Assert.Equal(PushState.Completed, (await it.ResumeAsync(stopped.Id)).State);
        Assert.False(HasWaited(it));

        await PushAsync(it);

        Assert.True(HasWaited(it));
    }

    [Fact]
    public async Task It_waits_where_a_later_resume_has_failed_for_another_reason()
    {
        await using var it = await StartAsync();
        var stopped = await StopAsync(it, Sync);
        it.Marketo.Inject(SandboxFault.Error("603", "Access denied") with { Path = "/rest/v1/lists/1021.json" });
        Assert.Equal("AccessDenied", (await it.ResumeAsync(stopped.Id)).ErrorId);
        it.Marketo.ClearFaults();

        await PushAsync(it);

        Assert.True(HasWaited(it));
    }

    [Fact]
    public async Task It_waits_where_the_push_was_given_up_and_the_journal_keeps_that_push()
    {
        await using var it = await StartAsync();
        var stopped = await StopAsync(it, Sync);
        Push.Abandon(it.Journal, stopped.Id);
        using (var journal = PushJournal.Open(it.Journal)) Assert.Equal("CreatesOpen", Assert.Throws<SegmentPushException>(() => journal.Lifecycle.Remove(stopped.Id)).ErrorId);

        await PushAsync(it);

        Assert.True(HasWaited(it));
        using var after = PushJournal.Open(it.Journal);
        after.Lifecycle.Remove(stopped.Id);
    }

    [Fact]
    public async Task A_push_that_creates_nobody_waits_for_a_create()
    {
        await using var it = await StartAsync();
        await StopAsync(it, Sync, PersonCreation.MatchExistingAndCreateMissing);

        await PushAsync(it);

        Assert.True(HasWaited(it));
    }

    [Theory]
    [InlineData(Sync)]
    [InlineData(List)]
    public async Task It_waits_for_no_call_that_marketo_has_refused(string path)
    {
        await using var it = await StartAsync();
        it.Marketo.Inject(SandboxFault.Error("607", "Daily quota reached") with { Method = "POST", Path = path });
        Assert.Equal(PushState.Interrupted, (await PushAsync(it, isComplete: false)).State);
        it.Marketo.ClearFaults();

        await PushAsync(it);

        Assert.False(HasWaited(it));
    }

    [Fact]
    public async Task It_waits_once()
    {
        await using var it = await StartAsync();
        await StopAsync(it, Sync);
        await PushAsync(it);
        it.Events.Clear();

        await PushAsync(it);

        Assert.False(HasWaited(it));
    }

    [Fact]
    public async Task A_push_that_writes_fields_waits_for_an_import_that_may_write_older_ones()
    {
        await using var it = await PushFixture.StartAsync(Options(TimeProvider.System) with { ImportDuration = TimeSpan.FromSeconds(2) });
        it.Exist("zoe@example.com");
        it.Delivery = Delivery.Bulk;
        using var stop = new CancellationTokenSource();
        var stopped = await it.PushAsync(
            PersonCreation.MatchExisting,
            [["zoe@example.com", "Old"]],
            ExistingPeople.Update,
            happened: e =>
            {
                if (e is CallFinished { Report.Call: var call } && call.Contains("batch", StringComparison.Ordinal)) stop.Cancel();
            },
            cancellation: stop.Token);
        Assert.Equal(PushState.Interrupted, stopped.State);
        it.Delivery = Delivery.Sync;

        await PushAsync(it);

        Assert.Contains(it.Events, e => e is PushWarned { Message: var text } && text.English.Contains("import of the push", StringComparison.Ordinal));
        Assert.Equal("New", it.Marketo.FindPeople("email", "zoe@example.com").Single()["firstName"]);
    }

    private static async Task<PushFixture> StartAsync()
    {
        var time = new HurriedTime(50);
        var it = await PushFixture.StartAsync(Options(time), time);
        it.Exist("zoe@example.com");
        it.Delivery = Delivery.Sync;
        return it;
    }

    // Marketo executes a call, and nobody hears its answer.
    private static async Task<PushStatus> StopAsync(
        PushFixture it, string path, PersonCreation creation = PersonCreation.MatchExisting, ExistingPeople existing = ExistingPeople.Update)
    {
        it.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = path });
        var stopped = await it.PushAsync(creation, [["zoe@example.com", "Old"]], existing);
        Assert.Equal(PushState.Interrupted, stopped.State);
        it.Marketo.ClearFaults();
        it.Events.Clear();
        return stopped;
    }

    private static async Task<PushStatus> PushAsync(PushFixture it, ExistingPeople existing = ExistingPeople.Update, bool isComplete = true)
    {
        var push = await it.PushAsync(PersonCreation.MatchExisting, [["zoe@example.com", "New"]], existing);
        if (isComplete) Assert.Equal((PushState.Completed, 1L), (push.State, push.Added));
        return push;
    }

    private static bool HasWaited(PushFixture it) => it.Events.Any(e => e is PushWarned { Message: var text } && text.English.EndsWith("may still change people or the list.", StringComparison.Ordinal));

    private static SandboxOptions Options(TimeProvider time) => new() { CallsPer20Seconds = null, ConcurrentCalls = null, TimeProvider = time };
}
