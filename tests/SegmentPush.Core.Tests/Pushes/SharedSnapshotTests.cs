using SegmentPush.Core.Tests.Journal;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>What is known of a list belongs to the list: destinations that lead to it agree, and one that moves takes nothing along.</summary>
public sealed class SharedSnapshotTests
{
    [Fact]
    public async Task Two_destinations_of_one_list_know_the_same_people()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");
        fixture.Save(fixture.Destination with { Name = "Second" });
        Assert.Equal(2, fixture.Destination.Members);
        fixture.Marketo.ForgetCalls();

        var push = await fixture.PushAsync("bob@example.com,Bob,", "cyd@example.com,Cyd,");

        Assert.Equal((1, 1), (push.Added, push.AlreadyMember));
        Assert.Equal("add:1 sync:1", fixture.Calls());
        using var journal = PushJournal.Open(fixture.Push.Journal);
        Assert.Equal([3, 3], SavedDestinations.Get(journal).Select(destination => destination.Members));
    }

    [Fact]
    public async Task A_person_known_by_an_old_identity_is_AlreadyMember_under_the_new_one_without_a_call_to_the_list()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");
        var ann = fixture.Marketo.FindPeople("email", "ann@example.com").Single();
        fixture.Marketo.UpdatePerson(ann.Id, new Dictionary<string, object?> { ["email"] = "anna@example.com" });
        fixture.Marketo.ForgetCalls();

        var push = await fixture.PushAsync("anna@example.com,Ann,", "bob@example.com,Bob,");

        Assert.Equal((0, 2), (push.Added, push.AlreadyMember));
        Assert.Equal("sync:1", fixture.Calls());
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public async Task A_person_that_an_import_has_created_counts_as_created_where_the_list_has_lost_the_person_before_the_resume(string database)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, existing: ExistingPeople.Keep, time: new HurriedTime(), database: database);
        await fixture.PushAsync("old@example.com,Old,");
        fixture.Push.Delivery = Delivery.Bulk;
        var push = await StopWhileVerifyingAsync(fixture, "ann@example.com,Ann", "bob@example.com,Bob");
        Assert.Equal((PushState.Interrupted, 2L, 2L), (push.State, push.Added, push.Created));
        await LoseAsync(fixture, "ann@example.com");

        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, 2L, 2L, true), (push.State, push.Added, push.Created, push.ChangesAreKnown));
        Assert.Contains("ann@example.com", fixture.Push.Members());
    }

    [Fact]
    public async Task A_person_of_several_with_one_identity_counts_once_where_the_list_has_lost_the_person_before_the_resume()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, existing: ExistingPeople.Keep, time: new HurriedTime());
        await fixture.PushAsync("old@example.com,Old,");
        fixture.Push.Exist("ann@example.com", "ann@example.com");
        fixture.Push.Delivery = Delivery.Bulk;
        var push = await StopWhileVerifyingAsync(fixture, "ann@example.com,Ann", "bob@example.com,Bob");
        Assert.Equal((PushState.Interrupted, 1L), (push.State, push.MultipleMatches));
        await LoseAsync(fixture, "ann@example.com");

        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, 2L, 1L), (push.State, push.Added, push.MultipleMatches));
    }

    [Fact]
    public async Task A_push_whose_journal_keeps_hashes_is_undone()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        fixture.Push.JournalIdentity = JournalIdentity.Hash;
        fixture.Push.Delivery = Delivery.Bulk;
        var push = await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");

        var undone = await fixture.UndoAsync(push, force: true);

        Assert.Equal((PushState.Completed, 2, true), (undone.State, undone.Removed, undone.IsVerified));
        Assert.Empty(fixture.Push.Members());
        using var journal = PushJournal.Open(fixture.Push.Journal);
        Assert.Equal(0, SavedDestinations.Get(journal, fixture.Destination.Name).Members);
    }

    [Fact]
    public async Task A_row_without_a_readable_identity_stops_a_mirror_before_its_first_removal()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        string[] rows = [.. Enumerable.Range(0, 20).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);

        var stopped = await fixture.PushAsync([.. rows[1..], "no address,P0,"]);

        Assert.Equal((PushState.Failed, "GuardStopped", 0), (stopped.State, stopped.ErrorId, stopped.Removed));
        Assert.Contains("no identity that can be read", stopped.Reason, StringComparison.Ordinal);
        Assert.Equal(20, fixture.Push.Members().Length);
    }

    [Fact]
    public async Task People_that_an_undo_has_taken_off_are_added_again_also_where_the_destination_finds_people_by_another_field_by_now()
    {
        await using var fixture = await StartWithCrmIdsAsync(PushMode.Append);
        var push = await PushIdsAsync(fixture);
        FindByCrmId(fixture);
        Assert.Equal(2, (await PushIdsAsync(fixture)).AlreadyMember);
        await fixture.UndoAsync(push, force: true);
        Assert.Empty(fixture.Push.Members());

        push = await PushIdsAsync(fixture);

        Assert.Equal((2, 2), (push.Added, fixture.Push.Members().Length));
        fixture.Marketo.ForgetCalls();
        Assert.Equal((2, ""), ((await PushIdsAsync(fixture)).AlreadyMember, fixture.Calls()));
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public async Task A_person_that_a_destination_with_another_identity_field_has_taken_off_is_added_again(string database)
    {
        await using var fixture = await StartWithCrmIdsAsync(PushMode.Append, database);
        await PushIdsAsync(fixture);
        var own = fixture.Destination;
        FindByCrmId(fixture, "Second", PushMode.Mirror);
        var other = await fixture.PushFilesAsync([fixture.File("email,crm,first", "ann@example.com,C-1,Ann")], force: true);
        Assert.Equal((PushState.Completed, 1L), (other.State, other.Removed));
        fixture.Save(own);

        var push = await PushIdsAsync(fixture);

        Assert.Equal((1, 1, 2), (push.Added, push.AlreadyMember, fixture.Push.Members().Length));
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public async Task A_person_that_a_destination_with_another_identity_field_has_taken_off_is_added_again_also_where_its_push_is_out_of_the_history(string database)
    {
        await using var fixture = await StartWithCrmIdsAsync(PushMode.Append, database);
        await PushIdsAsync(fixture);
        var own = fixture.Destination;
        FindByCrmId(fixture, "Second", PushMode.Mirror);
        var other = await fixture.PushFilesAsync([fixture.File("email,crm,first", "ann@example.com,C-1,Ann")], force: true);
        Remove(fixture, other);
        fixture.Save(own);

        var push = await PushIdsAsync(fixture);

        Assert.Equal((1, 1, 2), (push.Added, push.AlreadyMember, fixture.Push.Members().Length));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task People_that_an_undo_has_taken_off_are_added_again_by_another_identity_field_also_where_it_is_out_of_the_history(bool withPush)
    {
        await using var fixture = await StartWithCrmIdsAsync(PushMode.Append);
        var push = await PushIdsAsync(fixture);
        FindByCrmId(fixture);
        await PushIdsAsync(fixture);
        var undone = await fixture.UndoAsync(push, force: true);
        Remove(fixture, withPush ? [undone, push] : [undone]);

        push = await PushIdsAsync(fixture);

        Assert.Equal((2, 2), (push.Added, fixture.Push.Members().Length));
    }

    [Fact]
    public async Task A_list_that_was_read_since_is_not_read_again_where_a_push_is_taken_out_of_the_history()
    {
        await using var fixture = await StartWithCrmIdsAsync(PushMode.Append);
        await PushIdsAsync(fixture);
        var own = fixture.Destination;
        FindByCrmId(fixture, "Second", PushMode.Mirror);
        var other = await fixture.PushFilesAsync([fixture.File("email,crm,first", "ann@example.com,C-1,Ann")], force: true);
        fixture.Save(own);
        await PushIdsAsync(fixture);
        Remove(fixture, other);
        fixture.Marketo.ForgetCalls();

        var push = await PushIdsAsync(fixture);

        Assert.Equal((2, ""), (push.AlreadyMember, fixture.Calls()));
    }

    [Fact]
    public async Task A_push_that_has_read_its_list_after_one_with_another_identity_field_does_not_read_it_again_when_it_is_resumed()
    {
        await using var fixture = await StartWithCrmIdsAsync(PushMode.Append, time: new HurriedTime());
        var own = fixture.Destination;
        await PushIdsAsync(fixture);
        FindByCrmId(fixture, "Second", PushMode.Mirror);
        Assert.Equal(1, (await fixture.PushFilesAsync([fixture.File("email,crm,first", "ann@example.com,C-1,Ann")], force: true)).Removed);
        fixture.Save(own);
        fixture.Marketo.Inject(SandboxFault.BreakBefore() with { Method = "POST", Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json" });
        var push = await PushIdsAsync(fixture);
        Assert.Equal(PushState.Interrupted, push.State);
        fixture.Marketo.ClearFaults();
        fixture.Marketo.ForgetCalls();

        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, 2), (push.State, fixture.Push.Members().Length));
        Assert.DoesNotContain("read", fixture.Calls(), StringComparison.Ordinal);
    }

    // Everybody has an outcome by then.
    private static async Task<PushStatus> StopWhileVerifyingAsync(DestinationFixture fixture, params string[] rows)
    {
        string segment = fixture.File(["email,first", .. rows]);
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "GET", Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json" });
        var push = await fixture.PushFilesAsync([segment], verify: true);
        fixture.Marketo.ClearFaults();
        return push;
    }

    // Others take somebody off the list, and another push, which is stopped, reads it.
    private static async Task LoseAsync(DestinationFixture fixture, string address)
    {
        foreach (var person in fixture.Marketo.FindPeople("email", address)) fixture.Marketo.RemoveFromList(PushFixture.ListId, person.Id);
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = "/bulk/*" });
        Assert.Equal(PushState.Interrupted, (await fixture.PushFilesAsync([fixture.File("email,first", "eve@example.com,Eve")], resync: true)).State);
        fixture.Marketo.ClearFaults();
    }

    private static async Task<DestinationFixture> StartWithCrmIdsAsync(PushMode mode, string? database = null, TimeProvider? time = null)
    {
        var fixture = await DestinationFixture.StartAsync(mode, PersonCreation.MatchExisting, time: time, database: database);
        foreach (var (email, id) in new[] { ("ann@example.com", "C-1"), ("bob@example.com", "C-2") })
            fixture.Marketo.AddPerson(new Dictionary<string, object?> { ["email"] = email, ["crmId"] = id });
        return fixture;
    }

    private static void FindByCrmId(DestinationFixture fixture, string? name = null, PushMode? mode = null) => fixture.Save(fixture.Destination with
    {
        Name = name ?? fixture.Destination.Name,
        Mode = mode ?? fixture.Destination.Mode,
        Mapping = [new("crm", "crmId", "CRM"), new("first", "firstName")],
    });

    private static void Remove(DestinationFixture fixture, params PushStatus[] pushes)
    {
        using var journal = PushJournal.Open(fixture.Push.Journal);
        foreach (var push in pushes) journal.Lifecycle.Remove(push.Id);
    }

    private static Task<PushStatus> PushIdsAsync(DestinationFixture fixture) =>
        fixture.PushFilesAsync([fixture.File("email,crm,first", "ann@example.com,C-1,Ann", "bob@example.com,C-2,Bob")]);
}
