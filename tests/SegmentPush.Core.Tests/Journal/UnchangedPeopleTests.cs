using SegmentPush.Journal;

namespace SegmentPush.Core.Tests.Journal;

public sealed class UnchangedPeopleTests : IDisposable
{
    private static readonly PersonOutcome[] s_all = Enum.GetValues<PersonOutcome>();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public void They_come_back_among_the_others_in_the_order_of_their_rows(string database)
    {
        using var place = new TestJournal(database);
        using var journal = place.Open();
        var push = Begin(journal, out long key);
        UnchangedPerson[] unchanged =
        [
            .. Enumerable.Range(1, 3_500).Where(row => row % 7 != 0).Select(row => Person(0, row)),
            .. Enumerable.Range(1, 1_200).Select(row => Person(1, row)),
        ];
        journal.Settle(key, Added(Enumerable.Range(1, 3_500).Where(row => row % 7 == 0)), Packed(unchanged), push);

        var people = journal.People.Get(push.Id, s_all).ToArray();

        Assert.Equal(
            [.. Enumerable.Range(1, 3_500).Select(row => ("a.csv", (long)row)), .. Enumerable.Range(1, 1_200).Select(row => ("b.csv", (long)row))],
            people.Select(person => (person.Source, person.Row)));
        Assert.Equal(
            unchanged.Select(person => (person.Identity, person.MarketoId)),
            people.Where(person => person.Outcome == PersonOutcome.AlreadyMember).Select(person => (person.Identity!, person.MarketoId)));
        Assert.All(people.Where(person => person.Outcome == PersonOutcome.AlreadyMember), person => Assert.Equal(PersonChange.Unchanged, person.Change));
        Assert.Equal(500, journal.People.Get(push.Id, [PersonOutcome.Added]).Count());
        Assert.Equal(unchanged.Length, journal.Sums.CountOutcomes(key)[PersonOutcome.AlreadyMember]);
        Assert.Equal(people.Length, journal.Sums.CountPeople(key));
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public void Their_identities_are_hashed_where_the_journal_may_not_hold_any(string database)
    {
        using var place = new TestJournal(database);
        using var journal = place.Open();
        var push = Begin(journal, out long key, JournalIdentity.Hash);
        journal.Settle(key, [], Packed([Person(0, 1), Person(0, 2)], journal.Identities.KeyOf), push);
        journal.Outcomes.TakeOut(key, [(0, 2)]);
        journal.Dispose();

        using var other = place.Open();
        var person = Assert.Single(other.People.Get(push.Id, s_all));
        Assert.Null(person.Identity);
        Assert.Equal(1_000_000_001, person.MarketoId);
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public void Some_can_be_taken_out_again_and_nobody_twice(string database)
    {
        using var place = new TestJournal(database);
        using var journal = place.Open();
        var push = Begin(journal, out long key);
        journal.Settle(key, Added([5_001]), Packed(Enumerable.Range(1, 5_000).Select(row => Person(0, row))), push);
        (int, long)[] rows = [(0, 1), (0, 1_700), (0, 5_000), (0, 5_001)];

        journal.Outcomes.TakeOut(key, rows);

        Assert.Equal(4_997, journal.Sums.CountOutcomes(key)[PersonOutcome.AlreadyMember]);
        Assert.Equal(
            Enumerable.Range(1, 5_001).Select(row => (long)row).Except(rows.Select(row => row.Item2)),
            journal.People.Get(push.Id, s_all).Select(person => person.Number));
        Assert.Equal("SumsDisagree", Assert.Throws<SegmentPushException>(() => journal.Outcomes.TakeOut(key, [(0, 2), (0, 1_700)])).ErrorId);
        Assert.Equal(4_997, journal.Sums.CountOutcomes(key)[PersonOutcome.AlreadyMember]);
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public void A_push_that_goes_on_learns_of_all_rows_that_it_has_had_in_their_order(string database)
    {
        using var place = new TestJournal(database);
        using var journal = place.Open();
        var push = Begin(journal, out long key);
        journal.Settle(key, Added([3, 2_000]), Packed(Enumerable.Range(1, 2_500).Where(row => row is not 3 and not 2_000 and not 40).Select(row => Person(0, row))), push);

        // The row that was left over in the middle of the others has turned out to be unchanged, too.
        journal.Settle(key, [], Packed([Person(0, 40), Person(0, 2_501)]), push);

        var rows = new List<(int Source, long Row)>();
        while (journal.Rows.GetRows(key, rows.Count == 0 ? (-1, 0) : rows[^1], 400) is [_, ..] block) rows.AddRange(block);
        Assert.Equal(Enumerable.Range(1, 2_501).Select(row => (0, (long)row)), rows);
        Assert.Equal(rows.Select(row => row.Row), journal.People.Get(push.Id, s_all).Select(person => person.Number));
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public void They_leave_the_journal_with_their_push(string database)
    {
        using var place = new TestJournal(database);
        using var journal = place.Open();
        var push = Begin(journal, out long key);
        journal.Settle(key, [], Packed([Person(0, 1)]), push);
        journal.Dispose();
        using var other = place.Open();

        other.Lifecycle.Remove(push.Id);

        Assert.Equal(0, other.Sums.CountPeople(key));
    }

    [Theory]
    [InlineData("UPDATE unchanged_block SET content = x'00112233445566778899aabbccddeeff'")]
    [InlineData("UPDATE unchanged_block SET content = zeroblob(length(content))")]
    [InlineData("UPDATE unchanged_block SET content = substr(content, 1, length(content) / 2)")]
    [InlineData("UPDATE unchanged_block SET content = x''")]
    [InlineData("UPDATE unchanged_block SET people = people - 1")]
    [InlineData("UPDATE unchanged_block SET people = people + 1")]
    [InlineData("UPDATE unchanged_block SET people = -1")]
    [InlineData("UPDATE unchanged_block SET last_row = last_row + 1")]
    public void A_journal_that_does_not_hold_them_as_they_were_is_damaged_and_says_so(string damage)
    {
        PushStatus push;
        long key;
        using (var journal = PushJournal.Open(_folder.Path))
        {
            push = Begin(journal, out key);
            journal.Settle(key, [], Packed(Enumerable.Range(1, 500).Select(row => Person(0, row))), push);
        }

        JournalSetup.Execute(_folder.Path, damage);
        using var damaged = PushJournal.Open(_folder.Path);

        foreach (Action use in new Action[]
        {
            () => Assert.Empty(damaged.People.Get(push.Id, s_all)),
            () => Assert.Empty(damaged.Rows.GetRows(key, (-1, 0), 10)),
            () => damaged.Outcomes.TakeOut(key, [(0, 3)]),
        })
        {
            var error = Assert.Throws<SegmentPushException>(use);
            Assert.Equal(("JournalDamaged", (object)Path.Combine(_folder.Path, "journal.db")), (error.ErrorId, error.Target!));
        }
    }

    private static PushStatus Begin(PushJournal journal, out long key, JournalIdentity identities = JournalIdentity.Plain)
    {
        var push = JournalSetup.NewPush("Webinar") with { Source = ["a.csv", "b.csv"] };
        key = journal.BeginPush(push, identities);
        return push;
    }

    // Ids of both directions, and some that are not known.
    private static UnchangedPerson Person(int source, int row) =>
        new(source, row, $"Zoë.😀{row}@exämple.com", row % 5 == 0 ? null : 1_000_000_000 + (row % 2 == 0 ? -row : row));

    private static IEnumerable<UnchangedBlock> Packed(IEnumerable<UnchangedPerson> people, Func<string, string>? keyOf = null) => people
        .GroupBy(person => person.Source)
        .SelectMany(source => source.Chunk(UnchangedBlock.MaxPeople))
        .Select(some => UnchangedBlock.Pack(some, keyOf));

    private static IEnumerable<PersonEntry> Added(IEnumerable<int> rows) =>
        rows.Select(row => new PersonEntry(0, row, $"new{row}@example.com", PersonOutcome.Added, PersonChange.Created, row));
}
