using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Marketo takes people off the list and its answer is lost: they are removed all the same, and can be put back.</summary>
public sealed class LostRemovalTests
{
    public static TheoryData<SandboxFault> Faults { get; } =
    [
        SandboxFault.BreakAfter(), SandboxFault.Truncate(), SandboxFault.ErrorAfter("604", "Injected"), SandboxFault.ErrorAfter("502", "Injected"),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Leavers_of_a_mirror_are_removed_once_proven_and_put_back(SandboxFault fault)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, time: new HurriedTime());
        string[] rows = [.. Enumerable.Range(0, 2000).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        var before = fixture.Push.Members();
        fixture.Marketo.AddToList(PushFixture.ListId, fixture.Push.Exist("stranger@example.com")[0]);
        fixture.Marketo.Inject(fault with { Method = "DELETE", Times = 3 });

        var push = await fixture.PushAsync(rows[350..]);

        Assert.Equal((PushState.Completed, true, 351, 0, 1650), (push.State, push.IsVerified, push.Removed, push.NotMember, push.AlreadyMember));
        var sums = fixture.ListSumsOf(push);
        Assert.Equal((2000L, 351L, 1L, 0L, 1650L), (sums.Before, sums.Removed, sums.AddedByOthers, sums.RemovedByOthers, sums.After!.Value));
        Assert.Equal(1650, fixture.Push.Members().Length);

        var undone = await fixture.UndoAsync(push);

        Assert.Equal((PushState.Completed, true, 351), (undone.State, undone.IsVerified, undone.Added));
        Assert.Equal([.. before.Append("stranger@example.com").Order(StringComparer.Ordinal)], fixture.Push.Members());
    }

