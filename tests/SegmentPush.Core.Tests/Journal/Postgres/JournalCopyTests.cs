using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>The way from the journal of one machine to one that several machines share.</summary>
public sealed class JournalCopyTests : IDisposable
{
    private static readonly SnapshotKey s_list = SnapshotKey.Of("284-RPR-133", 1021, "email");

    private readonly TemporaryFolder _paris = new(), _rome = new();

    public void Dispose()
    {
        _paris.Dispose();
        _rome.Dispose();
    }

    [Fact]
    public void Destinations_snapshots_and_history_go_along_once()
    {
        var push = Fill(_paris.Path, "Webinar", people: 3);
        var shared = PostgresServer.Shared.NewJournal();

        var copied = shared.CopyFrom(JournalAddress.Of(_paris.Path));
        var again = shared.CopyFrom(JournalAddress.Of(_paris.Path));

        Assert.Equal((1, 1, 1, true), (copied.Pushes, copied.Destinations, copied.Snapshots, copied.HasSameKey));
        Assert.Equal((0, 1, 0, 0), (again.Pushes, again.PushesThere, again.Destinations, again.Snapshots));
        Assert.Equal(["Webinar"], again.DestinationsThere);
        using var there = PushJournal.Open(JournalAddress.Of(_paris.Path));
        using var here = PushJournal.Open(shared);
        Assert.Equal(there.History.Get(push).ToString(), here.History.Get(push).ToString());
        Assert.Equal((PushState.Completed, 3L), here.History.Get(push) is { } seen ? (seen.State, seen.Added) : default);
        Assert.NotEmpty(here.Pushes.GetCalls(push));
        Assert.Equal(there.Pushes.GetCalls(push), here.Pushes.GetCalls(push));
        Assert.Equal("{}", here.Pushes.GetReceipt(push));
        Assert.Equal(
            there.Snapshots.Read(there.Snapshots.Find(s_list)!).SelectMany(block => block),
            here.Snapshots.Read(here.Snapshots.Find(s_list)!).SelectMany(block => block));
        Assert.Equal(2, SavedDestinations.Get(here, "Webinar").Members);
        using var hash = there.Identities.OpenHash();
        using var sharedHash = here.Identities.OpenHash();
        Assert.Equal(hash.Of("a@example.com"), sharedHash.Of("a@example.com"));
    }

    [Fact]
    public void A_second_machine_brings_its_history_and_leaves_snapshots_that_its_own_key_has_hashed()
    {
        var first = Fill(_paris.Path, "Webinar", people: 3);
        var second = Fill(_rome.Path, "Newsletter", people: 2);
        var shared = PostgresServer.Shared.NewJournal();
        shared.CopyFrom(JournalAddress.Of(_paris.Path));

        var copied = shared.CopyFrom(JournalAddress.Of(_rome.Path));

        Assert.Equal((1, 1, 0, false), (copied.Pushes, copied.Destinations, copied.Snapshots, copied.HasSameKey));
        using var here = PushJournal.Open(shared);
        Assert.Equal([3L, 2L], new[] { first, second }.Select(id => here.History.Get(id).Added));

        // A push of today comes later than all that was taken along.
        var today = JournalSetup.NewPush("Webinar");
        long key = here.BeginPush(today);
        Assert.All(here.Pushes.Get(new PushFilter { Ids = [first, second] }, null, 10), push => Assert.True(push.Key < key));
    }

    [Fact]
    public void A_list_is_read_again_after_a_later_copy_brings_a_push_into_it()
    {
        Fill(_paris.Path, "Webinar", people: 3);
        var shared = PostgresServer.Shared.NewJournal();
        shared.CopyFrom(JournalAddress.Of(_paris.Path));
        using (var journal = PushJournal.Open(JournalAddress.Of(_paris.Path)))
        {
            var later = JournalSetup.NewPush("List") with { Destination = "Webinar" };
            long key = journal.BeginPush(later);
            journal.Settle(key, [new(0, 1, "p1@example.com", PersonOutcome.Removed)], later with { State = PushState.Completed, Received = 1, Removed = 1 });
        }

        var copied = shared.CopyFrom(JournalAddress.Of(_paris.Path));

        Assert.Equal((1, 1, 0), (copied.Pushes, copied.PushesThere, copied.Snapshots));
        using var here = PushJournal.Open(shared);
        Assert.Null(here.Snapshots.Find(s_list));
        Assert.Equal(0, SavedDestinations.Get(here, "Webinar").Members);
    }

    [Fact]
    public void An_open_push_that_would_not_know_what_was_done_to_its_list_stops_the_copy()
    {
        Fill(_paris.Path, "Webinar", people: 3);
        var shared = PostgresServer.Shared.NewJournal();
        shared.CopyFrom(JournalAddress.Of(_paris.Path));
        var open = JournalSetup.NewPush("List") with { Destination = "Webinar" };
        using var here = PushJournal.Open(shared);
        long key = here.BeginPush(open);
        using (var journal = PushJournal.Open(JournalAddress.Of(_paris.Path)))
        {
            var later = JournalSetup.NewPush("List") with { Destination = "Webinar" };
            journal.Settle(journal.BeginPush(later), [new(0, 1, "p1@example.com", PersonOutcome.Removed)], later with { State = PushState.Completed, Received = 1, Removed = 1 });
        }

        var error = Assert.Throws<SegmentPushException>(() => shared.CopyFrom(JournalAddress.Of(_paris.Path)));

        Assert.Equal(("ListHasOpenPush", open.Id), (error.ErrorId, error.Target));
        Assert.NotNull(here.Snapshots.Find(s_list));
        here.Settle(key, [], open with { State = PushState.Completed });
        Assert.Equal(1, shared.CopyFrom(JournalAddress.Of(_paris.Path)).Pushes);
        Assert.Null(here.Snapshots.Find(s_list));
    }

