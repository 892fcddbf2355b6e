using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Destinations: the list is kept in step with the segment, with as few calls as can be.</summary>
public sealed class DestinationTests
{
    [Fact]
    public async Task Append_adds_who_is_new_and_asks_nothing_of_the_others()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        var first = await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");
        Assert.Equal((2, 2, PushState.Completed), (first.Added, first.Created, first.State));
        fixture.Marketo.ForgetCalls();

        var second = await fixture.PushAsync("ann@example.com,Ann,", "cyd@example.com,Cyd,");

        Assert.Equal((1, 1, 1), (second.Added, second.AlreadyMember, second.Created));
        Assert.Equal(PersonChange.Unchanged, fixture.Push.PersonOf(second, 1).Change);
        Assert.Equal("add:1 sync:1", fixture.Calls());
        Assert.Equal(["ann@example.com", "bob@example.com", "cyd@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task A_member_whose_fields_changed_is_updated_without_being_added_again()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");
        fixture.Marketo.ForgetCalls();

        var second = await fixture.PushAsync("ann@example.com,Anna,", "bob@example.com,Bob,");

        Assert.Equal((0, 2, 1), (second.Added, second.AlreadyMember, second.Updated));
        Assert.Equal("sync:1", fixture.Calls());
        Assert.Equal("Anna", fixture.Marketo.FindPeople("email", "ann@example.com").Single()["firstName"]);
    }

    [Fact]
    public async Task Mirror_takes_off_who_has_left_and_proves_the_list()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        string[] all = [.. Enumerable.Range(0, 10).Select(i => $"p{i}@example.com,P{i},")];
        var first = await fixture.PushAsync(all);
        Assert.True(first.IsVerified);
        fixture.Marketo.ForgetCalls();

        var second = await fixture.PushAsync([.. all.Skip(1), "new@example.com,New,"]);

