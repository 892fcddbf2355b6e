using SegmentPush.Core.Tests.Journal;
using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Each person on a list is a person of their own, also where the field that finds people holds nothing, a new value, or that of another.</summary>
public sealed class DestinationIdentityTests
{
    private const int Nameless = 3_200;

    private static readonly string[] s_rows = [.. Enumerable.Range(0, 60).Select(i => $"p{i}@example.com,P{i},realized")];

    [Theory]
    [InlineData(PushMode.Append)]
    [InlineData(PushMode.Delta)]
    public async Task Many_people_without_identity_stay_on_the_list_day_after_day(PushMode mode)
    {
        await using var fixture = await StartAsync(mode);
        int[] nameless = AddNameless(fixture, Nameless);

        await AssertDayAsync(s_rows, before: Nameless, added: 60);
        await AssertDayAsync(s_rows, before: Nameless + 60, added: 0);
        await AssertDayAsync([.. s_rows, "new@example.com,New,realized"], before: Nameless + 60, added: 1);

        async Task AssertDayAsync(string[] rows, long before, int added)
        {
            var push = await PushAsync(fixture, rows);
            Assert.Equal((PushState.Completed, true, added, 0), (push.State, push.IsVerified, push.Added, push.Removed));
            AssertSums(fixture, push, before, added, removed: 0, addedByOthers: 0, removedByOthers: 0);
            Assert.Equal(before + added, fixture.Marketo.GetMembers(PushFixture.ListId).Count);
            Assert.Empty(nameless.Except(fixture.Marketo.GetMembers(PushFixture.ListId)));
        }
    }

    [Fact]
    public async Task Of_two_people_with_one_identity_the_one_that_the_row_leads_to_is_put_back()
    {
        await using var fixture = await StartAsync(PushMode.Mirror);
        string[] rows = ["ann@example.com,Ann,realized", .. s_rows];
        await PushAsync(fixture, rows);
        int ann = fixture.Marketo.FindPeople("email", "ann@example.com").Single().Id, twin = fixture.Push.Exist("ann@example.com")[0];
        fixture.Marketo.AddToList(PushFixture.ListId, twin);
        await PushAsync(fixture, rows);
        Assert.Contains(twin, fixture.Marketo.GetMembers(PushFixture.ListId));
        foreach (int id in new[] { ann, twin }) fixture.Marketo.RemoveFromList(PushFixture.ListId, id);

        var push = await PushAsync(fixture, rows);

        Assert.Equal((PushState.Completed, true, ann), (push.State, push.IsVerified, fixture.Push.PersonOf(push, 1).MarketoId));
        Assert.Contains(ann, fixture.Marketo.GetMembers(PushFixture.ListId));
        Assert.DoesNotContain(twin, fixture.Marketo.GetMembers(PushFixture.ListId));
    }

    [Fact]
    public async Task One_without_identity_is_not_taken_for_another()
    {
        await using var fixture = await StartAsync(PushMode.Append);
        int[] nameless = AddNameless(fixture, 5);
        await PushAsync(fixture, s_rows);
        fixture.Marketo.RemoveFromList(PushFixture.ListId, nameless[0]);
        AddNameless(fixture, 1);

        var push = await PushAsync(fixture, s_rows);

        AssertSums(fixture, push, before: 65, added: 0, removed: 0, addedByOthers: 1, removedByOthers: 1);
    }

    [Fact]
    public async Task Whom_others_put_on_the_list_is_known_from_then_on()
    {
        await using var fixture = await StartAsync(PushMode.Append);
        await PushAsync(fixture, s_rows);
        int[] strangers = fixture.Push.Exist("guest@example.com", "other@example.com");
        foreach (int id in strangers) fixture.Marketo.AddToList(PushFixture.ListId, id);

        var first = await PushAsync(fixture, s_rows);
        var next = await PushAsync(fixture, [.. s_rows, "guest@example.com,Ann,realized"]);

        AssertSums(fixture, first, before: 60, added: 0, removed: 0, addedByOthers: 2, removedByOthers: 0);
        AssertSums(fixture, next, before: 62, added: 0, removed: 0, addedByOthers: 0, removedByOthers: 0);
        Assert.Equal((61, 0), (next.AlreadyMember, next.Created));
        Assert.Equal(62, fixture.Marketo.GetMembers(PushFixture.ListId).Count);
    }

