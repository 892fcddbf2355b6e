using Microsoft.Data.Sqlite;
using SegmentPush.Journal;
using SegmentPush.Journal.Sqlite;

namespace SegmentPush.Core.Tests.Journal;

public sealed class PushJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public void A_push_comes_back_as_it_was_written(string database)
    {
        using var place = new TestJournal(database);
        var status = JournalSetup.NewPush("Webinar EMEA") with { Partition = "Europe", Source = ["a.csv", "b.csv"], Form = ["delimited, utf-8", "parquet"] };
        using (var journal = place.Open())
        {
            long key = journal.BeginPush(status);
            status = status with
            {
                State = PushState.Completed,
                Received = 3,
                Added = 1,
                Duplicate = 1,
                Rejected = 1,
                Updated = 1,
                MultipleMatches = 1,
                WithoutCompanyFields = 1,
                Calls = 7,
                Ended = status.Started.AddMinutes(1),
                Duration = TimeSpan.FromMinutes(1),
                RejectPath = "/tmp/rejected.csv",
            };
            journal.Settle(key, [], status);
        }

        using var other = place.Open();
        var read = Assert.Single(other.History.Get(new PushFilter()));
        Assert.Equal(["a.csv", "b.csv"], read.Source);
        Assert.Equal(status.Form, read.Form);
        Assert.Equal(status, read with { Source = status.Source, Form = status.Form, Machine = null });
        Assert.Equal(database == TestJournal.Sqlite ? null : Environment.MachineName, read.Machine);
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public void People_come_back_in_the_order_of_their_rows_with_their_reasons(string database)
    {
        using var place = new TestJournal(database);
        var status = JournalSetup.NewPush("List");
        using var journal = place.Open();
        long key = journal.BeginPush(status);
        journal.Settle(key, [new(0, 2, "b@example.com", PersonOutcome.Added, PersonChange.Created, 12)], status);
        journal.Settle(key, [new(0, 1, "a", PersonOutcome.Rejected, Code: "AddressMalformed", Reason: "Mend it.", Column: "mail", ValueLength: 1)], status);

        var people = journal.People.Get(status.Id, [PersonOutcome.Added, PersonOutcome.Rejected]).ToArray();

        Assert.Equal([1L, 2L], people.Select(p => p.Row));
        Assert.Equal(("AddressMalformed", "Mend it.", "mail", 1), (people[0].Code, people[0].Reason, people[0].Column, people[0].ValueLength));
        Assert.Equal((PersonChange.Created, 12L), (people[1].Change, people[1].MarketoId));
        Assert.Empty(journal.People.Get(status.Id, [PersonOutcome.Unmatched]));
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public void Outcomes_are_found_also_where_a_row_is_asked_for_twice(string database)
    {
        using var place = new TestJournal(database);
        var status = JournalSetup.NewPush("List");
        using var journal = place.Open();
        long key = journal.BeginPush(status);
        journal.Settle(key, [new(0, 1, "ann@example.com", PersonOutcome.Removed, MarketoId: 11)], status);

        var outcomes = journal.Rows.GetOutcomes(key, [(0, 1), (0, 1)]);

        Assert.Equal(PersonOutcome.Removed, Assert.Single(outcomes).Value.Outcome);
    }

    [Fact]
    public void A_statement_can_run_inside_itself()
    {
        const string Sql = "SELECT value FROM json_each($list)";
        using var session = new JournalSession(JournalFile.Open(_folder.Path), JournalFile.PathIn(_folder.Path), ProcessHost.Machine);
        List<long> Twice(long number) => session.Query(Sql, row => row.GetInt64(0), ("$list", $"[{number}, {number + 10}]"));

        for (int i = 0; i < 2; i++)
        {
            var read = session.Query(Sql, row => Twice(row.GetInt64(0)), ("$list", "[1, 2]"));
            Assert.Equal([[1L, 11], [2, 12]], read);
        }

        Assert.Throws<SegmentPushException>(() => session.Read(() => session.Count("SELECT json_extract($text, '$')", ("$text", "{"))));
        Assert.Equal([[5L, 15]], [Twice(5)]);
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public void Nobody_can_be_settled_twice(string database)
    {
        using var place = new TestJournal(database);
        var status = JournalSetup.NewPush("List");
        using var journal = place.Open();
        long key = journal.BeginPush(status);
        journal.Settle(key, [new(0, 1, "a@example.com", PersonOutcome.Added)], status);

        Assert.ThrowsAny<Exception>(() => journal.Settle(
            key,
            [new(0, 2, "b@example.com", PersonOutcome.Added), new(0, 1, "a@example.com", PersonOutcome.Rejected)],
            status with { Received = 99 }));

        Assert.Equal(0, Assert.Single(journal.History.Get(new PushFilter())).Received);
        Assert.Equal(1, journal.Sums.CountOutcomes(key)[PersonOutcome.Added]);
        Assert.Single(journal.Sums.CountOutcomes(key));
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public void Pushes_are_found_by_id_state_and_list_newest_first(string database)
    {
        using var place = new TestJournal(database);
        using var journal = place.Open();
        var older = JournalSetup.NewPush("Été") with { StaticListId = 1 };
        var newer = JournalSetup.NewPush("Autumn") with { StaticListId = 2, Started = older.Started.AddHours(1), State = PushState.Failed };
        journal.BeginPush(older);
        journal.BeginPush(newer);

        Assert.Equal([newer.Id, older.Id], Ids(new PushFilter()));
        Assert.Equal([newer.Id], Ids(new PushFilter { Last = 1 }));
        Assert.Equal([older.Id], Ids(new PushFilter { Ids = [older.Id] }));
        Assert.Equal([newer.Id], Ids(new PushFilter { States = [PushState.Failed] }));
        Assert.Equal([newer.Id], Ids(new PushFilter { StaticListId = 2 }));
        Assert.Equal([older.Id], Ids(new PushFilter { StaticListName = "ÉTÉ", Last = 1 }));

        IEnumerable<Guid> Ids(PushFilter filter) => journal.History.Get(filter).Select(p => p.Id);
    }

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public void A_push_can_be_read_while_another_process_writes_it(string database)
    {
        using var place = new TestJournal(database);
        using var writer = place.Open();
        long key = writer.BeginPush(JournalSetup.NewPush("List"));
        using var reader = place.Open();
        writer.Settle(key, [new(0, 1, "a@example.com", PersonOutcome.Added)], JournalSetup.NewPush("List") with { Received = 1 });

        Assert.Equal(1, Assert.Single(reader.History.Get(new PushFilter())).Received);
    }

    [Fact]
    public void Only_its_owner_can_read_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has access lists instead of modes.");
        if (OperatingSystem.IsWindows()) return;
        string folder = _folder.File("home");
        using var journal = PushJournal.Open(folder);
        journal.BeginPush(JournalSetup.NewPush("List"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        foreach (string file in Directory.GetFiles(folder))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_journal_of_a_newer_version_is_left_alone()
    {
        using (PushJournal.Open(_folder.Path))
        {
        }

        Execute("PRAGMA user_version = 99");

        Assert.Equal("JournalTooNew", Assert.Throws<SegmentPushException>(() => PushJournal.Open(_folder.Path)).ErrorId);
    }

    [Fact]
    public async Task A_journal_of_the_first_version_is_brought_forward_with_what_it_holds()
    {
        string file = Path.Combine(_folder.Path, "journal.db");
        using (var first = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            first.Open();
            using var command = first.CreateCommand();
            command.CommandText = JournalSchema.Version1 + """
                PRAGMA user_version = 1;
                INSERT INTO push VALUES (1, '0190163d-8694-739b-aea5-966c26f8ad91', 2, 'Stopped.', '284-RPR-133', 1021, 'Webinar', 0, 0, 0, NULL,
                    638000000000000000, 638000000000000001, 638000000000000001, 2, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5, NULL);
                INSERT INTO push_source VALUES (1, 0, 'segment.csv');
                INSERT INTO person VALUES (1, 0, 1, 'ann@example.com', 1, 3, 17, NULL, NULL, NULL, NULL);
                INSERT INTO person VALUES (1, 0, 2, 'zoe@example.com', 0, 0, NULL, 'NotDelivered', 'Stopped.', NULL, NULL);
                """;
            command.ExecuteNonQuery();
        }

        using var journal = PushJournal.Open(_folder.Path);

        var push = Assert.Single(journal.History.Get(new PushFilter()));
        Assert.Equal((PushState.Interrupted, 2L, 1L), (push.State, push.Received, push.NotDelivered));
        Assert.Equal(["ann@example.com", "zoe@example.com"], journal.People.Get(push.Id, Enum.GetValues<PersonOutcome>()).Select(person => person.Identity));
        Assert.Null((await journal.Lifecycle.TakeOverAsync(push.Id, false, TestContext.Current.CancellationToken)).Request);
    }

    [Fact]
    public void A_damaged_journal_says_so()
    {
        File.WriteAllText(_folder.File("journal.db"), new string('x', 5000));

        var error = Assert.Throws<SegmentPushException>(() => PushJournal.Open(_folder.Path));

        Assert.Equal("JournalDamaged", error.ErrorId);
        Assert.Contains("journal.db", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_a_clear_error()
    {
        File.WriteAllText(_folder.File("file"), "");

        Assert.Equal("JournalNotWritable", Assert.Throws<SegmentPushException>(() => PushJournal.Open(_folder.File("file"))).ErrorId);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
