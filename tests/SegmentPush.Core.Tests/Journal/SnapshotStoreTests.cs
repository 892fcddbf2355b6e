using Microsoft.Data.Sqlite;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Journal.Sqlite;
using SegmentPush.Lists;
using SegmentPush.Mappings;

namespace SegmentPush.Core.Tests.Journal;

/// <summary>Snapshots on disk: each belongs to an instance, a list and an identity field, and has generations.</summary>
public sealed class SnapshotStoreTests : IDisposable
{
    private static readonly SnapshotKey s_key = SnapshotKey.Of("284-RPR-133", 1021, "email");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public void A_new_generation_sets_the_old_one_aside_which_can_not_be_changed_any_more(string database)
    {
        using var place = new TestJournal(database);
        using var journal = place.Open();
        var store = journal.Snapshots;
        var first = store.Begin(s_key, Guid.NewGuid(), [MemberOf(1, 11), MemberOf(2, 12)]);
        store.Follow(first);
        store.Change(first, new SnapshotEdits { Joined = [MemberOf(3, 13)] });
        Assert.Equal(3, store.Count(first));

        var push = Guid.NewGuid();
        var second = store.Begin(s_key, push, [MemberOf(4, 14)]);

        Assert.Equal((first.Key, first.Generation + 1, push), (second.Key, second.Generation, second.ReadBy));
        Assert.Equal([14L], store.Read(second).SelectMany(block => block).Select(member => member.MarketoId!.Value));
        var error = Assert.Throws<SegmentPushException>(() => store.Change(first, new SnapshotEdits { Forgotten = [1] }));
        Assert.Equal("SnapshotOutdated", error.ErrorId);
        Assert.Equal(1, store.Count(second));
    }

