using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>What a push has begun on its list without hearing how it ended, the pushes and undos after it find out.</summary>
public sealed class OpenEditTests
{
    [Fact]
    public async Task The_list_is_read_again_once_the_history_of_an_interrupted_push_is_removed()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime());
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");
        var push = await TakeOffUnheardAsync(fixture, "ann@example.com,Ann,exited");
        using (var journal = PushJournal.Open(fixture.Push.Journal)) journal.Lifecycle.Remove(push.Id);

        push = await fixture.PushAsync("ann@example.com,Ann,realized");

        Assert.Equal((PushState.Completed, 1L), (push.State, push.Added));
        Assert.Equal(["ann@example.com", "bob@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task A_list_that_is_read_again_is_not_read_by_each_push_after_that()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime());
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");
        var push = await TakeOffUnheardAsync(fixture, "ann@example.com,Ann,exited");
        using (var journal = PushJournal.Open(fixture.Push.Journal)) journal.Lifecycle.Remove(push.Id);
        await fixture.PushAsync("bob@example.com,Bob,realized");
        fixture.Marketo.ForgetCalls();

        await fixture.PushAsync("bob@example.com,Bob,realized");

        Assert.Equal("", fixture.Calls());
    }

    [Fact]
    public async Task An_interrupted_undo_is_undone_with_the_additions_whose_answers_were_lost()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, time: new HurriedTime());
        string[] rows = [.. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        var push = await fixture.PushAsync(rows[2..]);
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json" });
        var undo = await fixture.UndoAsync(push);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 30), (undo.State, fixture.Push.Members().Length));

        undo = await fixture.UndoAsync(undo);

        Assert.Equal((PushState.Completed, 2L, true), (undo.State, undo.Removed, undo.IsVerified));
        Assert.Equal([.. rows[2..].Select(row => row.Split(',')[0]).Order(StringComparer.Ordinal)], fixture.Push.Members());
    }

    [Fact]
    public async Task A_delta_puts_a_member_back_whose_id_an_interrupted_import_has_put_in_doubt()
    {
        var time = new HurriedTime();
        await using var fixture = await DestinationFixture.StartAsync(
            PushMode.Delta, options: new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, TimeProvider = time }, time: time);
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");
        fixture.Push.Delivery = Delivery.Bulk;
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = "/bulk/*" });
        Assert.Equal(PushState.Interrupted, (await fixture.PushAsync("ann@example.com,Anna,realized")).State);
        fixture.Marketo.ClearFaults();
        await Task.Delay(TimeSpan.FromMinutes(30), time, TestContext.Current.CancellationToken);
        fixture.Marketo.RemoveFromList(PushFixture.ListId, fixture.Marketo.FindPeople("email", "ann@example.com").Single().Id);
        fixture.Push.Delivery = Delivery.Sync;

        var push = await fixture.PushFilesAsync([fixture.File("email,first,segmentMembership.status", "eve@example.com,Eve,realized")], verify: true);

        Assert.Equal((PushState.Completed, true), (push.State, push.IsVerified));
        Assert.Equal(["ann@example.com", "bob@example.com", "eve@example.com"], fixture.Push.Members());
    }

    // Marketo takes people off, and the push does not hear of it.
    private static async Task<PushStatus> TakeOffUnheardAsync(DestinationFixture fixture, string row)
    {
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "DELETE", Times = 1000 });
        var push = await fixture.PushAsync(row);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 0L), (push.State, push.Removed));
        Assert.DoesNotContain("ann@example.com", fixture.Push.Members());
        return push;
    }
}