    [Fact]
    public void A_push_that_could_go_on_in_two_journals_stops_the_copy_before_anything_is_written()
    {
        Fill(_paris.Path, "Webinar", people: 1);
        using (var journal = PushJournal.Open(JournalAddress.Of(_paris.Path))) journal.BeginPush(JournalSetup.NewPush("Webinar"));
        var shared = PostgresServer.Shared.NewJournal();

        var error = Assert.Throws<SegmentPushException>(() => shared.CopyFrom(JournalAddress.Of(_paris.Path)));

        Assert.Equal("JournalHasOpenPushes", error.ErrorId);
        using var here = PushJournal.Open(shared);
        Assert.Empty(here.History.Get(new PushFilter()));
        Assert.Null(here.Destinations.Find("Webinar"));
    }

    [Fact]
    public void Only_a_folder_with_a_journal_is_copied_and_only_into_a_database()
    {
        var shared = PostgresServer.Shared.NewJournal();
        Assert.Equal("JournalNotFound", Assert.Throws<SegmentPushException>(() => shared.CopyFrom(JournalAddress.Of(_rome.Path))).ErrorId);
        Assert.Equal("JournalCopyUnsupported", Assert.Throws<SegmentPushException>(() => shared.CopyFrom(shared)).ErrorId);
        Assert.Equal("JournalCopyUnsupported", Assert.Throws<SegmentPushException>(() => JournalAddress.Of(_rome.Path).CopyFrom(shared)).ErrorId);
        Assert.False(File.Exists(_rome.File("journal.db")));
    }

    [Fact]
    public void People_of_every_kind_go_along_as_they_are()
    {
        using (var journal = PushJournal.Open(JournalAddress.Of(_paris.Path)))
        {
            var push = JournalSetup.NewPush("List") with { Source = ["a.csv", "b.csv", "c.csv"] };
            long key = journal.BeginPush(push);
            using var hash = journal.Identities.OpenHash();
            var mark = new MemberMark(hash.HashOf("m@example.com"), 5, 7);
            var import = new ImportEntry(1, "email", (1, 1), (1, 2)) { State = ImportFileState.Settled, Outcome = PersonOutcome.Added };
            journal.Outcomes.Write(key, new OutcomeBatch(push) { Import = import, Imported = [new(1, 1, "i@example.com", null, mark), new(1, 2, "j@example.com", 9)] });
            journal.Settle(
                key,
                [
                    new(0, 1, "a", PersonOutcome.Rejected, Code: "AddressMalformed", Reason: "Mend it.\0", Column: "mail", ValueLength: 1),
                    new(0, 2, "b@example.com", PersonOutcome.NoConsent, PersonChange.Unchanged, 12) { Mark = mark with { SentHash = null } },
                    new(2, 3, "c@example.com", PersonOutcome.NotDelivered, Sent: push.Started) { Stage = Stage.Sent, Mark = mark with { Number = null } },
                ],
                push with { State = PushState.Abandoned });
        }

        var shared = PostgresServer.Shared.NewJournal();

        shared.CopyFrom(JournalAddress.Of(_paris.Path));

        using var there = PushJournal.Open(JournalAddress.Of(_paris.Path));
        using var here = PushJournal.Open(shared);
        var status = Assert.Single(here.History.Get(new PushFilter()));
        long from = there.Pushes.GetStarted(status).Key, to = here.Pushes.GetStarted(status).Key;
        var outcomes = Enum.GetValues<PersonOutcome>();
        Assert.Equal(
            there.People.Get(status.Id, outcomes).Select(person => person with { Reason = person.Reason?.Replace('\0', '\uFFFD') }),
            here.People.Get(status.Id, outcomes));
        Assert.Equal(5, here.Sums.CountPeople(to));
        Assert.Equal(there.Rows.GetPeople(from, Stage.Sent), here.Rows.GetPeople(to, Stage.Sent));
        Assert.Equal(there.Rows.GetPeople(from, Stage.Imported), here.Rows.GetPeople(to, Stage.Imported));
        Assert.Equal(there.ListEdits.Get(status.Id), here.ListEdits.Get(status.Id));
    }

    private static Guid Fill(string folder, string destination, int people)
    {
        using var journal = PushJournal.Open(JournalAddress.Of(folder));
        var push = JournalSetup.NewPush("List") with { Destination = destination };
        long key = journal.BeginPush(push);
        journal.Settle(
            key,
            Enumerable.Range(1, people).Select(row => new PersonEntry(0, row, $"p{row}\0@example.com", PersonOutcome.Added, PersonChange.Created, 100 + row)),
            push with { State = PushState.Completed, Received = people, Added = people, Created = people });
        journal.Pushes.SaveReceipt(key, "{}");
        using var hash = journal.Identities.OpenHash();
        SavedDestinations.Save(
            journal,
            new SegmentDestination
            {
                Name = destination,
                Instance = s_list.Instance,
                StaticListId = 1021,
                StaticListName = "List",
                Mapping = [new SegmentMapping("mail", "email", "Email")],
                TimeZone = "Europe/Paris",
            },
            push.Started);
        var snapshot = journal.Snapshots.Begin(s_list, push.Id, [MemberOf(hash, 1), MemberOf(hash, 2)]);
        journal.Destinations.ReferToSnapshot(SavedDestinations.Find(journal, destination).Key, snapshot.Key);
        return push.Id;
    }

    private static Member MemberOf(IdentityHash hash, int number) => new(0, hash.HashOf($"p{number}@example.com"), 5, 100 + number, IsFromSegment: true);
}