        Assert.Equal((PushState.Completed, 1, 9, 1, true), (second.State, second.Added, second.AlreadyMember, second.Removed, second.IsVerified));
        Assert.Equal("add:1 read:1 remove:1 sync:1", fixture.Calls());
        Assert.Equal(10, fixture.Push.Members().Length);
        Assert.DoesNotContain("p0@example.com", fixture.Push.Members());
        Assert.Contains("new@example.com", fixture.Push.Members());
        Assert.NotEmpty(fixture.Marketo.FindPeople("email", "p0@example.com"));
        var sums = fixture.ListSumsOf(second);
        Assert.Equal((10L, 1L, 1L, 0L, 0L, 10L, true), (sums.Before, sums.Added, sums.Removed, sums.AddedByOthers, sums.RemovedByOthers, sums.After!.Value, sums.Agree!.Value));
    }

    [Fact]
    public async Task A_member_that_Marketo_does_not_know_any_more_when_an_import_by_id_arrives_is_no_member_any_more()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, PersonCreation.MatchExisting, ExistingPeople.Update);
        fixture.Push.Delivery = Delivery.Bulk;
        int gone = fixture.Push.Exist("p1@example.com", "p2@example.com")[0];
        await fixture.PushAsync("p1@example.com,One,", "p2@example.com,One,");
        fixture.Push.Connection.CallFinished += call =>
        {
            if (call.Call.Contains("/rest/v1/leads.json", StringComparison.Ordinal)) fixture.Marketo.DeletePerson(gone);
        };

        var push = await fixture.PushAsync("p1@example.com,Two,", "p2@example.com,Two,");

        Assert.Equal((1, 1), (push.Unmatched, push.AlreadyMember));
        using var journal = PushJournal.Open(fixture.Push.Journal);
        Assert.Equal(1, SavedDestinations.Get(journal, "Webinar EMEA").Members);
    }

    [Fact]
    public async Task Mirror_undoes_what_others_did_to_the_list()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        string[] all = [.. Enumerable.Range(0, 20).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(all);
        int stranger = fixture.Push.Exist("stranger@example.com")[0];
        fixture.Marketo.AddToList(PushFixture.ListId, stranger);
        fixture.Marketo.RemoveFromList(PushFixture.ListId, fixture.Marketo.FindPeople("email", "p3@example.com").Single().Id);
        fixture.Marketo.DeletePerson(fixture.Marketo.FindPeople("email", "p4@example.com").Single().Id);
        fixture.Marketo.ForgetCalls();

        var push = await fixture.PushAsync(all);

        Assert.Equal([.. all.Select(row => row.Split(',')[0]).Order(StringComparer.Ordinal)], fixture.Push.Members());
        Assert.Equal((PushState.Completed, 2, 18, 1, 1, true), (push.State, push.Added, push.AlreadyMember, push.Removed, push.Created, push.IsVerified));
        Assert.Equal(PersonOutcome.Added, fixture.Push.PersonOf(push, 5).Outcome);
        var sums = fixture.ListSumsOf(push);
        Assert.Equal((20L, 2L, 1L, 1L, 2L, 20L), (sums.Before, sums.Added, sums.Removed, sums.AddedByOthers, sums.RemovedByOthers, sums.After!.Value));
        Assert.Equal("add:2 read:1 remove:1 sync:1", fixture.Calls());
    }

    [Fact]
    public async Task Delta_does_what_each_row_says_and_the_last_row_counts()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta);
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,existing", "cyd@example.com,Cyd,Active");
        fixture.Marketo.ForgetCalls();

        var push = await fixture.PushAsync(
            "ann@example.com,Ann,exited",
            "dan@example.com,Dan,realized",
            "dan@example.com,Dan,exited",
            "eve@example.com,Eve,exited",
            "bob@example.com,Bob,realized",
            "eve@example.com,Eve,realized",
            "fay@example.com,Fay,perhaps");

        Assert.Equal(["bob@example.com", "cyd@example.com", "eve@example.com"], fixture.Push.Members());
        Assert.Equal((1, 1, 1, 1, 2, 1), (push.Added, push.AlreadyMember, push.Removed, push.NotMember, push.Duplicate, push.Rejected));
        Assert.Equal("MembershipUnknown", fixture.Push.PersonOf(push, 7).Code);
        Assert.Empty(fixture.Marketo.FindPeople("email", "dan@example.com"));

        // One lookup for people who have left and are not known; one for a person who is taken off, because the row at fault might name the person.
        Assert.Equal("add:1 lookup:2 remove:1 sync:1", fixture.Calls());
    }

    [Fact]
    public async Task Who_has_exited_and_was_put_on_the_list_by_others_counts_as_added_by_them()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta);
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");
        fixture.Marketo.AddToList(PushFixture.ListId, fixture.Push.Exist("eve@example.com")[0]);

        var push = await fixture.PushFilesAsync([fixture.File("email,first,segmentMembership.status", "eve@example.com,Eve,exited")], verify: true);

        var sums = fixture.ListSumsOf(push);
        Assert.Equal((2L, 0L, 1L, 1L, 0L, 2L), (sums.Before, sums.Added, sums.Removed, sums.AddedByOthers, sums.RemovedByOthers, sums.After!.Value));
        Assert.True(push.IsVerified);
        Assert.Equal(["ann@example.com", "bob@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task Who_has_exited_and_was_put_on_the_list_after_it_was_read_counts_as_added_by_others()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta);
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");
        int[] exited = fixture.Push.Exist("eve@example.com", "fay@example.com", "gil@example.com");
        fixture.Marketo.AddToList(PushFixture.ListId, exited[1]);
        bool isRead = false;
        fixture.Push.Connection.CallFinished += report =>
        {
            if (isRead || fixture.Marketo.Calls.Last() is not { Method: "GET", Path: "/rest/v1/lists/1021/leads.json" }) return;
            isRead = true;
            fixture.Marketo.AddToList(PushFixture.ListId, exited[0]);
        };

        string path = fixture.File("email,first,segmentMembership.status", "ann@example.com,Ann,exited", "eve@example.com,Eve,exited", "fay@example.com,Fay,exited", "gil@example.com,Gil,exited");
        var push = await fixture.PushFilesAsync([path], verify: true);

        Assert.Equal((true, 3, 1, true), (isRead, push.Removed, push.NotMember, push.IsVerified));
        var sums = fixture.ListSumsOf(push);
        Assert.Equal((2L, 3L, 2L, 0L, 1L), (sums.Before, sums.Removed, sums.AddedByOthers, sums.RemovedByOthers, sums.After!.Value));
        Assert.Equal(["bob@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task People_who_are_on_the_list_already_are_told_and_not_asked_for()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, PersonCreation.MatchExisting);
        int[] ids = fixture.Push.Exist("ann@example.com", "bob@example.com", "cyd@example.com");
        fixture.Marketo.AddToList(PushFixture.ListId, ids[0]);

        var push = await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,", "nobody@example.com,No,");

        Assert.Equal((1, 1, 1), (push.Added, push.AlreadyMember, push.Unmatched));
        Assert.Equal("add:1 lookup:1 read:1", fixture.Calls());
        Assert.Contains(fixture.Warnings(), warning => warning.Contains("has 1 person already", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("empty", "the segment has no people")]
    [InlineData("header", "the segment has no people")]
    [InlineData("shrunk", "the segment has 69 people and had 100")]
    [InlineData("no line end", "it may have been cut off")]
    [InlineData("unreadable", "1 row can't be read")]
    [InlineData("percent", "more than 20% of the 100 people on the list at the beginning would be taken off")]
    [InlineData("number", "more than 3 people would be taken off the list")]
    public async Task The_guard_stops_before_the_first_removal_and_says_why(string what, string reason)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        string[] all = [.. Enumerable.Range(0, 100).Select(i => $"p{i}@example.com,P{i},realized")];
        await fixture.PushAsync(all);
        const string Header = "email,first,segmentMembership.status";
        if (what == "number") fixture.Save(fixture.Destination with { MaxRemovals = 3 });
        if (what == "shrunk") fixture.Save(fixture.Destination with { MaxRemovalPercent = 100 });
        string path = fixture.File(what switch
        {
            "header" => [Header],
            "shrunk" => [Header, .. all.Skip(31)],
            "percent" => [Header, .. all.Skip(21)],
            "number" => [Header, .. all.Skip(4)],
            "unreadable" => [Header, .. all.Skip(1), "too,many,cells,here"],
            _ => [Header, .. all.Skip(1)],
        });
        if (what == "unreadable") await File.AppendAllTextAsync(path, all[1] + "\n");
        if (what == "empty") await File.WriteAllTextAsync(path, "");
        if (what == "no line end") await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).TrimEnd('\n'));
        fixture.Marketo.ForgetCalls();

        var push = await fixture.PushFilesAsync([path]);

        Assert.Equal((PushState.Failed, "GuardStopped", 3), (push.State, push.ErrorId, push.ExitCode));
        Assert.Equal("GuardStopped", fixture.Push.Error!.ErrorId);
        Assert.Contains(reason, push.Reason, StringComparison.Ordinal);
        Assert.Equal(100, fixture.Push.Members().Length);
        Assert.DoesNotContain("remove", fixture.Calls(), StringComparison.Ordinal);

        var forced = await fixture.PushFilesAsync([path], force: true);
        Assert.Equal(PushState.Completed, forced.State);
        Assert.NotEqual(100, fixture.Push.Members().Length);
    }

    [Theory]
    [InlineData(PushMode.Append)]
    [InlineData(PushMode.Mirror)]
    public async Task A_file_that_ends_otherwise_than_the_one_before_is_pushed_with_a_warning_where_nobody_leaves(PushMode mode)
    {
        await using var fixture = await DestinationFixture.StartAsync(mode);
        string[] rows = ["email,first,segmentMembership.status", "ann@example.com,Ann,realized", "bob@example.com,Bob,realized"];
        string path = fixture.File(rows);
        await fixture.PushFilesAsync([path]);
        Assert.DoesNotContain(fixture.Warnings(), IsOfCutOff);
        await File.WriteAllTextAsync(path, $"{string.Join('\n', rows)}\ncyd@example.com,Cyd,real", TestContext.Current.CancellationToken);

        var push = await fixture.PushFilesAsync([path]);

        Assert.Equal((PushState.Completed, 1), (push.State, push.Added));
        Assert.Contains(fixture.Warnings(), IsOfCutOff);

        static bool IsOfCutOff(string warning) => warning.Contains("may have been cut off", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_guard_names_all_of_its_reasons_so_that_nobody_lets_more_through_than_they_know()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        string[] all = [.. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com,P{i},realized")];
        await fixture.PushAsync(all);

        var stopped = await fixture.PushAsync([.. all.Take(10), "nobody,Nobody,realized"]);

        Assert.Equal("GuardStopped", stopped.ErrorId);
        Assert.Contains("1 row has no identity that can be read", stopped.Reason, StringComparison.Ordinal);
        Assert.Contains("the segment has 10 people and had 30", stopped.Reason, StringComparison.Ordinal);
        Assert.Contains("more than 20% of the 30 people on the list", stopped.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_guard_measures_removals_by_the_list_with_the_people_that_others_have_put_on_it()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        string[] all = [.. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com,P{i},realized")];
        await fixture.PushAsync(all);
        int[] strangers = fixture.Push.Exist([.. Enumerable.Range(0, 5).Select(i => $"stranger{i}@example.com")]);
        foreach (int stranger in strangers) fixture.Marketo.AddToList(PushFixture.ListId, stranger);

        var stopped = await fixture.PushAsync([.. all.Skip(3)]);
        var push = await fixture.PushAsync([.. all.Skip(2)]);

        Assert.Equal((PushState.Failed, "GuardStopped"), (stopped.State, stopped.ErrorId));
        Assert.Contains("of the 35 people on the list", stopped.Reason, StringComparison.Ordinal);
        Assert.Equal((PushState.Completed, 7), (push.State, push.Removed));
    }

    [Theory]
    [InlineData(Delivery.Sync, true)]
    [InlineData(Delivery.Sync, false)]
    [InlineData(Delivery.Bulk, true)]
    public async Task The_guard_stops_a_wrong_export_every_night_although_its_people_are_on_the_list_by_then(Delivery delivery, bool verify)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        fixture.Push.Delivery = delivery;
        string[] all = [.. Enumerable.Range(0, 100).Select(i => $"p{i}@example.com,P{i},realized")];
        await fixture.PushAsync(all);
        string wrong = fixture.File(["email,first,segmentMembership.status", .. Enumerable.Range(0, 500).Select(i => $"other{i}@example.com,O{i},realized")]);

        for (int night = 0; night < 3; night++)
        {
            var plan = await PushPlanner.PlanAsync(fixture.OptionsFor(), [PushSource.OpenFile(wrong, FormOptions.None)], CancellationToken.None);
            var letThrough = await PushPlanner.PlanAsync(fixture.OptionsFor(force: true), [PushSource.OpenFile(wrong, FormOptions.None)], CancellationToken.None);
            var stopped = await fixture.PushFilesAsync([wrong], verify: verify);

            Assert.Contains("more than 20% of the 100 people", plan.GuardReason, StringComparison.Ordinal);
            Assert.Equal($"{plan.GuardReason} -Force lets them through.", letThrough.GuardReason);
            Assert.Equal((PushState.Failed, "GuardStopped", 0L), (stopped.State, stopped.ErrorId, stopped.Removed));
            Assert.Contains("more than 20% of the 100 people", stopped.Reason, StringComparison.Ordinal);
            Assert.Equal(600, fixture.Push.Members().Length);
            if (night == 1) Push.Abandon(fixture.Push.Journal, stopped.Id);
        }

        var forced = await fixture.PushFilesAsync([wrong], force: true);
        Assert.Equal((PushState.Completed, 100L), (forced.State, forced.Removed));

        // From here on the list is that of the segment.
        var next = await fixture.PushAsync([.. Enumerable.Range(100, 400).Select(i => $"other{i}@example.com,O{i},realized")]);
        Assert.Equal((PushState.Completed, 100L), (next.State, next.Removed));
    }

    [Fact]
    public async Task The_guard_stops_a_wrong_export_also_where_one_of_its_pushes_was_undone()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        await fixture.PushAsync([.. Enumerable.Range(0, 100).Select(i => $"p{i}@example.com,P{i},realized")]);
        string[] wrong = [.. Enumerable.Range(0, 520).Select(i => $"other{i}@example.com,O{i},realized")];
        Assert.Equal("GuardStopped", (await fixture.PushAsync(wrong[..500])).ErrorId);
        var second = await fixture.PushAsync(wrong);
        Assert.Equal(("GuardStopped", 20L), (second.ErrorId, second.Added));
        Assert.Equal((PushState.Completed, 20L), (await fixture.UndoAsync(second)) is var undone ? (undone.State, undone.Removed) : default);

        var stopped = await fixture.PushAsync(wrong[..500]);

        Assert.Equal((PushState.Failed, "GuardStopped", 0L), (stopped.State, stopped.ErrorId, stopped.Removed));
    }

    [Fact]
    public async Task The_guard_stops_a_wrong_export_also_where_a_completed_push_of_it_was_undone()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        string[] right = [.. Enumerable.Range(0, 100).Select(i => $"p{i}@example.com,P{i},realized")], wrong = [.. Enumerable.Range(0, 500).Select(i => $"other{i}@example.com,O{i},realized")];
        await fixture.PushAsync(right);
        var both = await fixture.PushAsync([.. right, .. wrong]);
        Assert.Equal((PushState.Completed, 500L), (both.State, both.Added));
        Assert.Equal(500, (await fixture.UndoAsync(both, force: true)).Removed);

        for (int night = 0; night < 2; night++)
        {
            var stopped = await fixture.PushAsync(wrong);
            Assert.Equal((PushState.Failed, "GuardStopped", 0L), (stopped.State, stopped.ErrorId, stopped.Removed));
        }
    }

    [Fact]
    public async Task The_guard_does_not_count_people_that_an_unanswered_call_of_another_push_may_have_put_on_the_list()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, time: new HurriedTime());
        await fixture.PushAsync([.. Enumerable.Range(0, 50).Select(i => $"p{i}@example.com,P{i},realized")]);
        string wrong = fixture.File(["email,first,segmentMembership.status", .. Enumerable.Range(0, 300).Select(i => $"other{i}@example.com,O{i},realized")]);
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Path = "/rest/v1/lists/1021/leads.json", Method = "POST" });
        var broken = await fixture.PushFilesAsync([wrong]);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 0L, 350), (broken.State, broken.Added, fixture.Push.Members().Length));

        var stopped = await fixture.PushFilesAsync([wrong]);

        Assert.Equal((PushState.Failed, "GuardStopped"), (stopped.State, stopped.ErrorId));
        Assert.Equal(350, fixture.Push.Members().Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Once_the_people_of_a_push_that_the_guard_stopped_are_off_the_list_it_is_guarded_as_before(bool isUndone)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        string[] all = [.. Enumerable.Range(0, 100).Select(i => $"p{i}@example.com,P{i},realized")];
        await fixture.PushAsync(all);
        var wrong = await fixture.PushAsync([.. Enumerable.Range(0, 500).Select(i => $"other{i}@example.com,O{i},realized")]);
        Assert.Equal("GuardStopped", wrong.ErrorId);
        int[] others = [.. Enumerable.Range(0, 500).Select(i => fixture.Marketo.FindPeople("email", $"other{i}@example.com").Single().Id)];
        if (isUndone) await fixture.UndoAsync(wrong, force: true);
        foreach (int other in others) fixture.Marketo.RemoveFromList(PushFixture.ListId, other);

        var push = await fixture.PushAsync([.. all.Skip(20)]);

        Assert.Equal((PushState.Completed, 20L), (push.State, push.Removed));
    }

    [Fact]
    public async Task Resync_brings_the_list_and_the_fields_back()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");
        long ann = fixture.Marketo.FindPeople("email", "ann@example.com").Single().Id;
        fixture.Marketo.RemoveFromList(PushFixture.ListId, ann);
        fixture.Marketo.UpdatePerson(fixture.Marketo.FindPeople("email", "bob@example.com").Single().Id, new Dictionary<string, object?> { ["firstName"] = "Robert" });
        string path = fixture.File("email,first", "ann@example.com,Ann", "bob@example.com,Bob");

        var push = await fixture.PushFilesAsync([path], resync: true);

        Assert.Equal((1, 1, 2), (push.Added, push.AlreadyMember, push.Updated));
        Assert.Equal(["ann@example.com", "bob@example.com"], fixture.Push.Members());
        Assert.Equal("Bob", fixture.Marketo.FindPeople("email", "bob@example.com").Single()["firstName"]);
    }

    [Theory]
    [InlineData(PushMode.Append, 1)]
    [InlineData(PushMode.Delta, 0)]
    public async Task Rows_of_people_who_have_left_are_counted_in_a_warning_where_nobody_reads_the_membership(PushMode mode, int warnings)
    {
        await using var fixture = await DestinationFixture.StartAsync(mode);

        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,exited", "eve@example.com,Eve,Exited");

        Assert.Equal(warnings, fixture.Warnings().Count(warning => warning.StartsWith("2 rows say that their people have left the segment.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false, 1, 1)]
    [InlineData(true, 0, 2)]
    public async Task Resync_knows_people_that_others_have_put_on_the_list(bool resync, int added, int alreadyMember)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        await fixture.PushAsync("ann@example.com,Ann,");
        int bob = fixture.Marketo.AddPerson(new Dictionary<string, object?> { ["email"] = "bob@example.com" });
        fixture.Marketo.AddToList(PushFixture.ListId, bob);
        string path = fixture.File("email,first", "ann@example.com,Ann", "bob@example.com,Bob");

        var push = await fixture.PushFilesAsync([path], resync: resync);

        Assert.Equal((PushState.Completed, added, alreadyMember), (push.State, push.Added, push.AlreadyMember));
    }

    [Fact]
    public async Task A_mirror_that_its_guard_stops_knows_the_people_that_others_have_put_on_the_list()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");
        int eve = fixture.Marketo.AddPerson(new Dictionary<string, object?> { ["email"] = "eve@example.com" });
        fixture.Marketo.AddToList(PushFixture.ListId, eve);
        Assert.Equal("GuardStopped", (await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,")).ErrorId);

        var push = await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,", "eve@example.com,Eve,");

        Assert.Equal((PushState.Completed, 0, 3), (push.State, push.Added, push.AlreadyMember));
        var sums = fixture.ListSumsOf(push);
        Assert.Equal((3L, 0L, 0L, 3L), (sums.Before, sums.Added, sums.AddedByOthers, sums.After!.Value));
    }

    [Fact]
    public async Task An_empty_file_is_a_day_without_changes()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta);
        await fixture.PushAsync("ann@example.com,Ann,realized");

        var header = await fixture.PushAsync();
        string empty = fixture.File();
        var none = await fixture.PushFilesAsync([empty]);

        Assert.Equal((PushState.Completed, 0, PushState.Completed, 0), (header.State, header.Received, none.State, none.Received));
        Assert.Equal(["ann@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task A_mirror_by_import_learns_the_ids_and_needs_no_lookup_for_who_leaves()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        fixture.Push.Delivery = Delivery.Bulk;
        string[] all = [.. Enumerable.Range(0, 700).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(all);
        fixture.Push.Delivery = Delivery.Sync;
        fixture.Marketo.ForgetCalls();

        var push = await fixture.PushAsync([.. all.Skip(10)]);

        Assert.Equal((690, 10, true), (push.AlreadyMember, push.Removed, push.IsVerified));
        Assert.Equal("read:3 remove:1", fixture.Calls());
        Assert.Equal(690, fixture.Push.Members().Length);
    }

    [Fact]
    public async Task An_import_tells_who_was_on_the_list_before()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        fixture.Push.Delivery = Delivery.Bulk;
        await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");

        var push = await fixture.PushAsync("ann@example.com,Anna,", "bob@example.com,Bob,", "cyd@example.com,Cyd,");

        Assert.Equal((1, 2), (push.Added, push.AlreadyMember));
        Assert.Equal(PersonOutcome.AlreadyMember, fixture.Push.PersonOf(push, 1).Outcome);
        Assert.Equal(PersonOutcome.Added, fixture.Push.PersonOf(push, 3).Outcome);
        Assert.Equal("Anna", fixture.Marketo.FindPeople("email", "ann@example.com").Single()["firstName"]);
    }
}
