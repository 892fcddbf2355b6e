using Microsoft.Data.Sqlite;
using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>How pushes end: a state, a reason, and one exit code from the status and from the error.</summary>
public sealed class PushEndingTests
{
    [Fact]
    public async Task A_journal_that_another_program_holds_for_half_a_minute_interrupts_the_push_and_it_can_be_resumed()
    {
        await using var it = await PushFixture.StartAsync();
        it.Delivery = Delivery.Sync;
        var started = new TaskCompletionSource();
        Task? held = null;

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, Rows(), happened: e =>
        {
            if (e is PushStarted) started.SetResult();
        });
        await held!;

        Assert.Equal((PushState.Interrupted, "JournalLocked", 2), (status.State, status.ErrorId, status.ExitCode));
        Assert.Equal(("JournalLocked", 2), (it.Error!.ErrorId, it.Error.ExitCode));
        var resumed = await it.ResumeAsync(status.Id);
        Assert.Equal((PushState.Completed, 1200, 0), (resumed.State, resumed.Received, resumed.ExitCode));
        Assert.Equal((1200, 1200), (it.Marketo.PersonCount, it.Members().Length));

        // Between two calls, so that it is the push itself that waits.
        IEnumerable<string[]> Rows()
        {
            started.Task.Wait();
            // Longer than the journal waits, and not so long that the end of the push can't be written.
            held = HoldAsync(it.Folder, TimeSpan.FromSeconds(54));
            for (int i = 0; i < 1200; i++) yield return [$"p{i}@example.com"];
        }
    }

    [Theory]
    [InlineData(Delivery.Sync, "/rest/v1/leads.json")]
    [InlineData(Delivery.Bulk, "/bulk/v1/leads.json")]
    public async Task A_lost_answer_interrupts_and_status_and_error_end_with_the_same_exit_code(Delivery delivery, string path)
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Delivery = delivery;
        it.Marketo.Inject(SandboxFault.BreakBefore() with { Path = path });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"]]);

        Assert.Equal((PushState.Interrupted, 2, 2), (status.State, status.ExitCode, it.Error!.ExitCode));
        it.Marketo.ClearFaults();
        Assert.Equal((PushState.Completed, 1), ((await it.ResumeAsync(status.Id)).State, it.Marketo.PersonCount));
    }

    [Fact]
    public async Task A_network_that_stays_away_interrupts_and_a_refusal_fails_with_the_same_exit_code_from_status_and_error()
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Marketo.Inject(SandboxFault.HttpStatus(503));
        var away = await it.PushAsync(PersonCreation.MatchExisting, [["ann@example.com"]]);
        Assert.Equal((PushState.Interrupted, 2, 2), (away.State, away.ExitCode, it.Error!.ExitCode));
        it.Marketo.ClearFaults();
        it.Exist("ann@example.com");
        it.Marketo.Inject(SandboxFault.Error("603", "Access denied") with { Path = "/rest/v1/lists/1021/leads.json" });

        var refused = await it.ResumeAsync(away.Id);

        Assert.Equal((PushState.Failed, 1, 1), (refused.State, refused.ExitCode, it.Error!.ExitCode));
    }

    [Fact]
    public async Task A_reject_file_that_could_not_be_written_is_in_the_status_too()
    {
        await using var it = await PushFixture.StartAsync();
        string folder = Directory.CreateDirectory(Path.Combine(it.Folder, "rejects")).FullName;
        it.RejectPath = Path.Combine(folder, "rejected.csv");

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"], ["bad"]], happened: e =>
        {
            if (e is not PushStarted) return;
            Directory.Delete(folder);
            File.WriteAllText(folder, "");
        });

        Assert.Equal((PushState.Completed, "RejectPathNotWritable", 1), (status.State, status.ErrorId, status.ExitCode));
        Assert.Equal(1, it.Error!.ExitCode);
    }

    [Theory]
    [InlineData(PushMode.Mirror)]
    [InlineData(PushMode.Delta)]
    public async Task Removals_that_Marketo_refuses_are_told_and_a_reject_file_holds_the_rows_alone(PushMode mode)
    {
        await using var fixture = await DestinationFixture.StartAsync(mode);
        string[] all = [.. Enumerable.Range(0, 20).Select(i => $"p{i}@example.com,P{i},realized")];
        await fixture.PushAsync(all);
        fixture.Push.RejectPath = Path.Combine(fixture.Push.Folder, "rejected.csv");
        long id = fixture.Marketo.FindPeople("email", "p0@example.com").Single().Id;
        fixture.Marketo.Inject(SandboxFault.Body($$"""{"requestId":"1#1","success":true,"result":[{"id":{{id}},"status":"skipped","reasons":[{"code":"1021","message":"No"}]}]}""")
            with { Path = "/rest/v1/lists/1021/leads.json", Method = "DELETE", Times = 1 });
        string file = fixture.File(["email,first,segmentMembership.status", .. mode == PushMode.Delta ? ["p0@example.com,P0,exited"] : all.Skip(1), .. mode == PushMode.Delta ? all.Skip(1) : []]);

        var push = await fixture.PushFilesAsync([file], verify: false);

        Assert.Null(fixture.Push.Error);
        Assert.Equal((PushState.Completed, 1, 19), (push.State, push.Rejected, push.AlreadyMember));
        Assert.Equal(mode == PushMode.Delta, push.RejectPath is not null);
        if (mode == PushMode.Delta) Assert.Contains("p0@example.com,P0,exited,1,1021", await File.ReadAllTextAsync(push.RejectPath!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_destination_that_is_pushed_to_can_be_neither_removed_nor_led_to_another_list()
    {
        // Each call takes a while, so that the push still runs when its listener has heard of its start.
        await using var fixture = await DestinationFixture.StartAsync(
            PushMode.Append, options: new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, Latency = TimeSpan.FromMilliseconds(400) });
        var errors = new List<SegmentPushException>();

        var push = await fixture.PushFilesAsync([fixture.File("email,first", "ann@example.com,Ann")], happened: e =>
        {
            if (e is not PushStarted) return;
            using var journal = PushJournal.Open(fixture.Push.Journal);
            errors.Add(Assert.Throws<SegmentPushException>(() => journal.Destinations.Remove("webinar emea")));
            errors.Add(Assert.Throws<SegmentPushException>(() => fixture.Save(fixture.Destination with { StaticListId = 1022 })));
            fixture.Save(fixture.Destination with { Description = "Another" });
        });

        Assert.Equal((PushState.Completed, 1), (push.State, push.Added));
        Assert.All(errors, error => Assert.Equal("DestinationBusy", error.ErrorId));
        using var after = PushJournal.Open(fixture.Push.Journal);
        after.Destinations.Remove("webinar emea");
        Assert.Null(after.Destinations.Find("Webinar EMEA"));
    }

    [Fact]
    public async Task The_file_of_the_journal_is_not_made_smaller_while_a_push_runs()
    {
        // The push is still under way when its beginning is heard.
        await using var it = await PushFixture.StartAsync(new SandboxOptions { Latency = TimeSpan.FromMilliseconds(300) });
        bool? whileItRan = null;

        await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"]], happened: e =>
        {
            if (e is not PushStarted) return;
            using var journal = PushJournal.Open(it.Journal);
            whileItRan = journal.Lifecycle.TryGiveSpaceBack();
        });

        Assert.False(whileItRan);
        using var after = PushJournal.Open(it.Journal);
        Assert.True(after.Lifecycle.TryGiveSpaceBack());
    }

    // Another program writes for a while, as VACUUM does.
    private static async Task HoldAsync(string folder, TimeSpan time)
    {
        await using var other = new SqliteConnection($"Data Source={Path.Combine(folder, "journal.db")};Pooling=False");
        other.Open();
        await using var transaction = other.BeginTransaction(deferred: false);
        await Task.Delay(time);
    }
}
