using SegmentPush.Core.Tests.Journal;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Marketo takes an import, and the push is stopped before it hears how the import ends. What other pushes do meanwhile, the resume takes into account.</summary>
public sealed class ResumedImportTests
{
    private static readonly string[] s_rows = ["ann@example.com,Ann,", "bob@example.com,Bob,"];

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public async Task People_of_an_import_that_another_push_has_taken_off_are_put_back_by_the_resume(string database)
    {
        await using var fixture = await StartAsync(database);
        var push = await StopAfterUploadAsync(fixture);
        var own = fixture.Destination;
        fixture.Save(own with { Name = "Second", Mode = PushMode.Mirror });
        var other = await fixture.PushFilesAsync([fixture.File("email,first", "eve@example.com,Eve")], force: true);
        Assert.Equal((PushState.Completed, 2L), (other.State, other.Removed));
        fixture.Save(own);

        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, 2L, 0L), (push.State, push.Added, push.AlreadyMember));
        Assert.Equal(["ann@example.com", "bob@example.com", "eve@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task People_of_an_import_that_was_undone_are_put_back_by_the_resume()
    {
        await using var fixture = await StartAsync();
        var push = await StopAfterUploadAsync(fixture);
        var undone = await fixture.UndoAsync(push, force: true);
        Assert.Equal((PushState.Completed, 2L), (undone.State, undone.Removed));

        push = await fixture.Push.WatchAsync(
            Push.ResumeAsync(
                new ResumeOptions { Connection = fixture.Push.Connection, Journal = fixture.Push.Journal, Bulk = fixture.OptionsFor().Bulk, EvenIfSuperseded = true },
                push.Id,
                TestContext.Current.CancellationToken),
            null);

        Assert.Equal((PushState.Completed, 2L, 0L), (push.State, push.Added, push.AlreadyMember));
        Assert.Equal(["ann@example.com", "bob@example.com"], fixture.Push.Members());
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public async Task People_of_an_import_count_as_added_by_it_also_where_another_push_has_sent_them_before_the_resume(string database)
    {
        await using var fixture = await StartAsync(database);
        var push = await StopAfterUploadAsync(fixture);
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "GET", Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json", After = 1 });
        var other = await fixture.PushFilesAsync([fixture.File("email,first", "ann@example.com,Anna", "bob@example.com,Bobby")], verify: true);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 2L), (other.State, other.AlreadyMember));

        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, 2L, 0L), (push.State, push.Added, push.AlreadyMember));
        using (var journal = PushJournal.Open(fixture.Push.Journal)) Assert.Equal(2, SavedDestinations.Get(journal, fixture.Destination.Name).Members);
        var again = await fixture.PushAsync(s_rows);
        Assert.Equal((2L, "Ann"), (again.Updated, fixture.Marketo.FindPeople("email", "ann@example.com").Single()["firstName"]));
        await fixture.UndoAsync(push, force: true);
        Assert.Empty(fixture.Push.Members());
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public async Task People_of_an_import_count_as_added_by_it_where_another_push_has_taken_one_of_them_off(string database)
    {
        await using var fixture = await StartAsync(database);
        var push = await StopAfterUploadAsync(fixture);
        var own = fixture.Destination;
        fixture.Save(own with { Name = "Second", Mode = PushMode.Mirror });
        var other = await fixture.PushFilesAsync([fixture.File("email,first", "bob@example.com,Bob", "eve@example.com,Eve")], force: true);
        Assert.Equal((PushState.Completed, 1L, 1L), (other.State, other.Removed, other.AlreadyMember));
        fixture.Save(own);

        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, 2L, 0L), (push.State, push.Added, push.AlreadyMember));
        Assert.Equal(["ann@example.com", "bob@example.com", "eve@example.com"], fixture.Push.Members());
        await fixture.UndoAsync(push, force: true);
        Assert.Equal(["eve@example.com"], fixture.Push.Members());
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public async Task Values_that_another_push_has_sent_for_a_member_since_its_import_are_not_taken_for_those_of_the_import(string database)
    {
        await using var fixture = await StartAsync(database);
        await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");
        var push = await StopAfterUploadAsync(fixture, "ann@example.com,Ann2,", "bob@example.com,Bob2,");
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "GET", Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json", After = 1 });
        Assert.Equal(PushState.Interrupted, (await fixture.PushFilesAsync([fixture.File("email,first", "ann@example.com,Anna", "bob@example.com,Bobby")], verify: true)).State);
        fixture.Marketo.ClearFaults();
        await fixture.Push.ResumeAsync(push.Id);
        Assert.Equal("Anna", fixture.Marketo.FindPeople("email", "ann@example.com").Single()["firstName"]);

        push = await fixture.PushAsync("ann@example.com,Ann2,", "bob@example.com,Bob2,");

        Assert.Equal((2L, "Ann2"), (push.Updated, fixture.Marketo.FindPeople("email", "ann@example.com").Single()["firstName"]));
    }

    // Or an import may be over before its upload is answered.
    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public async Task People_of_an_import_count_as_added_by_it_also_where_the_undo_of_another_push_has_read_the_list(string database)
    {
        await using var fixture = await StartAsync(database);
        var push = await StopBetweenPushAndItsUndoAsync(fixture);

        // Marketo gives the import up, though it has put its people on the list.
        fixture.Marketo.Inject(SandboxFault.Body("""{"requestId":"1","success":true,"result":[{"batchId":1,"importId":"1","status":"Failed","numOfLeadsProcessed":0,"numOfRowsFailed":0,"numOfRowsWithWarning":0,"message":"given up"}]}""") with { Path = "/bulk/v1/leads/batch/*", Times = 1 });
        push = await fixture.Push.ResumeAsync(push.Id);
        Assert.Equal((PushState.Completed, 2L, 0L), (push.State, push.Added, push.AlreadyMember));

        await fixture.UndoAsync(push, force: true);
        Assert.DoesNotContain("ann@example.com", fixture.Push.Members());
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public async Task People_of_an_import_are_kept_on_the_list_also_where_the_undo_of_another_push_has_read_the_list(string database)
    {
        await using var fixture = await StartAsync(database, PushMode.Delta);
        fixture.Save(fixture.Destination with { MembershipColumn = "segmentMembership.status" });
        var push = await StopBetweenPushAndItsUndoAsync(fixture);
        push = await fixture.Push.ResumeAsync(push.Id);
        Assert.Equal((PushState.Completed, 2L, 0L), (push.State, push.Added, push.AlreadyMember));

        // Others take a person off once a reading has told its id.
        const string Header = "email,first,segmentMembership.status";
        await fixture.PushFilesAsync([fixture.File(Header, "kim@example.com,Kim,realized")], verify: true);
        fixture.Marketo.RemoveFromList(PushFixture.ListId, fixture.Marketo.FindPeople("email", "ann@example.com").Single().Id);
        await fixture.PushFilesAsync([fixture.File(Header, "lou@example.com,Lou,realized")], verify: true);

        Assert.Contains("ann@example.com", fixture.Push.Members());
    }

    private static Task<DestinationFixture> StartAsync(string? database = null, PushMode mode = PushMode.Append)
    {
        var time = new HurriedTime();
        var options = new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, TimeProvider = time, ImportDuration = TimeSpan.FromMinutes(1) };
        return DestinationFixture.StartAsync(mode, options: options, time: time, database: database);
    }

    // Another push takes Zoe off, an import of Ann and Bob is accepted, its push is stopped, and then the other push is undone.
    private static async Task<PushStatus> StopBetweenPushAndItsUndoAsync(DestinationFixture fixture)
    {
        bool hasStatus = fixture.Destination.MembershipColumn is not null;
        string In(string row) => hasStatus ? row + "realized" : row;
        await fixture.PushAsync(In("zoe@example.com,Zoe,"), In("eve@example.com,Eve,"));
        var own = fixture.Destination;
        fixture.Save(own with { Name = "Second", Mode = PushMode.Mirror, MembershipColumn = null });
        var other = await fixture.PushFilesAsync([fixture.File("email,first", "eve@example.com,Eve")], force: true);
        Assert.Equal((PushState.Completed, 1L), (other.State, other.Removed));
        fixture.Save(own);
        var push = await StopAfterUploadAsync(fixture, [.. s_rows.Select(In)]);
        var undone = await fixture.UndoAsync(other, force: true);
        Assert.Equal((PushState.Completed, 1L, 0L), (undone.State, undone.Added, undone.Removed));
        return push;
    }

    private static async Task<PushStatus> StopAfterUploadAsync(DestinationFixture fixture, params string[] rows)
    {
        fixture.Push.Delivery = Delivery.Bulk;
        fixture.Marketo.Inject(SandboxFault.HttpStatus(503) with { Path = "/bulk/v1/leads/batch/*" });
        var push = await fixture.PushAsync(rows.Length > 0 ? rows : s_rows);
        fixture.Marketo.ClearFaults();
        fixture.Push.Delivery = Delivery.Sync;
        Assert.Equal((PushState.Interrupted, 0L), (push.State, push.Added));
        return push;
    }
}
