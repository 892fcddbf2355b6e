using Microsoft.Data.Sqlite;

namespace SegmentPush.Journal;

/// <content>People of a push for whom there was nothing to do.</content>
internal sealed partial class PushJournal
{
    private const string BlockColumns = "source, first_row, last_row, people, content";

    private void InsertUnchanged(SqliteTransaction transaction, long pushKey, IEnumerable<UnchangedBlock> blocks)
    {
        foreach (var block in blocks)
        {
            using var command = Command(transaction, $"INSERT INTO unchanged_block (push_key, {BlockColumns}) VALUES ($key, $source, $first, $last, $people, $content)");
            command.Parameters.AddWithValue("$key", pushKey);
            command.Parameters.AddWithValue("$source", block.Source);
            command.Parameters.AddWithValue("$first", block.FirstRow);
            command.Parameters.AddWithValue("$last", block.LastRow);
            command.Parameters.AddWithValue("$people", block.People);
            command.Parameters.AddWithValue("$content", block.Content);
            command.ExecuteNonQuery();
        }
    }

    // In the order of their rows, from one on. A push that was stopped may have left gaps that later blocks fill.
    private IEnumerable<UnchangedPerson> GetUnchanged(long pushKey, (int Source, long Row) after)
    {
        using var command = Command(
            null, $"SELECT {BlockColumns} FROM unchanged_block WHERE push_key = $key AND (source, last_row) > ($source, $row) ORDER BY source, first_row");
        command.Parameters.AddWithValue("$key", pushKey);
        command.Parameters.AddWithValue("$source", after.Source);
        command.Parameters.AddWithValue("$row", after.Row);
        using var reader = Guard(command.ExecuteReader);
        var open = new List<UnchangedPerson>();
        var last = (Source: -1, Row: 0L);
        while (Guard(reader.Read))
        {
            var block = ReadBlock(reader);
            if ((block.Source, block.FirstRow).CompareTo(last) > 0)
            {
                foreach (var person in Ordered()) yield return person;
                open.Clear();
            }

            open.AddRange(Unpack(block));
            var end = (block.Source, block.LastRow);
            if (end.CompareTo(last) > 0) last = end;
        }

        foreach (var person in Ordered()) yield return person;

        IEnumerable<UnchangedPerson> Ordered() => open
            .Where(person => (person.Source, person.Row).CompareTo(after) > 0)
            .OrderBy(person => (person.Source, person.Row));
    }

    /// <summary>Gives rows that were settled as on the list another outcome, because the list was seen not to hold their people.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="people">The rows with the outcomes that they have now.</param>
    /// <exception cref="SegmentPushException">A row has another outcome than <c>Added</c> or <c>AlreadyMember</c> (<c>SumsDisagree</c>).</exception>
    public void SettleAnew(long pushKey, IReadOnlyCollection<PersonEntry> people) => Guard(() =>
    {
        using var transaction = _connection.BeginTransaction();
        using var statements = Snapshots.OpenFollowed();
        using var update = Command(transaction, $"""
            UPDATE person SET outcome = $outcome, change = $change, marketo_id = $id, code = $code, reason = $reason, import_number = NULL, stage = 5
            WHERE push_key = $key AND source = $source AND row_number = $row AND (import_number IS NOT NULL OR outcome IN (1, 2)) AND (import_number IS NOT NULL OR stage = 5)
            """);
        var unchanged = new List<PersonEntry>();
        foreach (var person in people)
        {
            update.Parameters.Clear();
            update.Parameters.AddWithValue("$key", pushKey);
            update.Parameters.AddWithValue("$source", person.Source);
            update.Parameters.AddWithValue("$row", person.Row);
            update.Parameters.AddWithValue("$outcome", (int)person.Outcome);
            update.Parameters.AddWithValue("$change", (int)person.Change);
            update.Parameters.AddWithValue("$id", OrNull(person.MarketoId));
            update.Parameters.AddWithValue("$code", OrNull(person.Code));
            update.Parameters.AddWithValue("$reason", OrNull(person.Reason));
            if (update.ExecuteNonQuery() == 0) unchanged.Add(person);
            else statements?.Apply(person);
        }

        if (TakeOutUnchanged(transaction, pushKey, unchanged.Select(person => (person.Source, person.Row)).ToHashSet()) != unchanged.Count) throw PersonStatement.SettledTwice();
        InsertPeople(pushKey, unchanged);
        transaction.Commit();
        return true;
    });

    private long CountUnchanged(long pushKey) => Number("SELECT COALESCE(SUM(people), 0) FROM unchanged_block WHERE push_key = $key", pushKey);

    // Packs the blocks anew that rows are taken out of. Returns how many were.
    private int TakeOutUnchanged(SqliteTransaction transaction, long pushKey, HashSet<(int Source, long Row)> rows)
    {
        if (rows.Count == 0) return 0;
        int taken = 0;
        foreach (var block in FindBlocks(transaction, pushKey, [.. rows.Order()]))
        {
            var left = Unpack(block).FindAll(person => !rows.Contains((person.Source, person.Row)));
            if (left.Count == block.People) continue;
            using var delete = Command(transaction, "DELETE FROM unchanged_block WHERE push_key = $key AND source = $source AND first_row = $first");
            delete.Parameters.AddWithValue("$key", pushKey);
            delete.Parameters.AddWithValue("$source", block.Source);
            delete.Parameters.AddWithValue("$first", block.FirstRow);
            delete.ExecuteNonQuery();
            if (left.Count > 0) InsertUnchanged(transaction, pushKey, [UnchangedBlock.Pack(left)]);
            taken += block.People - left.Count;
        }

        return taken;
    }

    // Blocks between whose first and last row some of these rows lie, which are in order.
    private List<UnchangedBlock> FindBlocks(SqliteTransaction transaction, long pushKey, (int Source, long Row)[] rows)
    {
        using var command = Command(transaction, $"SELECT {BlockColumns} FROM unchanged_block WHERE push_key = $key");
        command.Parameters.AddWithValue("$key", pushKey);
        using var reader = command.ExecuteReader();
        var blocks = new List<UnchangedBlock>();
        while (reader.Read())
        {
            int next = Array.BinarySearch(rows, (reader.GetInt32(0), reader.GetInt64(1)));
            if (next < 0) next = ~next;
            if (next < rows.Length && rows[next].CompareTo((reader.GetInt32(0), reader.GetInt64(2))) <= 0) blocks.Add(ReadBlock(reader));
        }

        return blocks;
    }

    private List<UnchangedPerson> Unpack(UnchangedBlock block)
    {
        try
        {
            return block.Unpack();
        }
        catch (InvalidDataException e)
        {
            throw JournalFile.Damaged(_path, e);
        }
    }

    private static UnchangedBlock ReadBlock(SqliteDataReader reader) =>
        new(reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3), reader.GetFieldValue<byte[]>(4));
}
