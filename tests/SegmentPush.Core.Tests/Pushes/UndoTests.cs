using System.Globalization;
using SegmentPush.Core.Tests.Journal;
using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>A push is taken back: the list is as it was, nobody is deleted, and nothing else is touched.</summary>
public sealed class UndoTests
{
    [Theory]
    [InlineData(Delivery.Sync)]
    [InlineData(Delivery.Bulk)]
    public async Task The_days_of_a_destination_are_undone_one_by_one(Delivery delivery)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        fixture.Push.Delivery = delivery;
        var random = new Random(7);
        var segment = Enumerable.Range(0, 60).Select(i => $"p{i}@example.com").ToList();
        var days = new List<(PushStatus Push, string[] Before)>();
        for (int day = 0; day < 6; day++)
        {
            if (day > 0)
            {
                segment.RemoveAll(_ => random.Next(15) == 0);
                segment.Add($"new{day}@example.com");
            }

            var before = fixture.Push.Members();
            var push = await fixture.PushFilesAsync(
                [fixture.File(["email,first", .. segment.Select(address => $"{address},Name{random.Next(3)}")])], force: true);
            Assert.Equal((PushState.Completed, true), (push.State, push.IsVerified));
            days.Add((push, before));
        }

        int people = fixture.Marketo.PersonCount;
        foreach (var (push, before) in Enumerable.Reverse(days))
        {
            var undone = await fixture.UndoAsync(push, force: push == days[0].Push);

            Assert.Equal((PushState.Completed, push.Id, true), (undone.State, undone.UndoOf, undone.IsVerified));
            Assert.Equal(before, fixture.Push.Members());
            Assert.True(fixture.ListSumsOf(undone).Agree);
        }

        Assert.Equal(people, fixture.Marketo.PersonCount);

        // An import does not tell which people it created.
        string stay = delivery == Delivery.Sync ? "people that the push created stay in Marketo" : "Where an import of the push has created people, they stay in Marketo";
        Assert.Contains(fixture.Warnings(), warning => warning.Contains(stay, StringComparison.Ordinal));

