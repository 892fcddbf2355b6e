using Npgsql;
using SegmentPush.Journal;
using SegmentPush.Journal.Postgres;
using SegmentPush.Lists;

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>People take little space in a shared journal, and come back as they were written.</summary>
public sealed class PersonTableTests
{
    private const string People = """
        SELECT push_key, source, row_number, identity, marketo_id, outcome, change, stage, import_number, identity_hash, sent_hash, member_number, sent,
            value_length, code, reason, column_name
        FROM segmentpush.person ORDER BY push_key, source, row_number
        """;

    private const string Members = "SELECT snapshot_key, member_number, identity_hash, sent_hash, marketo_id, is_from_segment FROM segmentpush.snapshot_member ORDER BY 1, 2";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_journal_of_schema_3_has_the_same_people_and_members_afterwards(bool isByScript)
    {
        // What a module with schema 3 wrote: files by sync calls and by imports, rejected rows, a mirror, a push that its guard stopped, and one that was killed.
        var address = PostgresServer.Shared.NewDatabase();
        string database = DatabaseOf(address);
        PostgresServer.Shared.Execute(File.ReadAllText(Path.Combine(BuiltModule.Root, "tests/SegmentPush.Core.Tests/Journal/Postgres/schema-3.sql")), database);
        var (people, members) = (Read(database, People), Read(database, Members));
        Assert.Equal("JournalTooOld", Assert.Throws<SegmentPushException>(() => address.OpenToRead()).ErrorId);

        if (isByScript) PostgresServer.Shared.Execute(address.GetScript(), database);
        else Assert.True(address.Initialize());

        Assert.Equal(369, people.Count);
        Assert.Equal(people, Read(database, People));
        Assert.Equal(members, Read(database, Members));
        using var journal = PushJournal.Open(address);
        var killed = journal.History.Get(new PushFilter()).Single(push => push.State == PushState.Interrupted);
        Assert.Equal(100, journal.Rows.GetPeople(journal.Pushes.GetStarted(killed).Key, Stage.Sent).Count);
        var first = journal.History.Get(new PushFilter()).MinBy(push => push.Started)!;
        Assert.Equal(["AddressMalformed", "SameIdentity"], journal.Sums.CountReasons(journal.Pushes.GetStarted(first).Key).Select(reason => reason.Code));
    }

    [Fact]
    public void People_of_a_push_leave_with_it()
    {
        var address = PostgresServer.Shared.NewJournal();
        var status = JournalSetup.NewPush("List") with { State = PushState.Completed };
        using var journal = PushJournal.Open(address);
        long key = journal.BeginPush(status);
        journal.Settle(key, [new(0, 1, "a@example.com", PersonOutcome.Added)], status);

        PostgresServer.Shared.Execute("DELETE FROM segmentpush.push", DatabaseOf(address));

        Assert.Empty(Read(DatabaseOf(address), People));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void A_stage_without_what_it_needs_can_not_be_written(int stage)
    {
        var address = PostgresServer.Shared.NewJournal();
        using var journal = PushJournal.Open(address);
        var status = JournalSetup.NewPush("List");
        journal.Settle(journal.BeginPush(status), [new(0, 1, "a@example.com", PersonOutcome.NotDelivered)], status);

        Assert.Throws<PostgresException>(() => PostgresServer.Shared.Execute($"UPDATE segmentpush.person SET state = {stage}", DatabaseOf(address)));
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public void What_the_snapshot_is_to_learn_of_a_person_comes_back(string database)
    {
        using var place = new TestJournal(database);
        using var journal = place.Open();
        var status = JournalSetup.NewPush("List");
        long key = journal.BeginPush(status);
        PersonEntry[] people =
        [
            .. Marks.Select((mark, i) => new PersonEntry(i % 2, i + 1, $"p{i}@example.com", PersonOutcome.NotDelivered, PersonChange.Updated, 100 + i)
            {
                Stage = Stage.Written, Mark = mark,
            }),
        ];
        journal.Settle(key, people, status);

        var back = journal.Rows.GetPeople(key, Stage.Written);

        Assert.Equal(people.OrderBy(person => person.Source).ThenBy(person => person.Row), back);
    }

    // The first one is the greatest number that takes no room of its own. Some people are entered by a statement, many by a copy.
    [Theory]
    [InlineData(PersonTable.MostImports, 10)]
    [InlineData(PersonTable.MostImports, 2_500)]
    [InlineData(PersonTable.MostImports + 1, 10)]
    [InlineData(PersonTable.MostImports + 1, 2_500)]
    [InlineData(1, 2_500)]
    public void People_of_an_import_with_any_number_come_back_with_its_outcome(int number, int count)
    {
        using var place = new TestJournal(TestJournal.PostgreSql);
        using var journal = place.Open();
        var status = JournalSetup.NewPush("List");
        long key = journal.BeginPush(status);
        ImportedPerson[] people =
            [.. Enumerable.Range(0, count).Select(i => new ImportedPerson(i % 2, i + 1, $"p{i}@example.com", i % 3 == 0 ? null : i, Marks[i % Marks.Length]))];
        var import = new ImportEntry(number, "email", (0, 1), (1, count)) { State = ImportFileState.Filling };
        journal.Outcomes.Write(key, new OutcomeBatch(status) { Import = import, Imported = people });

        var back = journal.Imports.GetPeople(key, import, (-1, 0), count + 1);
        journal.Outcomes.Write(key, new OutcomeBatch(status) { Import = import with { State = ImportFileState.Settled, Outcome = PersonOutcome.Added } });

        Assert.Equal(people.OrderBy(person => person.Source).ThenBy(person => person.Row), back);
        int known = people.Count(person => person.Mark?.Number is not null);
        Assert.Equal(
            (count - known, known),
            ((int)journal.Sums.CountOutcomes(key)[PersonOutcome.Added], (int)journal.Sums.CountOutcomes(key)[PersonOutcome.AlreadyMember]));
    }

    // The goal is half as much again as SQLite takes, which is 80 bytes for an address of 45 characters.
    [Fact]
    public void A_person_of_an_import_takes_at_most_120_bytes()
    {
        const int Count = 50_000;
        var address = PostgresServer.Shared.NewJournal();
        using var journal = PushJournal.Open(address);
        var status = JournalSetup.NewPush("List");
        long key = journal.BeginPush(status);
        var import = new ImportEntry(1, "email", (0, 1), (0, Count)) { State = ImportFileState.Filling };
        long before = address.Describe().Bytes;

        journal.Outcomes.Write(key, new OutcomeBatch(status)
        {
            Import = import,
            Imported = Enumerable.Range(1, Count).Select(i => new ImportedPerson(0, i, $"someone.number{i + 100_000}@department{10 + (i % 87)}.example.org", null)),
        });

        Assert.InRange((address.Describe().Bytes - before) / Count, 60, 120);
    }

    private static MemberMark?[] Marks =>
        [null, new(HashOf(1), null, null), new(HashOf(2), -5, null), new(HashOf(3), null, 7), new(HashOf(4), long.MaxValue, Snapshot.MaxNumber)];

    private static Hash128 HashOf(byte number) => Hash128.Read([.. Enumerable.Repeat(number, Hash128.Bytes)]);

    private static string DatabaseOf(PostgresAddress address) => address.ToString().Split('/')[^1];

    private static List<string> Read(string database, string sql)
    {
        using var connection = PostgresServer.Shared.Connect(database);
#pragma warning disable CA2100 // A text of this test.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) switch
            {
                DBNull => "-",
                byte[] bytes => Convert.ToHexString(bytes),
                var value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture),
            })));
        }

        return rows;
    }
}
