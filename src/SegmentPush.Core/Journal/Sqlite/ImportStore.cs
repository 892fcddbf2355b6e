using Microsoft.Data.Sqlite;
using SegmentPush.Lists;

namespace SegmentPush.Journal.Sqlite;

/// <summary>The import files of pushes: how far they have come, and how many people they have.</summary>
internal sealed class ImportStore(JournalSession session)
{
    /// <summary>Imports of a push that Marketo has accepted and that are not settled, in order.</summary>
    public IReadOnlyList<ImportEntry> GetAccepted(long pushKey) => session.MapErrors(() =>
    {
        using var command = session.Command(
            $"""
            SELECT number, lookup_field, first_source, first_row, last_source, last_row, batch_id, uploaded, fields
            FROM import_file WHERE push_key = $key AND state = {(int)ImportFileState.Accepted} ORDER BY number
            """,
            ("$key", pushKey));
        using var reader = command.ExecuteReader();
        var imports = new List<ImportEntry>();
        while (reader.Read())
        {
            imports.Add(new ImportEntry(
                reader.GetInt32(0), reader.GetString(1), (reader.GetInt32(2), reader.GetInt64(3)), (reader.GetInt32(4), reader.GetInt64(5)))
            {
                State = ImportFileState.Accepted,
                BatchId = reader.GetInt64(6),
                Uploaded = reader.IsDBNull(7) ? null : new DateTimeOffset(reader.GetInt64(7), TimeSpan.Zero),
                Fields = reader.IsDBNull(8) ? null : reader.GetString(8),
            });
        }

        return imports;
    });

    /// <summary>Whether Marketo did not account for the people of an import, so that those who are left are sent by calls.</summary>
    public bool HasUnaccounted(long pushKey) => Count(
        $"SELECT COUNT(*) FROM import_file WHERE push_key = $key AND state = {(int)ImportFileState.Unaccounted}", pushKey) > 0;

    /// <summary>The rows of imports that may have created people, and for whose people Marketo has given no outcome.</summary>
    public IReadOnlyList<ImportedRows> GetUnanswered(long pushKey) => session.MapErrors(() =>
    {
        using var command = session.Command(
            $"""
            SELECT first_source, first_row, last_source, last_row FROM import_file
            WHERE push_key = $key AND lookup_field <> 'id' AND is_sent = 1
                AND state IN ({(int)ImportFileState.Uploading}, {(int)ImportFileState.Lost}, {(int)ImportFileState.Unaccounted})
            """,
            ("$key", pushKey));
        using var reader = command.ExecuteReader();
        var rows = new List<ImportedRows>();
        while (reader.Read()) rows.Add(new ImportedRows((reader.GetInt32(0), reader.GetInt64(1)), (reader.GetInt32(2), reader.GetInt64(3))));
        return rows;
    });

    /// <summary>The greatest number of an import of a push; 0 where it has none.</summary>
    public int GetLastNumber(long pushKey) => (int)Count("SELECT COALESCE(MAX(number), 0) FROM import_file WHERE push_key = $key", pushKey);

    /// <summary>How many people the journal holds in an import, and how many of them the snapshot knew on the list.</summary>
    public (long People, long Members) CountPeople(long pushKey, int import) => session.MapErrors(() =>
    {
        using var command = session.Command(
            "SELECT COUNT(*), COUNT(member_number) FROM person WHERE push_key = $key AND import_number = $number", ("$key", pushKey), ("$number", import));
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1));
    });

    /// <summary>Notes that imported people of a push were members of its list.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="generation">The snapshot.</param>
    /// <param name="members">Numbers in the snapshot of people with their identities.</param>
    /// <returns>How many people they are.</returns>
    public int TellMembers(long pushKey, SnapshotGeneration generation, IReadOnlyList<int> members) => session.MapErrors(() =>
    {
        using var command = session.Command(
            $"""
            UPDATE person SET member_number = m.member_number FROM snapshot_member m
            WHERE m.snapshot_key = $snapshot AND m.member_number IN ({string.Join(", ", members)})
                AND person.push_key = $key AND person.import_number IS NOT NULL AND person.member_number IS NULL AND person.identity_hash = m.identity_hash
            """,
            ("$key", pushKey),
            ("$snapshot", generation.Key));
        return command.ExecuteNonQuery();
    });

    /// <summary>Notes that imported people of a push were not the members for whom they were taken.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="members">Numbers of those members.</param>
    /// <returns>How many people they are.</returns>
    public int TellAdded(long pushKey, IReadOnlyList<int> members) => session.MapErrors(() =>
    {
        using var command = session.Command(
            $"UPDATE person SET member_number = NULL WHERE push_key = $key AND import_number IS NOT NULL AND member_number IN ({string.Join(", ", members)})",
            ("$key", pushKey));
        return command.ExecuteNonQuery();
    });

    /// <summary>Says why the people of imports without outcome were not delivered.</summary>
    public void Explain(long pushKey, string code, string? reason) => session.MapErrors(() =>
    {
        session.Execute(
            "UPDATE import_file SET code = $code, reason = $reason WHERE push_key = $key AND outcome = 0",
            ("$key", pushKey),
            ("$code", code),
            ("$reason", Null(reason)));
        return true;
    });

    /// <summary>Writes an import file in a transaction.</summary>
    public void Write(SqliteTransaction transaction, long pushKey, ImportEntry import)
    {
        using var command = session.Command("""
            INSERT INTO import_file (push_key, number, lookup_field, is_sent, batch_id, first_source, first_row, last_source, last_row, outcome, change,
                state, uploaded, fields)
            VALUES ($key, $number, $field, $is_sent, $batch_id, $first_source, $first_row, $last_source, $last_row, $outcome, $change,
                $state, $uploaded, $fields)
            ON CONFLICT (push_key, number) DO UPDATE SET is_sent = excluded.is_sent, batch_id = excluded.batch_id,
                state = excluded.state, uploaded = excluded.uploaded,
                first_source = excluded.first_source, first_row = excluded.first_row, last_source = excluded.last_source,
                last_row = excluded.last_row, outcome = excluded.outcome, change = excluded.change
            """);
        command.Transaction = transaction;
        command.Parameters.AddWithValue("$key", pushKey);
        command.Parameters.AddWithValue("$field", import.LookupField);
        command.Parameters.AddWithValue("$is_sent", import.State >= ImportFileState.Uploading);
        command.Parameters.AddWithValue("$state", (int)import.State);
        command.Parameters.AddWithValue("$uploaded", Null(import.Uploaded?.UtcTicks));
        command.Parameters.AddWithValue("$fields", Null(import.Fields));
        command.Parameters.AddWithValue("$batch_id", Null(import.BatchId));
        command.Parameters.AddWithValue("$outcome", (int)import.Outcome);
        command.Parameters.AddWithValue("$change", (int)import.Change);
        AddBounds(command, import);
        command.ExecuteNonQuery();
    }

    /// <summary>Gives a command the number of an import and its first and last row.</summary>
    public static void AddBounds(SqliteCommand command, ImportEntry import)
    {
        command.Parameters.AddWithValue("$number", import.Number);
        command.Parameters.AddWithValue("$first_source", import.First.Source);
        command.Parameters.AddWithValue("$first_row", import.First.Row);
        command.Parameters.AddWithValue("$last_source", import.Last.Source);
        command.Parameters.AddWithValue("$last_row", import.Last.Row);
    }

    private static object Null(object? value) => value ?? DBNull.Value;

    private long Count(string sql, long pushKey) => session.MapErrors(() => session.Count(sql, ("$key", pushKey)));
}