        // And the destination goes on from there.
        var again = await fixture.PushFilesAsync([fixture.File(["email,first", .. segment.Select(address => $"{address},Name")])], force: true);
        Assert.True(again.IsVerified);
        Assert.Equal([.. segment.Order(StringComparer.Ordinal)], fixture.Push.Members());
    }

    [Fact]
    public async Task What_a_mirror_did_about_others_is_undone_with_it()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        string[] rows = [.. Enumerable.Range(0, 20).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        fixture.Marketo.AddToList(PushFixture.ListId, fixture.Push.Exist("stranger@example.com")[0]);
        fixture.Marketo.RemoveFromList(PushFixture.ListId, fixture.Marketo.FindPeople("email", "p3@example.com").Single().Id);
        var before = fixture.Push.Members();
        var push = await fixture.PushAsync([.. rows.Skip(1), "new@example.com,New,"]);

        var undone = await fixture.UndoAsync(push);

        Assert.Equal((PushState.Completed, true), (undone.State, undone.IsVerified));
        Assert.Equal(before, fixture.Push.Members());
    }

    [Fact]
    public async Task What_others_have_done_since_is_left_alone()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        await fixture.PushAsync([.. Enumerable.Range(0, 20).Select(i => $"p{i}@example.com,P{i},")]);
        var push = await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");
        fixture.Marketo.AddToList(PushFixture.ListId, fixture.Push.Exist("colleague@example.com")[0]);
        fixture.Marketo.RemoveFromList(PushFixture.ListId, fixture.Marketo.FindPeople("email", "ann@example.com").Single().Id);

        var undone = await fixture.UndoAsync(push);

        Assert.Equal((1, 1, true), (undone.Removed, undone.NotMember, undone.IsVerified));
        Assert.Equal(21, fixture.Push.Members().Length);
        Assert.Contains("colleague@example.com", fixture.Push.Members());
    }

    [Fact]
    public async Task The_guard_also_stops_an_undoing()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        var push = await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");

        var undone = await fixture.UndoAsync(push);

        Assert.Equal((PushState.Failed, "GuardStopped"), (undone.State, undone.ErrorId));
        Assert.Equal(2, fixture.Push.Members().Length);
    }

    [Fact]
    public async Task An_older_push_is_not_undone_before_the_newer_ones()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        var first = await fixture.PushAsync("ann@example.com,Ann,");
        var second = await fixture.PushAsync("bob@example.com,Bob,");

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => fixture.UndoAsync(first));
        Assert.Equal("PushNotLast", error.ErrorId);

        await fixture.UndoAsync(second, force: true);
        await fixture.UndoAsync(first, force: true);
        Assert.Empty(fixture.Push.Members());
    }

    [Fact]
    public async Task An_undoing_can_be_undone()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        var push = await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");
        var undone = await fixture.UndoAsync(push, force: true);
        Assert.Empty(fixture.Push.Members());

        var redone = await fixture.UndoAsync(undone);

        Assert.Equal((2, PushState.Completed), (redone.Added, redone.State));
        Assert.Equal(["ann@example.com", "bob@example.com"], fixture.Push.Members());
        fixture.Marketo.ForgetCalls();
        var next = await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");
        Assert.Equal(2, next.AlreadyMember);
    }

    [Fact]
    public async Task A_push_whose_undoing_was_undone_can_be_undone_again()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        await fixture.PushAsync([.. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com,P{i},")]);
        var before = fixture.Push.Members();
        var push = await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");
        await fixture.UndoAsync(await fixture.UndoAsync(push));
        Assert.Equal(32, fixture.Push.Members().Length);

        var again = await fixture.UndoAsync(push);

        Assert.Equal((2, PushState.Completed), (again.Removed, again.State));
        Assert.Equal(before, fixture.Push.Members());
        var refused = await Assert.ThrowsAsync<SegmentPushException>(() => fixture.UndoAsync(push));
        Assert.Equal("AlreadyUndone", refused.ErrorId);
    }

    [Theory]
    [InlineData("resync")]
    [InlineData("came back")]
    public async Task A_person_who_is_put_back_is_known_as_one_person_and_nobody_else_is_taken_for_that_one(string meanwhile)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        string[] rows = [.. Enumerable.Range(0, 20).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        var removal = await fixture.PushAsync(rows[1..]);
        if (meanwhile == "resync") await fixture.PushFilesAsync([fixture.File(["email,first", .. rows[1..].Select(row => row.TrimEnd(','))])], resync: true);
        if (meanwhile == "came back") await fixture.PushAsync(rows);

        var undone = await fixture.UndoAsync(removal, force: meanwhile == "came back");

        Assert.Equal((PushState.Completed, true), (undone.State, undone.IsVerified));
        Assert.Equal(20, fixture.Push.Members().Length);
        fixture.Push.Events.Clear();
        var all = await fixture.PushAsync(rows);
        Assert.Equal((0, true), (all.Removed, all.IsVerified));
        Assert.Empty(fixture.Warnings());
        Assert.Equal(20, fixture.Push.Members().Length);
        var next = await fixture.PushAsync(rows[2..]);
        Assert.Equal((2, 0, true), (next.Removed, next.NotMember, next.IsVerified));
        Assert.Equal([.. rows[2..].Select(row => row.Split(',')[0]).Order(StringComparer.Ordinal)], fixture.Push.Members());
        Assert.Empty(fixture.Warnings());
    }

    [Fact]
    public async Task A_person_who_is_put_back_takes_nobody_s_place_in_a_snapshot_that_has_begun_anew()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        string[] rows = [.. Enumerable.Range(0, 20).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        var removal = await fixture.PushAsync(rows[1..]);
        const string Header = "email,first,segmentMembership.status";
        await fixture.PushFilesAsync([fixture.File([Header, .. rows[1..]])], resync: true);
        await fixture.UndoAsync(removal);

        var push = await fixture.PushFilesAsync([fixture.File([Header, rows[0], .. rows[2..]])], verify: false);

        Assert.Equal(1, push.Removed);
        Assert.Equal([.. rows.Where(row => row != rows[1]).Select(row => row.Split(',')[0]).Order(StringComparer.Ordinal)], fixture.Push.Members());
    }

    [Fact]
    public async Task A_destination_of_the_same_name_and_another_list_learns_nothing_of_an_undoing()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        string[] rows = [.. Enumerable.Range(0, 20).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows[1..]);
        var push = await fixture.PushAsync(rows);
        using (var journal = PushJournal.Open(fixture.Push.Journal)) journal.Destinations.Remove(fixture.Destination.Name);
        int other = fixture.Marketo.AddStaticList("Other");
        fixture.Save(fixture.Destination with { StaticListId = other, StaticListName = "Other" });
        fixture.Push.List = other.ToString(CultureInfo.InvariantCulture);
        await fixture.PushAsync(rows);

        var undone = await fixture.UndoAsync(push);

        Assert.Equal((1, 19), (undone.Removed, fixture.Push.Members().Length));
        var again = await fixture.PushAsync(rows);
        Assert.Equal((20, 20), (again.AlreadyMember, fixture.Marketo.GetMembers(other).Count));
    }

    [Fact]
    public async Task An_interrupted_push_is_undone_with_the_additions_whose_answers_were_lost()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime());
        string[] rows = [.. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        var before = fixture.Push.Members();
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json" });
        var push = await fixture.PushAsync([.. rows, "ann@example.com,Ann,", "bob@example.com,Bob,"]);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 0L, 32), (push.State, push.Added, fixture.Push.Members().Length));

        var undone = await fixture.UndoAsync(push);

        Assert.Equal((PushState.Completed, 2L, true), (undone.State, undone.Removed, undone.IsVerified));
        Assert.Equal(before, fixture.Push.Members());
    }

    [Fact]
    public async Task Whom_the_undo_of_a_later_push_puts_back_the_undo_of_an_interrupted_one_takes_off()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime());
        await fixture.PushAsync([.. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com,P{i},realized")]);
        var before = fixture.Push.Members();
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json" });
        var push = await fixture.PushAsync("ann@example.com,Ann,realized");
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 31), (push.State, fixture.Push.Members().Length));
        await fixture.UndoAsync(await fixture.PushAsync("ann@example.com,Ann,exited"));
        Assert.Equal(31, fixture.Push.Members().Length);

        var undone = await fixture.UndoAsync(push);

        Assert.Equal((PushState.Completed, 1L), (undone.State, undone.Removed));
        Assert.Equal(before, fixture.Push.Members());
    }

    [Fact]
    public async Task Whom_an_import_has_added_counts_as_added_where_another_push_has_read_the_list_before_the_resume()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime());
        await fixture.PushAsync("old@example.com,Old,");
        fixture.Push.Delivery = Delivery.Bulk;
        string segment = fixture.File("email,first", "ann@example.com,Ann", "bob@example.com,Bob");
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "GET", Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json" });
        var push = await fixture.PushFilesAsync([segment], verify: true);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 2L), (push.State, push.Added));
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = "/bulk/*" });
        Assert.Equal(PushState.Interrupted, (await fixture.PushFilesAsync([fixture.File("email,first", "eve@example.com,Eve")], resync: true)).State);
        fixture.Marketo.ClearFaults();

        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, 2L, 0L), (push.State, push.Added, push.AlreadyMember));
    }

    [Fact]
    public async Task An_interrupted_push_is_undone_with_the_removals_whose_answers_were_lost()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, time: new HurriedTime());
        string[] rows = [.. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        var before = fixture.Push.Members();
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "DELETE" });
        var push = await fixture.PushAsync(rows[2..]);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 0L, 28), (push.State, push.Removed, fixture.Push.Members().Length));

        var undone = await fixture.UndoAsync(push);

        Assert.Equal((PushState.Completed, 2L, true), (undone.State, undone.Added, undone.IsVerified));
        Assert.Equal(before, fixture.Push.Members());
    }

    [Fact]
    public async Task An_interrupted_push_is_undone_with_the_import_that_is_still_under_way()
    {
        var time = new HurriedTime();
        await using var fixture = await DestinationFixture.StartAsync(
            PushMode.Append, options: new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, TimeProvider = time, ImportDuration = TimeSpan.FromMinutes(10) }, time: time);
        string[] rows = [.. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        var before = fixture.Push.Members();
        fixture.Push.Delivery = Delivery.Bulk;
        using var stop = new CancellationTokenSource();
        var push = await fixture.Push.WatchAsync(
            Push.RunAsync(fixture.OptionsFor(), [PushSource.OpenFile(fixture.File("email,first", "ann@example.com,Ann", "bob@example.com,Bob"), new FormOptions())], stop.Token),
            e =>
            {
                if (e is CallFinished { Report.Call: var call } && call.Contains("batch", StringComparison.Ordinal)) stop.Cancel();
            });
        Assert.Equal((PushState.Interrupted, 0L), (push.State, push.Added));

        var undone = await fixture.UndoAsync(push);

        Assert.Equal((PushState.Completed, 2L, true), (undone.State, undone.Removed, undone.IsVerified));
        Assert.Equal(before, fixture.Push.Members());
        Assert.Single(fixture.Warnings(), warning => warning.Contains("may still change people and the list", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_push_waits_for_the_import_of_an_interrupted_one_also_where_it_creates_nobody()
    {
        var time = new HurriedTime();
        await using var fixture = await DestinationFixture.StartAsync(
            PushMode.Mirror,
            PersonCreation.MatchExisting,
            options: new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, TimeProvider = time, ImportDuration = TimeSpan.FromMinutes(10) },
            time: time);
        fixture.Push.Exist([.. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com"), "ann@example.com", "bob@example.com"]);
        string right = fixture.File(["email,first", .. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com,P{i}")]);
        await fixture.PushFilesAsync([right]);
        var before = fixture.Push.Members();
        fixture.Push.Delivery = Delivery.Bulk;
        using var stop = new CancellationTokenSource();
        var wrong = await fixture.Push.WatchAsync(
            Push.RunAsync(fixture.OptionsFor(force: true), [PushSource.OpenFile(fixture.File("email,first", "ann@example.com,Ann", "bob@example.com,Bob"), new FormOptions())], stop.Token),
            e =>
            {
                if (e is CallFinished { Report.Call: var call } && call.Contains("batch", StringComparison.Ordinal)) stop.Cancel();
            });
        Assert.Equal((PushState.Interrupted, before.Length), (wrong.State, fixture.Push.Members().Length));

        var push = await fixture.PushFilesAsync([right]);

        Assert.Equal((PushState.Completed, 2L), (push.State, push.Removed));
        await Task.Delay(TimeSpan.FromMinutes(15), time, TestContext.Current.CancellationToken);
        Assert.Equal(before, fixture.Push.Members());
    }

    [Fact]
    public async Task A_push_is_not_undone_while_its_imported_rows_are_to_be_read_again()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime());
        await fixture.PushAsync([.. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com,P{i},")]);
        var before = fixture.Push.Members();
        fixture.Push.Delivery = Delivery.Bulk;
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = "/bulk/*" });
        var push = await fixture.PushFilesAsync([fixture.File("email,first", "ann@example.com,Ann", "bob@example.com,Bob")]);
        Assert.Equal(PushState.Interrupted, push.State);
        fixture.Marketo.ClearFaults();
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Path = "/rest/*" });
        Assert.Equal(PushState.Interrupted, (await fixture.Push.ResumeAsync(push.Id)).State);
        fixture.Marketo.ClearFaults();
        Assert.Equal(32, fixture.Push.Members().Length);

        var refused = await Assert.ThrowsAsync<SegmentPushException>(() => fixture.UndoAsync(push));

        Assert.Equal("NotUndoable", refused.ErrorId);
        Assert.Contains("resume it first", refused.RecommendedAction, StringComparison.Ordinal);
        push = await fixture.Push.ResumeAsync(push.Id);
        Assert.Equal((PushState.Completed, 2L), (push.State, push.Added));
        Assert.Equal(PushState.Completed, (await fixture.UndoAsync(push)).State);
        Assert.Equal(before, fixture.Push.Members());
    }

    [Fact]
    public async Task An_undoing_warns_of_members_without_ids_who_may_have_another_identity_by_now()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime());
        fixture.Push.Delivery = Delivery.Bulk;
        string[] rows = [.. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        var known = await fixture.PushAsync("ann@example.com,Ann,");
        await fixture.UndoAsync(known);
        Assert.DoesNotContain(fixture.Warnings(), warning => warning.Contains("an import tells no ids", StringComparison.Ordinal));
        await fixture.PushAsync("cat@example.com,Cat,");
        fixture.Marketo.UpdatePerson(fixture.Marketo.FindPeople("email", "cat@example.com").Single().Id, new Dictionary<string, object?> { ["email"] = "cathy@example.com" });
        var push = await fixture.PushAsync("cathy@example.com,Cat,");

        await fixture.UndoAsync(push);

        Assert.Single(fixture.Warnings(), warning => warning.Contains("an import tells no ids", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Delivery.Sync)]
    [InlineData(Delivery.Bulk)]
    public async Task A_push_for_no_destination_is_not_undone_because_nobody_knows_who_was_on_the_list_before(Delivery delivery)
    {
        await using var fixture = await PushFixture.StartAsync();
        fixture.Delivery = delivery;
        var push = await fixture.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com", "Ann"], ["bob@example.com", "Bob"]]);

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => fixture.WatchAsync(
            Push.UndoAsync(
                new UndoOptions { Sending = new ResumeOptions { Connection = fixture.Connection, Journal = fixture.Journal }, Force = true },
                push.Id,
                CancellationToken.None),
            null));

        Assert.Equal("NotUndoable", error.ErrorId);
        Assert.Equal(2, fixture.Members().Length);
    }
}