    [Fact]
    public async Task Who_has_exited_is_removed_and_put_back()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime());
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "DELETE", Times = 1 });

        var push = await fixture.PushAsync("ann@example.com,Ann,exited");

        Assert.Equal((1, 0), (push.Removed, push.NotMember));
        Assert.Equal(["bob@example.com"], fixture.Push.Members());
        await fixture.UndoAsync(push);
        Assert.Equal(["ann@example.com", "bob@example.com"], fixture.Push.Members());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Who_has_exited_and_was_put_on_the_list_by_others_is_removed_and_put_back(int times)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime());
        await fixture.PushAsync("ann@example.com,Ann,realized");
        fixture.Marketo.AddToList(PushFixture.ListId, fixture.Push.Exist("bob@example.com")[0]);
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "DELETE", Times = times });

        var push = await fixture.PushAsync("bob@example.com,Bob,exited");
        fixture.Marketo.ClearFaults();
        if (push.State == PushState.Interrupted) push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, 1, 0), (push.State, push.Removed, push.NotMember));
        Assert.Equal(["ann@example.com"], fixture.Push.Members());
        await fixture.UndoAsync(push);
        Assert.Equal(["ann@example.com", "bob@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task Nobody_is_taken_off_the_list_who_has_exited_and_is_not_on_it()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta);
        await fixture.PushAsync("ann@example.com,Ann,realized");
        fixture.Push.Exist("bob@example.com");
        fixture.Marketo.ForgetCalls();

        var push = await fixture.PushAsync("bob@example.com,Bob,exited");

        Assert.Equal((PushState.Completed, 0, 1), (push.State, push.Removed, push.NotMember));
        Assert.DoesNotContain(fixture.Marketo.Calls, call => call.Method == "DELETE");
    }

    [Theory]
    [InlineData(PushMode.Mirror)]
    [InlineData(PushMode.Delta)]
    public async Task Whom_a_push_took_off_that_was_interrupted_then_is_removed_by_it_once_it_is_resumed(PushMode mode)
    {
        await using var fixture = await DestinationFixture.StartAsync(mode, time: new HurriedTime());
        string[] addresses = [.. Enumerable.Range(0, 2000).Select(i => $"p{i}@example.com")];
        await fixture.PushAsync([.. addresses.Select(address => $"{address},P,realized")]);
        fixture.Marketo.AddToList(PushFixture.ListId, fixture.Push.Exist("stranger@example.com")[0]);
        var before = fixture.Push.Members();
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "DELETE", Times = 1000 });

        var push = await fixture.PushAsync(mode == PushMode.Delta
            ? [.. addresses[..350].Select(address => $"{address},P,exited")]
            : [.. addresses[350..].Select(address => $"{address},P,realized")]);
        Assert.Equal((PushState.Interrupted, 0), (push.State, push.Removed));
        fixture.Marketo.ClearFaults();
        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, mode == PushMode.Mirror ? 351 : 350, 0), (push.State, push.Removed, push.NotMember));
        Assert.Equal(0, fixture.ListSumsOf(push).RemovedByOthers);
        await fixture.UndoAsync(push);
        Assert.Equal(before, fixture.Push.Members());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Everybody_with_the_identity_of_an_exit_leaves_with_the_resume_where_their_calls_ended_otherwise(bool isExecuted)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime(), concurrency: 1);
        string[] addresses = [.. Enumerable.Range(0, 299).Select(i => $"p{i}@example.com")];
        foreach (int twin in fixture.Push.Exist("twin@example.com", "twin@example.com")) fixture.Marketo.AddToList(PushFixture.ListId, twin);
        Task<PushStatus> PushAsync(string status, params string[] who) => fixture.PushFilesAsync(
            [fixture.File(["email,first,segmentMembership.status", .. who.Select(address => $"{address},P,{status}")])], verify: true);
        await PushAsync("realized", addresses);
        var before = fixture.Push.Members();
        fixture.Marketo.Inject((isExecuted ? SandboxFault.BreakAfter() : SandboxFault.BreakBefore()) with { Method = "DELETE", After = 1 });

        var push = await PushAsync("exited", [.. addresses, "twin@example.com"]);
        Assert.Equal((PushState.Interrupted, isExecuted ? 0 : 1), (push.State, fixture.Push.Members().Length));
        fixture.Marketo.ClearFaults();
        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, true, 301, 0L), (push.State, push.IsVerified, push.Removed, fixture.ListSumsOf(push).RemovedByOthers));
        Assert.Empty(fixture.Push.Members());
        await fixture.UndoAsync(push);
        Assert.Equal(before, fixture.Push.Members());
    }

    [Fact]
    public async Task A_person_that_others_took_off_before_an_exit_is_not_Removed_by_the_resume_of_its_push()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime(), concurrency: 1);
        string[] addresses = [.. Enumerable.Range(0, 299).Select(i => $"p{i}@example.com")];
        int[] twins = fixture.Push.Exist("twin@example.com", "twin@example.com");
        foreach (int twin in twins) fixture.Marketo.AddToList(PushFixture.ListId, twin);
        await fixture.PushFilesAsync([fixture.File(["email,first,segmentMembership.status", .. addresses.Select(address => $"{address},P,realized")])], verify: true);
        foreach (int twin in twins) fixture.Marketo.RemoveFromList(PushFixture.ListId, twin);
        var before = fixture.Push.Members();
        fixture.Marketo.Inject(SandboxFault.Error("607", "Daily quota reached") with { Method = "DELETE", After = 1 });

        var push = await fixture.PushAsync([.. addresses.Select(address => $"{address},P,exited"), "twin@example.com,P,exited"]);
        Assert.Equal(PushState.Interrupted, push.State);
        fixture.Marketo.ClearFaults();
        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, 299), (push.State, push.Removed));
        await fixture.UndoAsync(push);
        Assert.Equal(before, fixture.Push.Members());
    }

    [Fact]
    public async Task A_leaver_that_others_put_back_before_the_resume_counts_once()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, time: new HurriedTime());
        string[] rows = [.. Enumerable.Range(0, 2000).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        fixture.Marketo.Inject(SandboxFault.BreakBefore() with { Method = "DELETE", After = 1 });
        var stopped = await fixture.PushAsync(rows[350..]);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 2000 - stopped.Removed), (stopped.State, fixture.Push.Members().Length));
        Assert.InRange(stopped.Removed, 50, 300);
        using var journal = PushJournal.Open(fixture.Push.Journal);
        foreach (var person in journal.People.Get(stopped.Id, [PersonOutcome.Removed])) fixture.Marketo.AddToList(PushFixture.ListId, (int)person.MarketoId!.Value);

        var push = await fixture.Push.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Completed, true, 2000L, 350, 1650), (push.State, push.IsVerified, push.Received, push.Removed, push.AlreadyMember));
        var sums = fixture.ListSumsOf(push);
        Assert.Equal((2000L, 350L, 0L, 0L, 1650L, true), (sums.Before, sums.Removed, sums.AddedByOthers, sums.RemovedByOthers, sums.After!.Value, sums.Agree!.Value));
        Assert.Equal(350, journal.People.Get(push.Id, [PersonOutcome.Removed]).Select(person => person.MarketoId).Distinct().Count());
        var undone = await fixture.UndoAsync(push);
        Assert.Equal((350, 2000), (undone.Added, fixture.Push.Members().Length));
    }

    [Fact]
    public async Task Whom_a_push_took_off_that_was_interrupted_twice_the_next_push_does_not_put_back()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime());
        await fixture.PushFilesAsync([fixture.File("email,first,segmentMembership.status", "ann@example.com,Ann,realized", "bob@example.com,Bob,realized")], verify: true);
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "DELETE", Times = 1000 });
        var push = await fixture.PushFilesAsync([fixture.File("email,first,segmentMembership.status", "ann@example.com,Ann,exited")], verify: true);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 1), (push.State, fixture.Push.Members().Length));
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "GET", Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json" });
        Assert.Equal(PushState.Interrupted, (await fixture.Push.ResumeAsync(push.Id)).State);
        fixture.Marketo.ClearFaults();

        push = await fixture.PushFilesAsync([fixture.File("email,first,segmentMembership.status", "eve@example.com,Eve,realized")], verify: true);

        Assert.Equal(PushState.Completed, push.State);
        Assert.Equal(["bob@example.com", "eve@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task The_guard_counts_people_that_an_interrupted_push_has_taken_off_unheard()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, time: new HurriedTime());
        fixture.Save(fixture.Destination with { MaxRemovalPercent = 50, MaxShrinkPercent = 100 });
        string[] rows = [.. Enumerable.Range(0, 10).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "DELETE", Times = 1000 });
        var push = await fixture.PushAsync(rows[4..]);
        Assert.Equal((PushState.Interrupted, 6), (push.State, fixture.Push.Members().Length));
        fixture.Marketo.ClearFaults();
        foreach (int stranger in fixture.Push.Exist([.. Enumerable.Range(0, 4).Select(i => $"stranger{i}@example.com")])) fixture.Marketo.AddToList(PushFixture.ListId, stranger);

        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Failed, "GuardStopped"), (push.State, push.ErrorId));
        Assert.Equal(10, fixture.Push.Members().Length);
    }

    [Fact]
    public async Task A_plan_knows_what_an_interrupted_push_has_taken_off()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, time: new HurriedTime());
        string[] rows = [.. Enumerable.Range(0, 40).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "DELETE", Times = 1000 });
        Assert.Equal(PushState.Interrupted, (await fixture.PushAsync(rows[2..])).State);
        fixture.Marketo.ClearFaults();
        string file = fixture.File(["email,first,segmentMembership.status", .. rows[2..]]);

        var plan = await PushPlanner.PlanAsync(fixture.OptionsFor(), [PushSource.OpenFile(file, FormOptions.None)], CancellationToken.None);
        var push = await fixture.PushAsync(rows[2..]);

        Assert.Equal((0, 38), (plan.WouldRemove, plan.Unchanged));
        Assert.Equal((PushState.Completed, 0, 38), (push.State, push.Removed, push.AlreadyMember));
    }

    [Fact]
    public async Task A_plan_after_a_stopped_push_counts_only_on_people_that_it_sees_on_the_list()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, time: new HurriedTime());
        string[] rows = [.. Enumerable.Range(0, 40).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        fixture.Marketo.Inject(SandboxFault.HttpStatus(503) with { Path = "/rest/v1/leads.json" });
        Assert.Equal(PushState.Interrupted, (await fixture.PushAsync([.. rows, "eve@example.com,Eve,"])).State);
        fixture.Marketo.ClearFaults();
        foreach (int i in Enumerable.Range(0, 4)) fixture.Marketo.RemoveFromList(PushFixture.ListId, fixture.Marketo.FindPeople("email", $"p{i}@example.com").Single().Id);
        string file = fixture.File(["email,first,segmentMembership.status", .. rows[2..]]);

        var plan = await PushPlanner.PlanAsync(fixture.OptionsFor(), [PushSource.OpenFile(file, FormOptions.None)], CancellationToken.None);
        var push = await fixture.PushAsync(rows[2..]);

        Assert.Equal((PushState.Completed, true, 0L), (push.State, push.IsVerified, push.Removed));
        Assert.Equal(38, fixture.Push.Members().Length);
        Assert.Equal((0L, 2L, 36L), (plan.WouldRemove, plan.WouldAdd, plan.Unchanged));
    }

    [Fact]
    public async Task A_plan_counts_everybody_with_the_identity_of_an_exit()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta);
        foreach (int twin in fixture.Push.Exist("twin@example.com", "twin@example.com")) fixture.Marketo.AddToList(PushFixture.ListId, twin);
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");
        string file = fixture.File("email,first,segmentMembership.status", "twin@example.com,Twin,exited", "ann@example.com,Ann,exited");

        var plan = await PushPlanner.PlanAsync(fixture.OptionsFor(), [PushSource.OpenFile(file, FormOptions.None)], CancellationToken.None);
        var push = await fixture.PushFilesAsync([file]);

        Assert.Equal(["bob@example.com"], fixture.Push.Members());
        Assert.Equal((3L, 3L), (plan.WouldRemove, push.Removed));
    }

    [Fact]
    public async Task An_undoing_is_proven()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime());
        var push = await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "DELETE", Times = 1 });

        var undone = await fixture.UndoAsync(push, force: true);

        Assert.Equal((2, 0, true), (undone.Removed, undone.NotMember, undone.IsVerified));
        Assert.Empty(fixture.Push.Members());
    }
}
