using SegmentPush.Core.Tests.Journal;
using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Pushes that nobody should resume any more: given up, or superseded by a newer one.</summary>
public sealed class AbandonedPushTests
{
    [Fact]
    public async Task A_push_that_is_given_up_keeps_its_history_and_can_not_be_resumed()
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        var interrupted = await InterruptAsync(it);

        var abandoned = Push.Abandon(it.Journal, interrupted.Id);

        Assert.Equal((PushState.Abandoned, 1, interrupted.Received), (abandoned.State, abandoned.ExitCode, abandoned.Received));
        Assert.Contains(interrupted.Reason!, abandoned.Reason, StringComparison.Ordinal);
        using (var journal = PushJournal.Open(it.Journal))
        {
            Assert.Equal(PushState.Abandoned, Assert.Single(journal.History.Get(new PushFilter { States = [PushState.Abandoned] })).State);
            Assert.Empty(journal.History.Get(new PushFilter { States = [PushState.Interrupted] }));
        }

        Assert.Empty(Directory.GetFiles(it.Folder, "spool-*"));
        Assert.Equal("Abandoned", (await Assert.ThrowsAsync<SegmentPushException>(() => it.ResumeAsync(interrupted.Id))).ErrorId);
        Assert.Equal(abandoned.Reason, Push.Abandon(it.Journal, interrupted.Id).Reason);
    }

    [Fact]
    public async Task A_complete_push_and_an_unknown_one_can_not_be_given_up()
    {
        await using var it = await PushFixture.StartAsync();
        var push = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"]]);

        Assert.Equal("NothingToAbandon", Assert.Throws<SegmentPushException>(() => Push.Abandon(it.Journal, push.Id)).ErrorId);
        Assert.Equal("PushNotFound", Assert.Throws<SegmentPushException>(() => Push.Abandon(it.Journal, Guid.NewGuid())).ErrorId);
    }

    [Fact]
    public async Task A_push_that_runs_can_not_be_given_up()
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.Inject(SandboxFault.Delay(TimeSpan.FromSeconds(1)) with { Path = "/rest/v1/leads.json" });
        SegmentPushException? error = null;

        await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"]], happened: e =>
        {
            if (e is PushStarted started) error = Assert.Throws<SegmentPushException>(() => Push.Abandon(it.Journal, started.Status.Id));
        });

        Assert.Equal("PushRunning", error!.ErrorId);
    }

    [Fact]
    public async Task A_push_whose_process_was_killed_keeps_its_sums_where_it_is_given_up()
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        var stopped = await InterruptAsync(it);
        JournalSetup.TellKilled(it.Folder, stopped.Id);

        var abandoned = Push.Abandon(it.Journal, stopped.Id);

        Assert.Equal((PushState.Abandoned, 2L, 2L), (abandoned.State, abandoned.Received, abandoned.NotDelivered));
    }

    [Fact]
    public async Task Who_was_created_before_a_kill_counts_as_created_also_where_no_call_has_put_the_person_on_the_list()
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Delivery = Delivery.Sync;
        it.Marketo.Inject(SandboxFault.HttpStatus(503) with { Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json" });
        var stopped = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"], ["bob@example.com"]]);
        JournalSetup.TellKilled(it.Folder, stopped.Id);
        JournalSetup.Execute(it.Folder, "UPDATE push SET created = 0");

        using (var journal = PushJournal.Open(it.Journal)) Assert.Equal((PushState.Interrupted, 2L), (journal.History.Get(stopped.Id).State, journal.History.Get(stopped.Id).Created));
        Assert.Equal((2L, 2), (Push.Abandon(it.Journal, stopped.Id).Created, it.Marketo.PersonCount));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interrupted_push_that_a_newer_one_has_superseded_is_refused_unless_it_is_wanted_all_the_same(bool isKilled)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, time: new HurriedTime());
        fixture.Marketo.Inject(SandboxFault.HttpStatus(503) with { Path = "/rest/v1/leads.json" });
        var yesterday = await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");
        Assert.Equal(PushState.Interrupted, yesterday.State);
        if (isKilled) JournalSetup.TellKilled(fixture.Push.Folder, yesterday.Id);
        fixture.Marketo.ClearFaults();
        var today = await fixture.PushAsync("ann@example.com,Ann,realized", "cyd@example.com,Cyd,realized");
        Assert.Equal(PushState.Completed, today.State);

        using (var journal = PushJournal.Open(fixture.Push.Journal))
        {
            Assert.Equal(PushState.Superseded, Assert.Single(journal.History.Get(new PushFilter { Ids = [yesterday.Id] })).State);
            Assert.Empty(journal.History.Get(new PushFilter { States = [PushState.Interrupted] }));
            Assert.Single(journal.History.Get(new PushFilter { States = [PushState.Superseded] }));
        }

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => fixture.Push.ResumeAsync(yesterday.Id));
        Assert.Equal("Superseded", error.ErrorId);
        Assert.Equal(["ann@example.com", "cyd@example.com"], fixture.Push.Members());

        var forced = await fixture.Push.WatchAsync(
            Push.ResumeAsync(
                new ResumeOptions { Connection = fixture.Push.Connection, Journal = fixture.Push.Journal, EvenIfSuperseded = true },
                yesterday.Id,
                CancellationToken.None),
            null);
        Assert.NotEqual("Superseded", fixture.Push.Error?.ErrorId);
        Assert.Equal(yesterday.Id, forced.Id);
    }

    private static async Task<PushStatus> InterruptAsync(PushFixture it)
    {
        it.Delivery = Delivery.Sync;
        it.Marketo.Inject(SandboxFault.HttpStatus(503) with { Path = "/rest/v1/leads.json" });
        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"], ["bob@example.com"]]);
        Assert.Equal(PushState.Interrupted, status.State);
        it.Marketo.ClearFaults();
        return status;
    }
}
