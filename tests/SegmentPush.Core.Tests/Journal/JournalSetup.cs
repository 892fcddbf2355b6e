using Microsoft.Data.Sqlite;
using SegmentPush.Journal;

namespace SegmentPush.Core.Tests.Journal;

internal static class JournalSetup
{
    /// <summary>Enters a push that is never resumed.</summary>
    public static long BeginPush(this PushJournal journal, PushStatus status, JournalIdentity identities = JournalIdentity.Plain) =>
        journal.Lifecycle.Begin(status, "{}", [.. status.Source.Select((name, i) => new SourceEntry(name, null, status.Form.ElementAtOrDefault(i), null))], identities);

    /// <summary>Enters people, and where the push stands.</summary>
    public static void Settle(this PushJournal journal, long key, IEnumerable<PersonEntry> people, PushStatus status) => journal.Settle(key, people, [], status);

    /// <summary>Enters people, also those that were unchanged, and where the push stands.</summary>
    public static void Settle(this PushJournal journal, long key, IEnumerable<PersonEntry> people, IEnumerable<UnchangedBlock> unchanged, PushStatus status) =>
        journal.Outcomes.Write(key, new OutcomeBatch(status) { People = people, Unchanged = unchanged });

    /// <summary>Does to the file of a journal what no program of ours does.</summary>
    public static void Execute(string folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A text of a test.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Leaves a push in the journal as a killed process leaves it.</summary>
    public static void TellKilled(string folder, Guid push) =>
        Execute(folder, $"UPDATE push SET state = {(int)PushState.Running}, reason = NULL, ended = NULL, not_delivered = 0 WHERE id = '{push}'");

    /// <summary>Waits until the journal holds so many people whose create is under way.</summary>
    public static async Task WaitUntilSentAsync(string folder, long people)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "journal.db")};Pooling=False");
        while (!File.Exists(Path.Combine(folder, "journal.db"))) await Task.Delay(20);
        connection.Open();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM sqlite_master WHERE name = 'person' AND sql LIKE '%stage%'";
        for (int i = 0; i < 1_000 && (long)command.ExecuteScalar()! == 0; i++) await Task.Delay(20);
        command.CommandText = "SELECT COUNT(*) FROM person WHERE stage = 1";
        for (int i = 0; i < 1_000 && (long)command.ExecuteScalar()! < people; i++) await Task.Delay(20);

        // The call leaves just after that.
        await Task.Delay(50);
    }

    /// <summary>A push at its start.</summary>
    public static PushStatus NewPush(string list) => new()
    {
        Id = Guid.NewGuid(),
        State = PushState.Running,
        Instance = "284-RPR-133",
        StaticListId = 1021,
        StaticListName = list,
        Source = ["segment.csv"],
        PersonCreation = PersonCreation.MatchExisting,
        ExistingPeople = ExistingPeople.Keep,
        Delivery = Delivery.Sync,
        Started = new DateTimeOffset(2026, 11, 1, 2, 0, 0, TimeSpan.Zero),
    };
}