    [Theory]
    [InlineData(PushMode.Append)]
    [InlineData(PushMode.Delta)]
    public async Task Whom_others_put_on_the_list_and_take_off_again_stays_off(PushMode mode)
    {
        await using var fixture = await StartAsync(mode);
        await PushAsync(fixture, s_rows);
        int guest = fixture.Push.Exist("guest@example.com")[0];
        fixture.Marketo.AddToList(PushFixture.ListId, guest);
        await PushAsync(fixture, s_rows);
        fixture.Marketo.RemoveFromList(PushFixture.ListId, guest);

        var push = await PushAsync(fixture, s_rows);

        Assert.Equal((0, true), (push.Added, push.IsVerified));
        Assert.DoesNotContain(guest, fixture.Marketo.GetMembers(PushFixture.ListId));
    }

    [Theory]
    [InlineData(PushMode.Mirror)]
    [InlineData(PushMode.Append)]
    [InlineData(PushMode.Delta)]
    public async Task A_row_at_fault_puts_nobody_back_on_the_list(PushMode mode)
    {
        await using var fixture = await StartAsync(mode);
        await PushAsync(fixture, s_rows);
        int person = fixture.Marketo.FindPeople("email", "p7@example.com").Single().Id;
        fixture.Marketo.RemoveFromList(PushFixture.ListId, person);

        var push = await PushAsync(fixture, [.. s_rows.Where(row => !row.StartsWith("p7@", StringComparison.Ordinal)), $"p7@example.com,{new string('x', 300)},realized"]);

        Assert.Equal((PushState.Completed, 1, 0, true), (push.State, push.Rejected, push.Added, push.IsVerified));
        Assert.DoesNotContain(person, fixture.Marketo.GetMembers(PushFixture.ListId));

        // The mended row does.
        Assert.Equal(1, (await PushAsync(fixture, s_rows)).Added);
    }

    [Fact]
    public async Task The_last_row_counts_also_in_a_reject_file_whose_cells_are_marked()
    {
        await using var fixture = await StartAsync(PushMode.Delta);
        string path = fixture.File(
            "email,first,segmentMembership.status,_Row,_Code,_Reason",
            "'+ann@example.com,Ann,exited,1,X,Y",
            "'+ann@example.com,Ann,realized,2,X,Y");

        var push = await fixture.PushFilesAsync([path], verify: true);

        Assert.Equal((1, 1), (push.Duplicate, push.Added));
        Assert.Single(fixture.Marketo.GetMembers(PushFixture.ListId));
    }

    [Theory]
    [InlineData("late@example.com")]
    [InlineData("p7@example.com")]
    public async Task A_person_who_gets_an_identity_is_the_same_person_also_where_another_has_it(string address)
    {
        await using var fixture = await StartAsync(PushMode.Append);
        int[] nameless = AddNameless(fixture, 5);
        await PushAsync(fixture, s_rows);
        fixture.Marketo.UpdatePerson(nameless[2], new Dictionary<string, object?> { ["email"] = address });

        for (int day = 0; day < 2; day++)
        {
            var push = await PushAsync(fixture, s_rows);

            AssertSums(fixture, push, before: 65, added: 0, removed: 0, addedByOthers: 0, removedByOthers: 0);
        }

        Assert.Contains(nameless[2], fixture.Marketo.GetMembers(PushFixture.ListId));
    }

    [Fact]
    public async Task A_person_who_gets_the_identity_of_another_does_not_stand_for_that_one()
    {
        await using var fixture = await StartAsync(PushMode.Append);
        int[] nameless = AddNameless(fixture, 5);
        await PushAsync(fixture, s_rows);
        long taken = fixture.Marketo.FindPeople("email", "p7@example.com").Single().Id;
        fixture.Marketo.UpdatePerson(nameless[2], new Dictionary<string, object?> { ["email"] = "p7@example.com" });
        fixture.Marketo.RemoveFromList(PushFixture.ListId, taken);

        var push = await PushAsync(fixture, s_rows);

        AssertSums(fixture, push, before: 65, added: 1, removed: 0, addedByOthers: 0, removedByOthers: 1);
        Assert.Contains((int)taken, fixture.Marketo.GetMembers(PushFixture.ListId));
        Assert.Contains(nameless[2], fixture.Marketo.GetMembers(PushFixture.ListId));
    }

