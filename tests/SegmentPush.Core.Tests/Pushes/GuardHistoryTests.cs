using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>What the guard of a mirror compares with: pushes that did not complete and undos must neither let a wrong export through, nor stop a right one.</summary>
public sealed class GuardHistoryTests
{
    private const string Header = "email,first,segmentMembership.status";

    private static readonly string[] s_right = RowsOf("right", 100), s_wrong = RowsOf("wrong", 500);

    [Fact]
    public async Task A_wrong_export_is_stopped_every_night_also_where_its_undo_did_not_complete()
    {
        await using var fixture = await StartAsync();
        await fixture.PushAsync(s_right);
        var both = await fixture.PushAsync([.. s_right, .. s_wrong]);
        fixture.Marketo.Inject(SandboxFault.HttpStatus(503) with { Method = "GET", Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json", After = 2 });
        var undone = await fixture.UndoAsync(both, force: true);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 500L, 100), (undone.State, undone.Removed, fixture.Push.Members().Length));

        await AssertStoppedAsync(fixture, nights: 2);
    }

    [Fact]
    public async Task A_wrong_export_is_stopped_also_where_its_push_went_on_after_a_newer_one_had_completed()
    {
        await using var fixture = await StartAsync();
        await fixture.PushAsync(s_right);
        var older = await PushInterruptedAsync(fixture, s_wrong);
        Assert.Equal(PushState.Completed, (await fixture.PushAsync(s_right)).State);
        older = await fixture.Push.WatchAsync(
            Push.ResumeAsync(
                new ResumeOptions { Connection = fixture.Push.Connection, Journal = fixture.Push.Journal, Bulk = fixture.OptionsFor().Bulk, EvenIfSuperseded = true },
                older.Id,
                TestContext.Current.CancellationToken),
            null);
        Assert.Equal((PushState.Failed, "GuardStopped", 500L), (older.State, older.ErrorId, older.Added));

        await AssertStoppedAsync(fixture, nights: 1);
    }

    [Fact]
    public async Task A_wrong_first_export_is_stopped_every_night_where_the_list_had_people_before()
    {
        await using var fixture = await StartAsync();
        foreach (int id in fixture.Push.Exist([.. Enumerable.Range(0, 100).Select(i => $"right{i}@example.com")])) fixture.Marketo.AddToList(PushFixture.ListId, id);

        await AssertStoppedAsync(fixture, nights: 2);
    }

    [Fact]
    public async Task A_wrong_export_is_stopped_every_night_after_the_undo_of_a_push_that_has_emptied_the_list()
    {
        await using var fixture = await StartAsync();
        await fixture.PushAsync(s_right);
        var emptied = await fixture.PushFilesAsync([fixture.File(Header)], force: true);
        Assert.Equal((PushState.Completed, 100L), (emptied.State, emptied.Removed));
        Assert.Equal(100, (await fixture.UndoAsync(emptied, force: true)).Added);

        await AssertStoppedAsync(fixture, nights: 2);
    }

    [Fact]
    public async Task A_wrong_export_is_stopped_also_where_its_undo_was_undone()
    {
        await using var fixture = await StartAsync();
        await fixture.PushAsync(s_right);
        var wrong = await fixture.PushAsync(s_wrong);
        Assert.Equal(("GuardStopped", 500L), (wrong.ErrorId, wrong.Added));
        var undo = await fixture.UndoAsync(wrong, force: true);
        Assert.Equal((PushState.Completed, 500L), (undo.State, undo.Removed));
        Assert.Equal(500, (await fixture.UndoAsync(undo, force: true)).Added);

        await AssertStoppedAsync(fixture, nights: 1);
    }

