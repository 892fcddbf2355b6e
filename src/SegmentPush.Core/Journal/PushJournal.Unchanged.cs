using Microsoft.Data.Sqlite;

namespace SegmentPush.Journal;

/// <content>People of a push for whom there was nothing to do.</content>
internal sealed partial class PushJournal
{
    private static readonly string[] s_blockParameters = ["$source", "$first", "$last", "$people", "$content"];

    private void InsertUnchanged(SqliteTransaction transaction, long pushKey, IReadOnlyList<UnchangedPerson> people)
    {
        if (people.Count == 0) return;
        using var command = Command(transaction, """
            INSERT INTO unchanged_block (push_key, source, first_row, last_row, people, content) VALUES ($key, $source, $first, $last, $people, $content)
            """);
        command.Parameters.AddWithValue("$key", pushKey);
        var parameters = s_blockParameters.Select(name => command.Parameters.AddWithValue(name, null)).ToArray();
        var block = new List<UnchangedPerson>(Math.Min(people.Count, UnchangedBlock.MaxPeople));
        for (int i = 0; i < people.Count; i++)
        {
            block.Add(_hash is null ? people[i] : people[i] with { Identity = KeyOf(people[i].Identity) });
            bool isLast = i + 1 == people.Count || people[i + 1].Source != people[i].Source;
            if (!isLast && block.Count < UnchangedBlock.MaxPeople) continue;
            object[] values = [block[0].Source, block[0].Row, block[^1].Row, block.Count, UnchangedBlock.Pack(block)];
            for (int p = 0; p < values.Length; p++) parameters[p].Value = values[p];
            command.ExecuteNonQuery();
            block.Clear();
        }
    }

    // In the order of their rows, from one on. A push that was stopped may have left gaps that later blocks fill.
    private IEnumerable<UnchangedPerson> GetUnchanged(long pushKey, (int Source, long Row) after)
    {
        using var command = Command(null, """
            SELECT source, first_row, last_row, content FROM unchanged_block
            WHERE push_key = $key AND (source, last_row) > ($source, $row) ORDER BY source, first_row
            """);
        command.Parameters.AddWithValue("$key", pushKey);
        command.Parameters.AddWithValue("$source", after.Source);
        command.Parameters.AddWithValue("$row", after.Row);
        using var reader = Guard(command.ExecuteReader);
        var open = new List<UnchangedPerson>();
        var last = (Source: -1, Row: 0L);
        while (Guard(reader.Read))
        {
            var first = (reader.GetInt32(0), reader.GetInt64(1));
            if (first.CompareTo(last) > 0)
            {
                foreach (var person in Ordered()) yield return person;
                open.Clear();
            }

            open.AddRange(UnchangedBlock.Unpack(first.Item1, reader.GetFieldValue<byte[]>(3)));
            var end = (first.Item1, reader.GetInt64(2));
            if (end.CompareTo(last) > 0) last = end;
        }

        foreach (var person in Ordered()) yield return person;

        IEnumerable<UnchangedPerson> Ordered() => open
            .Where(person => (person.Source, person.Row).CompareTo(after) > 0)
            .OrderBy(person => (person.Source, person.Row));
    }

    private long CountUnchanged(long pushKey) => Number("SELECT COALESCE(SUM(people), 0) FROM unchanged_block WHERE push_key = $key", pushKey);

    // Packs the blocks anew that rows are taken out of. Returns how many were.
    private int TakeOutUnchanged(SqliteTransaction transaction, long pushKey, HashSet<(int Source, long Row)> rows)
    {
        if (rows.Count == 0) return 0;
        int taken = 0;
        foreach (var (source, first) in FindBlocks(transaction, pushKey, [.. rows.Order()]))
        {
            using var content = OfBlock("SELECT content FROM unchanged_block", source, first);
            var people = UnchangedBlock.Unpack(source, (byte[])content.ExecuteScalar()!);
            var left = people.FindAll(person => !rows.Contains((person.Source, person.Row)));
            if (left.Count == people.Count) continue;
            using var delete = OfBlock("DELETE FROM unchanged_block", source, first);
            delete.ExecuteNonQuery();
            InsertUnchanged(transaction, pushKey, left);
            taken += people.Count - left.Count;
        }

        return taken;

        SqliteCommand OfBlock(string sql, int source, long first)
        {
            var command = Command(transaction, $"{sql} WHERE push_key = $key AND source = $source AND first_row = $first");
            command.Parameters.AddWithValue("$key", pushKey);
            command.Parameters.AddWithValue("$source", source);
            command.Parameters.AddWithValue("$first", first);
            return command;
        }
    }

    // Blocks between whose first and last row some of these rows lie, which are in order.
    private List<(int Source, long FirstRow)> FindBlocks(SqliteTransaction transaction, long pushKey, (int Source, long Row)[] rows)
    {
        using var command = Command(transaction, "SELECT source, first_row, last_row FROM unchanged_block WHERE push_key = $key");
        command.Parameters.AddWithValue("$key", pushKey);
        using var reader = command.ExecuteReader();
        var blocks = new List<(int, long)>();
        while (reader.Read())
        {
            var first = (reader.GetInt32(0), reader.GetInt64(1));
            int next = Array.BinarySearch(rows, first);
            if (next < 0) next = ~next;
            if (next < rows.Length && rows[next].CompareTo((first.Item1, reader.GetInt64(2))) <= 0) blocks.Add(first);
        }

        return blocks;
    }
}