    [Fact]
    public async Task Whose_address_changes_in_Marketo_and_in_the_segment_stays_on_the_list()
    {
        await using var fixture = await StartAsync(PushMode.Mirror);
        await PushAsync(fixture, s_rows);
        var person = fixture.Marketo.FindPeople("email", "p7@example.com").Single();
        fixture.Marketo.UpdatePerson(person.Id, new Dictionary<string, object?> { ["email"] = "renamed@example.com" });
        string[] rows = [.. s_rows.Select(row => row.Replace("p7@example.com", "renamed@example.com", StringComparison.Ordinal))];

        var first = await PushAsync(fixture, rows);
        var next = await PushAsync(fixture, rows);

        Assert.Equal((0, 0), (first.Removed, fixture.ListSumsOf(first).AddedByOthers));
        AssertSums(fixture, next, before: 60, added: 0, removed: 0, addedByOthers: 0, removedByOthers: 0);
        Assert.Contains(person.Id, fixture.Marketo.GetMembers(PushFixture.ListId));
    }

    [Fact]
    public async Task A_person_that_two_rows_have_led_to_leaves_as_one_person_where_the_list_is_not_read()
    {
        await using var fixture = await StartAsync(PushMode.Mirror);
        fixture.Save(fixture.Destination with { MaxRemovals = 1 });
        string Segment(params string[] more) => fixture.File(["email,first,segmentMembership.status", .. s_rows, .. more]);
        await fixture.PushFilesAsync([Segment("ann@example.com,Ann,realized")], verify: false);
        int ann = fixture.Marketo.FindPeople("email", "ann@example.com").Single().Id;
        fixture.Marketo.UpdatePerson(ann, new Dictionary<string, object?> { ["email"] = "anna@example.com" });
        await fixture.PushFilesAsync([Segment("ann@example.com,Ann,realized", "anna@example.com,Ann,realized")], verify: false);
        var options = fixture.OptionsFor(verify: false);

        var plan = await PushPlanner.PlanAsync(options, [PushSource.OpenFile(Segment(), FormOptions.None)], CancellationToken.None);
        var push = await fixture.PushFilesAsync([Segment()], verify: false);

        Assert.Equal((1L, null), (plan.WouldRemove, plan.GuardReason));
        Assert.Equal((PushState.Completed, 1L), (push.State, push.Removed));
        Assert.DoesNotContain(ann, fixture.Marketo.GetMembers(PushFixture.ListId));
    }