    [Theory]
    [InlineData("sqlite", 3)]
    [InlineData("postgres", 3)]
    [InlineData("postgres", 3_000)]
    public void An_id_in_doubt_stays_in_doubt_in_the_next_generation(string database, int people)
    {
        using var place = new TestJournal(database);
        using var journal = place.Open();
        var store = journal.Snapshots;

        var generation = store.Begin(s_key, Guid.NewGuid(), Enumerable.Range(1, people).Select(i => MemberOf(i, i) with { IsIdInDoubt = i == 2 }));

        Assert.Equal([2L], store.Read(generation).SelectMany(block => block).Where(member => member.IsIdInDoubt).Select(member => member.MarketoId!.Value));
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public void A_new_generation_can_be_made_of_the_old_one_while_it_is_entered_again_and_again(string database)
    {
        using var place = new TestJournal(database);
        using var journal = place.Open();
        var store = journal.Snapshots;
        var generation = store.Begin(s_key, Guid.NewGuid(), Enumerable.Range(1, 4_000).Select(i => MemberOf(i, i)));

        for (int day = 1; day <= 5; day++)
        {
            // Twice, as a renewal reads it, and each time somebody more.
            var old = store.ReadAgain(generation);
            generation = store.Begin(s_key, Guid.NewGuid(), old.Where(member => member.MarketoId % 2 == 0).Concat(old.Where(member => member.MarketoId % 2 != 0)).Append(MemberOf(4_000 + day, 4_000 + day)));

            var members = store.Read(generation).SelectMany(block => block).ToArray();
            Assert.Equal(Enumerable.Range(1, 4_000 + day).Select(i => (long?)i), members.Select(member => member.MarketoId).Order());
            Assert.Equal(members.Length, members.Select(member => member.Number).Distinct().Count());
            Assert.InRange(members.Max(member => member.Number), members.Length, 3 * members.Length);
        }
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public void Open_people_of_a_push_get_the_numbers_of_the_generation_that_it_is_resumed_with(string database)
    {
        using var place = new TestJournal(database);
        var status = JournalSetup.NewPush("List");
        using var journal = place.Open();
        long key = journal.BeginPush(status);
        var store = journal.Snapshots;
        var first = store.Begin(s_key, status.Id, [MemberOf(1, 11), MemberOf(2, 12)]);
        store.Follow(first);
        store.Bind(key, first, isChanged: false, readsImportsAgain: false);
        var entry = new PersonEntry(0, 1, "p2@example.com", PersonOutcome.NotDelivered, PersonChange.Updated, 12)
        {
            Stage = Stage.Written, Mark = new MemberMark(HashOf(2), 5, 2),
        };
        journal.Settle(key, [entry], status);

        // Another push reads the list anew: the same people have other numbers.
        var second = store.Begin(s_key, Guid.NewGuid(), [MemberOf(2, 12), MemberOf(1, 11)]);
        store.Follow(second);
        store.Bind(key, second, isChanged: false, readsImportsAgain: false);

        int number = store.Read(second).SelectMany(block => block).Single(member => member.MarketoId == 12).Number;
        Assert.Equal(number, journal.Rows.GetPeople(key, Stage.Written).Single().Mark!.Number);
    }

    [Theory]
    [InlineData("email")]
    [InlineData("id")]
    public void An_import_that_finds_people_by_their_identities_puts_the_ids_of_its_members_in_doubt_until_the_list_is_read(string lookupField)
    {
        foreach (string database in new[] { TestJournal.Sqlite, TestJournal.PostgreSql })
        {
            using var place = new TestJournal(database);
            var status = JournalSetup.NewPush("List");
            using var journal = place.Open();
            long key = journal.BeginPush(status);
            var store = journal.Snapshots;
            var generation = store.Begin(s_key, status.Id, [MemberOf(1, 11), MemberOf(2, 12), MemberOf(3, 13)]);
            store.Follow(generation);
            store.Bind(key, generation, isChanged: false, readsImportsAgain: false);
            var numbers = store.Read(generation).SelectMany(block => block).ToDictionary(member => member.MarketoId!.Value, member => member.Number);
            ImportedPerson[] people = [.. new[] { 1, 2 }.Select(i => new ImportedPerson(0, i, $"p{i}@example.com", null, new MemberMark(HashOf(i), 6, numbers[10 + i])))];
            var import = new ImportEntry(1, lookupField, (0, 1), (0, 2)) { State = ImportFileState.Filling };
            journal.Outcomes.Write(key, new OutcomeBatch(status) { Import = import, Imported = people });

            journal.Outcomes.Write(key, new OutcomeBatch(status) { Import = import with { State = ImportFileState.Uploading } });
            bool isInDoubt = lookupField == "email";
            Assert.Equal([(11L, isInDoubt, -1L), (12L, isInDoubt, -1L), (13L, false, 5L)], Members());

            // A reading does not show the second one.
            store.Change(generation, new SnapshotEdits { ConfirmsIds = true, Unlearnt = isInDoubt ? [numbers[12]] : [] });
            Assert.Equal([(11L, false, -1L), (isInDoubt ? 0L : 12L, false, -1L), (13L, false, 5L)], Members());

            IEnumerable<(long, bool, long)> Members() => store.Read(generation).SelectMany(block => block)
                .OrderBy(member => member.Number).Select(member => (member.MarketoId ?? 0, member.IsIdInDoubt, member.SentHash));
        }
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public void Destinations_of_one_list_share_its_snapshot_which_goes_with_the_last_of_them(string database)
    {
        using var place = new TestJournal(database);
        using var journal = place.Open();
        var now = new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.Zero);
        SavedDestinations.Save(journal, DestinationOf("One", 1021), now);
        var read = journal.Snapshots.Begin(s_key, Guid.NewGuid(), [MemberOf(1, 11)]);
        journal.Destinations.ReferToSnapshot(SavedDestinations.Find(journal, "One").Key, read.Key);

        SavedDestinations.Save(journal, DestinationOf("Two", 1021), now);
        SavedDestinations.Save(journal, DestinationOf("Other", 7), now);
        Assert.Equal([1, 0, 1], new[] { "One", "Other", "Two" }.Select(name => SavedDestinations.Get(journal, name).Members));

        SavedDestinations.Save(journal, DestinationOf("One", 7), now);
        Assert.Equal((0, 1), (SavedDestinations.Get(journal, "One").Members, SavedDestinations.Get(journal, "Two").Members));
        SavedDestinations.Save(journal, DestinationOf("One", 1021), now);
        Assert.Equal(1, SavedDestinations.Get(journal, "One").Members);

        journal.Destinations.Remove("One");
        Assert.NotNull(journal.Snapshots.Find(s_key));
        journal.Destinations.Remove("Two");
        Assert.Null(journal.Snapshots.Find(s_key));
    }

    [Fact]
    public void A_journal_of_an_older_version_keeps_what_its_destinations_know_unless_two_of_one_list_may_disagree()
    {
        WriteVersion5(
            (1, DestinationOf("Webinar", 1021), [(1, 11, null), (2, 12, null), (3, 13, 99L)]),
            (2, DestinationOf("Twin", 7), [(1, 21, null)]),
            (3, DestinationOf("Other twin", 7), [(1, 22, null), (2, 23, null)]));

        using var journal = PushJournal.Open(_folder.Path);

        Assert.Equal((2, 0, 0), (
            SavedDestinations.Get(journal, "Webinar").Members, SavedDestinations.Get(journal, "Twin").Members, SavedDestinations.Get(journal, "Other twin").Members));
        var generation = journal.Snapshots.Find(s_key)!;
        Assert.Null(generation.ReadBy);
        Assert.Equal(
            [new Member(1, HashOf(1), 5, 11, IsFromSegment: true), new Member(2, HashOf(2), 5, 12, IsFromSegment: true)],
            journal.Snapshots.Read(generation).SelectMany(block => block));
        Assert.Null(journal.Snapshots.Find(SnapshotKey.Of("284-RPR-133", 7, "email")));
    }

    private static Hash128 HashOf(int number) => new((ulong)number, 1);

    private static Member MemberOf(int number, long id) => new(0, HashOf(number), 5, id, IsFromSegment: true);

    private static SegmentDestination DestinationOf(string name, long listId) => new()
    {
        Name = name,
        Instance = "284-RPR-133",
        StaticListId = listId,
        StaticListName = "List",
        Mapping = [new SegmentMapping("mail", "email", "Email"), new SegmentMapping("first", "firstName")],
        TimeZone = "Europe/Paris",
    };

    private void WriteVersion5(params (long Key, SegmentDestination Destination, (int Number, long Id, long? LeftAt)[] Members)[] destinations)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("journal.db")};Pooling=False");
        connection.Open();
        Run(connection, JournalSchema.Version1 + JournalSchema.Version2 + JournalSchema.Version3 + JournalSchema.Version4 + JournalSchema.Version5 + "PRAGMA user_version = 5;");
        foreach (var (key, destination, members) in destinations)
        {
            Run(
                connection,
                "INSERT INTO destination (destination_key, name, folded_name, definition, created, changed, is_seeded) VALUES ($0, $1, $2, $3, 0, 0, 1)",
                key,
                destination.Name,
                destination.Name.ToUpperInvariant(),
                DestinationText.Write(destination));
            foreach (var (number, id, leftAt) in members)
            {
                byte[] hash = new byte[Hash128.Bytes];
                HashOf(number).Write(hash);
                Run(
                    connection,
                    "INSERT INTO member (destination_key, member_number, identity_hash, sent_hash, marketo_id, left_at) VALUES ($0, $1, $2, 5, $3, $4)",
                    key,
                    number,
                    hash,
                    id,
                    leftAt ?? (object)DBNull.Value);
            }
        }
    }

    private static void Run(SqliteConnection connection, string sql, params object[] values)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of a test.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (int i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i}", values[i]);
        command.ExecuteNonQuery();
    }
}