    [Fact]
    public async Task A_wrong_export_is_stopped_every_night_after_a_push_that_was_stopped_while_it_took_people_off()
    {
        await using var fixture = await StartAsync();
        string[] right = RowsOf("right", 1_000);
        await fixture.PushAsync(right);
        fixture.Marketo.Inject(SandboxFault.HttpStatus(503) with { Method = "DELETE", Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json", After = 3 });
        var shrunk = await fixture.PushFilesAsync([fixture.File([Header, .. right[..10]])], force: true);
        fixture.Marketo.ClearFaults();
        Assert.Equal(PushState.Interrupted, shrunk.State);
        Assert.InRange(shrunk.Removed, 600, 990);

        await AssertStoppedAsync(fixture, nights: 2, RowsOf("wrong", 1_500));
    }

    [Fact]
    public async Task A_shrunk_segment_is_stopped_also_where_an_undo_of_the_last_push_was_stopped()
    {
        await using var fixture = await StartAsync();
        fixture.Save(fixture.Destination with { MaxRemovalPercent = 100 });
        await fixture.PushAsync(s_right);
        var both = await fixture.PushAsync([.. s_right, .. s_wrong]);
        fixture.Save(fixture.Destination with { MaxRemovalPercent = 10 });
        Assert.Equal("GuardStopped", (await fixture.UndoAsync(both)).ErrorId);
        fixture.Save(fixture.Destination with { MaxRemovalPercent = 100 });

        var shrunk = await fixture.PushAsync(s_wrong[..300]);

        Assert.Equal((PushState.Failed, "GuardStopped", 0L), (shrunk.State, shrunk.ErrorId, shrunk.Removed));
    }

    [Fact]
    public async Task A_right_export_passes_also_where_all_people_have_come_with_a_push_that_was_interrupted()
    {
        await using var fixture = await StartAsync();
        Assert.Equal(100, (await fixture.UndoAsync(await fixture.PushAsync(s_right), force: true)).Removed);
        await PushNotReadBackAsync(fixture, s_right, added: 100);

        var honest = await fixture.PushAsync(s_right[1..]);

        Assert.Equal((PushState.Completed, 1L), (honest.State, honest.Removed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_right_export_passes_after_an_undo_that_has_put_people_back(bool isAfterInterruptedPush)
    {
        await using var fixture = await StartAsync();
        string[] right = RowsOf("right", 1_000);
        await fixture.PushAsync(right);
        var wrong = await fixture.PushFilesAsync([fixture.File([Header, .. right[..100]])], force: true);
        Assert.Equal((PushState.Completed, 900L), (wrong.State, wrong.Removed));
        Assert.Equal(900, (await fixture.UndoAsync(wrong)).Added);
        if (isAfterInterruptedPush) Assert.Equal(900, (await PushInterruptedAsync(fixture, right)).NotDelivered);

        var honest = await fixture.PushAsync(right[30..]);

        Assert.Equal((PushState.Completed, 30L), (honest.State, honest.Removed));
    }

    [Fact]
    public async Task A_right_export_passes_also_where_some_have_left_who_came_with_a_push_that_was_interrupted()
    {
        await using var fixture = await StartAsync();
        await fixture.PushAsync(s_right[..10]);
        await PushNotReadBackAsync(fixture, s_right, added: 90);

        string file = fixture.File([Header, .. s_right[..95]]);
        Assert.Null((await PlanAsync(fixture, file)).GuardReason);
        var honest = await fixture.PushFilesAsync([file]);

        Assert.Equal((PushState.Completed, 5L), (honest.State, honest.Removed));
    }

    [Fact]
    public async Task The_guard_says_which_people_it_has_left_out()
    {
        await using var fixture = await StartAsync();
        await fixture.PushAsync(s_right);
        Assert.Equal("GuardStopped", (await fixture.PushAsync(s_wrong)).ErrorId);

        string file = fixture.File([Header, .. s_wrong]);
        var plan = await PlanAsync(fixture, file);
        var stopped = await fixture.PushFilesAsync([file]);

        const string Reason = "more than 20% of the 100 people that were on the list before unfinished pushes would be taken off";
        Assert.Contains(Reason, plan.GuardReason, StringComparison.Ordinal);
        Assert.Contains(Reason, stopped.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_export_is_stopped_also_where_its_people_were_read_before_its_push_was_resumed()
    {
        await using var fixture = await StartAsync();
        await fixture.PushAsync(s_right);
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json" });
        var older = await fixture.PushAsync(s_wrong);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 0L), (older.State, older.Added));
        Assert.True(fixture.Push.Members().Length > 300);
        await AssertStoppedAsync(fixture, nights: 1);

        older = await fixture.Push.ResumeAsync(older.Id);

        Assert.Equal((PushState.Failed, "GuardStopped", 0L), (older.State, older.ErrorId, older.Removed));
    }

    [Fact]
    public async Task A_right_export_passes_when_it_is_resumed_also_where_its_people_had_come_with_a_push_that_was_stopped_and_undone()
    {
        await using var fixture = await StartAsync();
        await fixture.PushAsync(s_right);
        var wrong = await fixture.PushAsync([.. s_right[..60], .. s_wrong[..50]]);
        Assert.Equal(("GuardStopped", 50L), (wrong.ErrorId, wrong.Added));
        Assert.Equal(50, (await fixture.UndoAsync(wrong, force: true)).Removed);
        var honest = await PushNotReadBackAsync(fixture, [.. s_right[15..], .. s_wrong[..45]], added: 45);

        honest = await fixture.Push.ResumeAsync(honest.Id);

        Assert.Equal((PushState.Completed, 45L, 15L), (honest.State, honest.Added, honest.Removed));
    }

    [Fact]
    public async Task A_right_export_passes_when_it_is_resumed_also_where_it_was_stopped_while_it_took_people_off_who_had_come_with_an_unfinished_push()
    {
        await using var fixture = await StartAsync();
        string[] right = RowsOf("right", 2_000), others = RowsOf("other", 800);
        await fixture.PushAsync(right);
        await PushNotReadBackAsync(fixture, [.. right, .. others], added: 800);
        fixture.Marketo.Inject(SandboxFault.HttpStatus(503) with { Method = "DELETE", Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json", After = 1 });
        var honest = await fixture.PushAsync([.. right[390..], .. others[160..]]);
        fixture.Marketo.ClearFaults();
        Assert.Equal(PushState.Interrupted, honest.State);
        Assert.InRange(honest.Removed, 200, 300);

        honest = await fixture.Push.ResumeAsync(honest.Id);

        Assert.Equal((PushState.Completed, 550L), (honest.State, honest.Removed));
    }

    [Fact]
    public async Task A_right_export_is_not_compared_with_a_segment_that_was_undone()
    {
        await using var fixture = await StartAsync();
        await fixture.PushAsync(s_right);
        await fixture.UndoAsync(await fixture.PushAsync([.. s_right, .. s_wrong]), force: true);

        string file = fixture.File([Header, .. s_right[1..]]);
        Assert.Null((await PlanAsync(fixture, file)).GuardReason);
        var honest = await fixture.PushFilesAsync([file]);

        Assert.Equal((PushState.Completed, 1L), (honest.State, honest.Removed));
    }

    private static Task<DestinationFixture> StartAsync() => DestinationFixture.StartAsync(PushMode.Mirror, time: new HurriedTime());

    private static Task<PushPlan> PlanAsync(DestinationFixture fixture, string file) =>
        PushPlanner.PlanAsync(fixture.OptionsFor(), [PushSource.OpenFile(file, FormOptions.None)], TestContext.Current.CancellationToken);

    private static string[] RowsOf(string name, int count) => [.. Enumerable.Range(0, count).Select(i => $"{name}{i}@example.com,P{i},realized")];

    private static async Task<PushStatus> PushInterruptedAsync(DestinationFixture fixture, string[] rows)
    {
        fixture.Marketo.Inject(SandboxFault.HttpStatus(503) with { Method = "POST", Path = "/rest/v1/leads.json" });
        var push = await fixture.PushAsync(rows);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 0L), (push.State, push.Added));
        return push;
    }

    private static async Task<PushStatus> PushNotReadBackAsync(DestinationFixture fixture, string[] rows, long added)
    {
        fixture.Marketo.Inject(SandboxFault.HttpStatus(503) with { Method = "GET", Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json" });
        var push = await fixture.PushFilesAsync([fixture.File([Header, .. rows])], verify: true);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, added), (push.State, push.Added));
        return push;
    }

    private static async Task AssertStoppedAsync(DestinationFixture fixture, int nights, string[]? wrong = null)
    {
        for (int night = 1; night <= nights; night++)
        {
            var stopped = await fixture.PushAsync(wrong ?? s_wrong);
            Assert.Equal((night, PushState.Failed, "GuardStopped", 0L), (night, stopped.State, stopped.ErrorId, stopped.Removed));
        }
    }
}