    [Fact]
    public async Task Who_has_given_the_identity_of_a_row_to_another_member_and_was_taken_off_stays_off()
    {
        await using var fixture = await StartAsync(PushMode.Mirror);
        await PushAsync(fixture, [.. s_rows, "ann@example.com,Ann,realized", "bob@example.com,Bob,realized"]);
        int ann = fixture.Marketo.FindPeople("email", "ann@example.com").Single().Id, bob = fixture.Marketo.FindPeople("email", "bob@example.com").Single().Id;
        fixture.Marketo.UpdatePerson(ann, new Dictionary<string, object?> { ["email"] = "cyd@example.com" });
        fixture.Marketo.UpdatePerson(bob, new Dictionary<string, object?> { ["email"] = "ann@example.com" });
        fixture.Marketo.RemoveFromList(PushFixture.ListId, ann);

        var push = await PushAsync(fixture, [.. s_rows, "ann@example.com,Ann,realized"]);

        Assert.Equal((PushState.Completed, true, 0L, 0L), (push.State, push.IsVerified, push.Added, push.Removed));
        Assert.DoesNotContain(ann, fixture.Marketo.GetMembers(PushFixture.ListId));
        Assert.Contains(bob, fixture.Marketo.GetMembers(PushFixture.ListId));
        AssertSums(fixture, push, before: 62, added: 0, removed: 0, addedByOthers: 0, removedByOthers: 1);
        Assert.Equal(((long?)bob, "Ann"), (fixture.Push.PersonOf(push, 61).MarketoId, fixture.Marketo.FindPeople("email", "ann@example.com").Single()["firstName"]));
        var next = await PushAsync(fixture, [.. s_rows, "ann@example.com,Ann,realized"]);
        AssertSums(fixture, next, before: 61, added: 0, removed: 0, addedByOthers: 0, removedByOthers: 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_was_imported_in_the_place_of_a_renamed_member_and_was_taken_off_is_put_back(bool isFormerTakenOff)
    {
        await using var fixture = await StartAsync(PushMode.Mirror);
        fixture.Push.Delivery = Delivery.Bulk;
        await PushAsync(fixture, [.. s_rows, "ann@example.com,Ann,realized"]);
        int former = fixture.Marketo.FindPeople("email", "ann@example.com").Single().Id;
        fixture.Marketo.UpdatePerson(former, new Dictionary<string, object?> { ["email"] = "anna@example.com" });
        if (isFormerTakenOff) fixture.Marketo.RemoveFromList(PushFixture.ListId, former);
        fixture.Push.Connection.CallFinished += report =>
        {
            if (report.Call.Contains("/bulk/v1/leads/batch/", StringComparison.Ordinal) && fixture.Marketo.FindPeople("email", "ann@example.com") is [var created])
                fixture.Marketo.RemoveFromList(PushFixture.ListId, created.Id);
        };

        var push = await PushAsync(fixture, [.. s_rows, "ann@example.com,Annie,realized"]);

        Assert.Equal((PushState.Completed, true), (push.State, push.IsVerified));
        Assert.Contains(fixture.Marketo.FindPeople("email", "ann@example.com").Single().Id, fixture.Marketo.GetMembers(PushFixture.ListId));
        Assert.DoesNotContain(former, fixture.Marketo.GetMembers(PushFixture.ListId));
        Assert.Equal(61, fixture.Marketo.GetMembers(PushFixture.ListId).Count);
    }

    [Fact]
    public async Task Members_who_had_one_identity_and_were_taken_off_stay_off_where_another_person_has_it()
    {
        await using var fixture = await StartAsync(PushMode.Mirror);
        string[] rows = ["ann@example.com,Ann,realized", .. s_rows];
        await PushAsync(fixture, rows);
        int ann = fixture.Marketo.FindPeople("email", "ann@example.com").Single().Id, twin = fixture.Push.Exist("ann@example.com")[0];
        fixture.Marketo.AddToList(PushFixture.ListId, twin);
        await PushAsync(fixture, rows);
        foreach (int former in new[] { ann, twin })
        {
            fixture.Marketo.UpdatePerson(former, new Dictionary<string, object?> { ["email"] = $"former{former}@example.com" });
            fixture.Marketo.RemoveFromList(PushFixture.ListId, former);
        }

        int other = fixture.Push.Exist("ann@example.com")[0];
        fixture.Marketo.AddToList(PushFixture.ListId, other);

        for (int day = 0; day < 2; day++)
        {
            var push = await PushAsync(fixture, rows);

            Assert.Equal((PushState.Completed, true, 0L, 0L), (push.State, push.IsVerified, push.Added, push.Removed));
            Assert.Contains(other, fixture.Marketo.GetMembers(PushFixture.ListId));
            Assert.Equal(61, fixture.Marketo.GetMembers(PushFixture.ListId).Count);
        }
    }

    [Fact]
    public async Task Of_two_records_that_were_merged_the_one_that_is_left_stands_for_both()
    {
        await using var fixture = await StartAsync(PushMode.Mirror);
        await PushAsync(fixture, s_rows);
        fixture.Marketo.DeletePerson(fixture.Marketo.FindPeople("email", "p7@example.com").Single().Id);
        int left = fixture.Push.Exist("p7@example.com")[0];
        fixture.Marketo.AddToList(PushFixture.ListId, left);

        var push = await PushAsync(fixture, s_rows);

        AssertSums(fixture, push, before: 60, added: 0, removed: 0, addedByOthers: 0, removedByOthers: 0);
        AssertHoldsSegment(fixture);
        Assert.Contains(left, fixture.Marketo.GetMembers(PushFixture.ListId));
    }

    [Fact]
    public async Task A_mirror_takes_off_people_without_identity_but_not_past_its_guard()
    {
        await using var fixture = await StartAsync(PushMode.Mirror);
        AddNameless(fixture, Nameless);

        var plan = await PushPlanner.PlanAsync(fixture.OptionsFor(), [PushSource.OpenFile(Segment(fixture, s_rows), FormOptions.None)], CancellationToken.None);
        var stopped = await PushAsync(fixture, s_rows);

        Assert.Equal((Nameless, 60), (plan.WouldRemove, plan.WouldAdd));
        Assert.Equal((PushState.Failed, "GuardStopped", 0), (stopped.State, stopped.ErrorId, stopped.Removed));
        Assert.Equal(Nameless + 60, fixture.Marketo.GetMembers(PushFixture.ListId).Count);

        var forced = await PushAsync(fixture, s_rows, force: true);

        Assert.Equal((PushState.Completed, true, Nameless, 60), (forced.State, forced.IsVerified, forced.Removed, forced.AlreadyMember));
        AssertSums(fixture, forced, before: Nameless + 60, added: 0, removed: Nameless, addedByOthers: 0, removedByOthers: 0);
        AssertHoldsSegment(fixture);

        // Those who come later are put there by others.
        int[] strangers = AddNameless(fixture, 3);
        var mended = await PushAsync(fixture, s_rows);
        var after = await PushAsync(fixture, s_rows);

        AssertSums(fixture, mended, before: 60, added: 0, removed: 3, addedByOthers: 3, removedByOthers: 0);
        AssertSums(fixture, after, before: 60, added: 0, removed: 0, addedByOthers: 0, removedByOthers: 0);
        AssertHoldsSegment(fixture);
        var undone = await fixture.UndoAsync(mended);
        Assert.Equal((PushState.Completed, true, 3), (undone.State, undone.IsVerified, undone.Added));
        Assert.Empty(strangers.Except(fixture.Marketo.GetMembers(PushFixture.ListId)));
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public async Task A_member_whose_identity_nobody_has_any_more_stays_known_by_the_id_and_leaves_when_a_row_says_so(string database)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, PersonCreation.MatchExisting, ExistingPeople.Update, time: new HurriedTime(), database: database);
        fixture.Push.Exist("ann@example.com", "bob@example.com");
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");
        fixture.Marketo.UpdatePerson(fixture.Marketo.FindPeople("email", "ann@example.com").Single().Id, new Dictionary<string, object?> { ["email"] = "renamed@example.com" });

        var changed = await fixture.PushAsync("ann@example.com,Anna,realized", "bob@example.com,Robert,realized");
        var exited = await fixture.PushAsync("ann@example.com,Anna,exited", "bob@example.com,Robert,realized");

        Assert.Equal((1L, 1L), (changed.Unmatched, changed.AlreadyMember));
        Assert.Equal((PushState.Completed, 1L), (exited.State, exited.Removed));
        Assert.Equal(["bob@example.com"], fixture.Push.Members());
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public async Task After_an_import_a_row_leads_to_the_person_who_has_the_identity_now(string database)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime(), database: database);
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");
        fixture.Marketo.UpdatePerson(fixture.Marketo.FindPeople("email", "ann@example.com").Single().Id, new Dictionary<string, object?> { ["email"] = "renamed@example.com" });
        fixture.Push.Delivery = Delivery.Bulk;

        // The import creates somebody with the identity, and tells no id.
        await fixture.PushAsync("ann@example.com,Anna,realized");
        Assert.Equal(["ann@example.com", "bob@example.com", "renamed@example.com"], fixture.Push.Members());
        var exited = await fixture.PushAsync("ann@example.com,Anna,exited");

        Assert.Equal((PushState.Completed, 1L), (exited.State, exited.Removed));
        Assert.Equal(["bob@example.com", "renamed@example.com"], fixture.Push.Members());
    }

    [Theory]
    [InlineData(PushMode.Append)]
    [InlineData(PushMode.Mirror)]
    [InlineData(PushMode.Delta)]
    public async Task An_unchanged_row_creates_nobody_for_a_renamed_member_whose_id_an_import_has_put_in_doubt(PushMode mode)
    {
        await using var fixture = await StartAfterImportAsync(mode);
        fixture.Marketo.UpdatePerson(IdOf(fixture, "ann@example.com"), new Dictionary<string, object?> { ["email"] = "renamed@example.com" });

        var push = await PushAsync(fixture, ["ann@example.com,Anna,realized", "bob@example.com,Robert,realized"]);

        Assert.Equal((PushState.Completed, 2L, 0L, 0L), (push.State, push.AlreadyMember, push.Added, push.Removed));
        Assert.Equal(["bob@example.com", "renamed@example.com"], fixture.Push.Members());
        Assert.Empty(fixture.Marketo.FindPeople("email", "ann@example.com"));
    }

    [Fact]
    public async Task An_exit_takes_off_a_renamed_member_whose_id_an_import_has_put_in_doubt_also_where_the_list_is_read_back()
    {
        await using var fixture = await StartAfterImportAsync(PushMode.Delta);
        fixture.Marketo.UpdatePerson(IdOf(fixture, "ann@example.com"), new Dictionary<string, object?> { ["email"] = "renamed@example.com" });

        var push = await PushAsync(fixture, ["ann@example.com,Anna,exited"]);

        Assert.Equal((PushState.Completed, 1L), (push.State, push.Removed));
        Assert.Equal(["bob@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task A_resumed_delta_puts_a_member_back_whose_id_an_import_has_put_in_doubt_and_whom_no_row_names()
    {
        await using var fixture = await StartAfterImportAsync(PushMode.Delta);
        foreach (string address in new[] { "ann@example.com", "bob@example.com" }) fixture.Marketo.RemoveFromList(PushFixture.ListId, IdOf(fixture, address));
        fixture.Marketo.Inject(SandboxFault.Error("607", "Daily quota reached") with { Method = "POST", Path = "/rest/v1/leads.json" });
        var push = await PushAsync(fixture, ["bob@example.com,Robert,realized"]);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 0), (push.State, fixture.Push.Members().Length));

        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, 2L), (push.State, push.Added));
        Assert.Equal(["ann@example.com", "bob@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task A_renamed_member_whose_id_an_import_has_put_in_doubt_stays_known_where_the_list_is_read_back_and_no_row_names_it()
    {
        await using var fixture = await StartAfterImportAsync(PushMode.Append);
        fixture.Marketo.UpdatePerson(IdOf(fixture, "ann@example.com"), new Dictionary<string, object?> { ["email"] = "renamed@example.com" });

        var without = await PushAsync(fixture, ["bob@example.com,Robert,realized"]);
        var with = await PushAsync(fixture, ["ann@example.com,Anna,realized"]);

        AssertSums(fixture, without, before: 2, added: 0, removed: 0, addedByOthers: 0, removedByOthers: 0);
        Assert.Equal((PushState.Completed, 1L, 0L), (with.State, with.AlreadyMember, with.Added));
        Assert.Equal(["bob@example.com", "renamed@example.com"], fixture.Push.Members());
    }

    [Theory]
    [InlineData(PushMode.Append)]
    [InlineData(PushMode.Delta)]
    public async Task A_renamed_member_whose_id_an_import_has_put_in_doubt_stays_known_after_an_undo(PushMode mode)
    {
        await using var fixture = await StartAfterImportAsync(mode);
        fixture.Marketo.UpdatePerson(IdOf(fixture, "ann@example.com"), new Dictionary<string, object?> { ["email"] = "renamed@example.com" });
        Assert.Equal(1, (await fixture.UndoAsync(await fixture.PushAsync("cat@example.com,Cat,realized"), force: true)).Removed);

        var push = await fixture.PushAsync("ann@example.com,Anna,realized");

        Assert.Equal((PushState.Completed, 1L, 0L), (push.State, push.AlreadyMember, push.Added));
        Assert.Equal(["bob@example.com", "renamed@example.com"], fixture.Push.Members());
        if (mode == PushMode.Append) return;
        Assert.Equal(1, (await fixture.PushAsync("ann@example.com,Anna,exited")).Removed);
        Assert.Equal(["bob@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task A_row_that_finds_nobody_keeps_its_member_whose_id_an_import_has_put_in_doubt()
    {
        await using var fixture = await StartAfterImportAsync(PushMode.Mirror);
        fixture.Marketo.UpdatePerson(IdOf(fixture, "ann@example.com"), new Dictionary<string, object?> { ["email"] = "renamed@example.com" });
        fixture.Save(fixture.Destination with { PersonCreation = PersonCreation.MatchExisting, MaxRemovalPercent = 100 });

        var push = await PushAsync(fixture, ["ann@example.com,Annabel,realized", "bob@example.com,Robert,realized"]);

        Assert.Equal((PushState.Completed, 1L, 0L), (push.State, push.Unmatched, push.Removed));
        Assert.Equal(["bob@example.com", "renamed@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task A_renamed_member_whose_id_an_import_has_put_in_doubt_is_put_back_by_the_id()
    {
        await using var fixture = await StartAfterImportAsync(PushMode.Mirror);
        int ann = IdOf(fixture, "ann@example.com");
        fixture.Marketo.UpdatePerson(ann, new Dictionary<string, object?> { ["email"] = "renamed@example.com" });
        fixture.Marketo.RemoveFromList(PushFixture.ListId, ann);

        var push = await PushAsync(fixture, ["ann@example.com,Anna,realized", "bob@example.com,Robert,realized"]);

        Assert.Equal((PushState.Completed, 1L, 1L), (push.State, push.Added, push.AlreadyMember));
        Assert.Equal(["bob@example.com", "renamed@example.com"], fixture.Push.Members());
        Assert.Empty(fixture.Marketo.FindPeople("email", "ann@example.com"));
    }

    [Theory]
    [InlineData(PushMode.Mirror, 0)]
    [InlineData(PushMode.Mirror, 1)]
    [InlineData(PushMode.Mirror, 2)]
    [InlineData(PushMode.Mirror, 3)]
    [InlineData(PushMode.Delta, 0)]
    [InlineData(PushMode.Delta, 1)]
    [InlineData(PushMode.Delta, 2)]
    [InlineData(PushMode.Delta, 3)]
    public async Task A_row_keeps_a_member_that_a_segment_has_named_by_two_identities_also_where_the_other_one_leaves(PushMode mode, int number)
    {
        // Which of the two entries comes first depends on their hashes.
        string former = $"ann{number}@example.com", latter = $"ann.smith{number}@example.com", bob = "bob@example.com,Bob,realized";
        await using var fixture = await StartAsync(mode);
        fixture.Save(fixture.Destination with { MaxRemovalPercent = 100 });
        await PushAsync(fixture, [$"{former},Ann,realized", bob]);
        int ann = IdOf(fixture, former);
        fixture.Marketo.UpdatePerson(ann, new Dictionary<string, object?> { ["email"] = latter });
        string both = Segment(fixture, [$"{former},Ann,realized", $"{latter},Ann,realized", bob]);
        Assert.Equal(3, (await fixture.PushFilesAsync([both], verify: false)).AlreadyMember);
        fixture.Push.Delivery = Delivery.Bulk;
        string changed = Segment(fixture, [$"{former},Ann,realized", $"{latter},Anna,realized", bob]);
        Assert.Equal(PushState.Completed, (await fixture.PushFilesAsync([changed], verify: false)).State);
        fixture.Push.Delivery = Delivery.Auto;
        fixture.Marketo.UpdatePerson(ann, new Dictionary<string, object?> { ["email"] = "renamed@example.com" });

        string[] rows = [$"{former},Ann,realized", bob];
        var push = await PushAsync(fixture, mode == PushMode.Delta ? [.. rows, $"{latter},Anna,exited"] : rows);

        Assert.Equal((PushState.Completed, 0L), (push.State, push.Removed));
        Assert.Contains(ann, fixture.Marketo.GetMembers(PushFixture.ListId));
        Assert.Equal(2, (await PushAsync(fixture, rows)).AlreadyMember);
        Assert.Equal(2, fixture.Push.Members().Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_plan_counts_a_member_that_a_segment_has_named_by_two_identities_once_for_the_guard_as_its_push_does(bool verify)
    {
        string bob = "bob@example.com,Bob,realized", cid = "cid@example.com,Cid,realized";
        await using var fixture = await StartAsync(PushMode.Mirror);
        fixture.Save(fixture.Destination with { MaxRemovalPercent = 30 });
        await PushAsync(fixture, ["ann@example.com,Ann,realized", bob, cid]);
        fixture.Marketo.UpdatePerson(IdOf(fixture, "ann@example.com"), new Dictionary<string, object?> { ["email"] = "ann.smith@example.com" });
        string[] rows = ["ann@example.com,Ann,realized", "ann.smith@example.com,Ann,realized", bob];
        Assert.Equal(4, (await fixture.PushFilesAsync([Segment(fixture, [.. rows, cid])], verify: false)).AlreadyMember);

        // One of three people leaves, and four entries stand for them.
        string file = Segment(fixture, rows);
        var plan = await PushPlanner.PlanAsync(fixture.OptionsFor(verify: verify), [PushSource.OpenFile(file, FormOptions.None)], CancellationToken.None);
        var stopped = await fixture.PushFilesAsync([file], verify: verify);

        const string Reason = "more than 30% of the 3 people on the list at the beginning would be taken off";
        Assert.Equal("GuardStopped", stopped.ErrorId);
        Assert.Contains(Reason, stopped.Reason, StringComparison.Ordinal);
        Assert.Contains(Reason, plan.GuardReason, StringComparison.Ordinal);
    }

    // An import has updated both members, and the list was not read back since.
    private static async Task<DestinationFixture> StartAfterImportAsync(PushMode mode)
    {
        var fixture = await StartAsync(mode);
        await PushAsync(fixture, ["ann@example.com,Ann,realized", "bob@example.com,Bob,realized"]);
        fixture.Push.Delivery = Delivery.Bulk;
        var imported = await fixture.PushFilesAsync([Segment(fixture, ["ann@example.com,Anna,realized", "bob@example.com,Robert,realized"])], verify: false);
        Assert.Equal((PushState.Completed, 2L), (imported.State, imported.AlreadyMember));
        fixture.Push.Delivery = Delivery.Auto;
        return fixture;
    }

    private static int IdOf(DestinationFixture fixture, string address) => fixture.Marketo.FindPeople("email", address).Single().Id;

    private static Task<DestinationFixture> StartAsync(PushMode mode) => DestinationFixture.StartAsync(mode, time: new HurriedTime());

    private static int[] AddNameless(DestinationFixture fixture, int people)
    {
        int[] ids = [.. Enumerable.Range(0, people).Select(_ => fixture.Marketo.AddPerson(new Dictionary<string, object?> { ["lastName"] = "Doe" }))];
        foreach (int id in ids) fixture.Marketo.AddToList(PushFixture.ListId, id);
        return ids;
    }

    private static Task<PushStatus> PushAsync(DestinationFixture fixture, string[] rows, bool force = false) =>
        fixture.PushFilesAsync([Segment(fixture, rows)], force, verify: true);

    private static string Segment(DestinationFixture fixture, string[] rows) => fixture.File(["email,first,segmentMembership.status", .. rows]);

    private static void AssertHoldsSegment(DestinationFixture fixture) =>
        Assert.Equal([.. s_rows.Select(row => row.Split(',')[0]).Order(StringComparer.Ordinal)], fixture.Push.Members());

    private static void AssertSums(
        DestinationFixture fixture, PushStatus push, long before, long added, long removed, long addedByOthers, long removedByOthers)
    {
        var sums = fixture.ListSumsOf(push);
        Assert.Equal(
            (before, added, removed, addedByOthers, removedByOthers, (long?)(before + added - removed + addedByOthers - removedByOthers)),
            (sums.Before, sums.Added, sums.Removed, sums.AddedByOthers, sums.RemovedByOthers, sums.After));
    }
}
