using System.Data.Common;

namespace SegmentPush.Journal.Sql;

/// <summary>Unchanged people of pushes, in packed blocks. The other stores use it in their transactions.</summary>
internal sealed class UnchangedStore(ISqlSession session)
{
    private const int BlocksAtOnce = 32;

    private const string BlockColumns = "source, first_row, last_row, people, content";

    /// <summary>Enters blocks, in the transaction that is open.</summary>
    public void Add(long pushKey, IEnumerable<UnchangedBlock> blocks)
    {
        foreach (var block in blocks)
        {
            session.Run(
                $"INSERT INTO unchanged_block (push_key, {BlockColumns}) VALUES (@key, @source, @first, @last, @people, @content)",
                ("@key", pushKey),
                ("@source", block.Source),
                ("@first", block.FirstRow),
                ("@last", block.LastRow),
                ("@people", block.People),
                ("@content", block.Content));
        }
    }

    /// <summary>How many people of a push there are.</summary>
    public long Count(long pushKey) => session.Count("SELECT COALESCE(SUM(people), 0) FROM unchanged_block WHERE push_key = @key", ("@key", pushKey));

    /// <summary>The people of a push in the order of their rows, from one on. A push that was stopped may have left gaps that later blocks fill.</summary>
    public IEnumerable<UnchangedPerson> Get(long pushKey, (int Source, long Row) after)
    {
        var open = new List<UnchangedPerson>();
        var last = (Source: -1, Row: 0L);
        foreach (var block in GetBlocks(pushKey, after))
        {
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

    /// <summary>Takes rows out, in the transaction that is open: packs the blocks anew that they are in.</summary>
    /// <returns>How many were taken out.</returns>
    public int TakeOut(long pushKey, HashSet<(int Source, long Row)> rows)
    {
        if (rows.Count == 0) return 0;
        return FindBlocks(pushKey, [.. rows.Order()]).Sum(block => TakeOut(pushKey, block, person => rows.Contains((person.Source, person.Row))));
    }

    /// <summary>Takes people out of all blocks, in the transaction that is open.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="isOut">Whether a person is taken out.</param>
    public void TakeOut(long pushKey, Func<UnchangedPerson, bool> isOut)
    {
        var blocks = session.Query(
            "SELECT source, first_row FROM unchanged_block WHERE push_key = @key", row => (Source: row.GetInt32(0), First: row.GetInt64(1)), ("@key", pushKey));
        foreach (var (source, first) in blocks)
        {
            var block = session.Query(
                $"SELECT {BlockColumns} FROM unchanged_block WHERE push_key = @key AND source = @source AND first_row = @first",
                ReadBlock,
                ("@key", pushKey),
                ("@source", source),
                ("@first", first)).Single();
            TakeOut(pushKey, block, isOut);
        }
    }

    private int TakeOut(long pushKey, UnchangedBlock block, Func<UnchangedPerson, bool> isOut)
    {
        var left = Unpack(block).FindAll(person => !isOut(person));
        if (left.Count == block.People) return 0;
        session.Run(
            "DELETE FROM unchanged_block WHERE push_key = @key AND source = @source AND first_row = @first",
            ("@key", pushKey),
            ("@source", block.Source),
            ("@first", block.FirstRow));
        if (left.Count > 0) Add(pushKey, [UnchangedBlock.Pack(left)]);
        return block.People - left.Count;
    }

    // Some at a time, because another query may run before the last one was asked for.
    private IEnumerable<UnchangedBlock> GetBlocks(long pushKey, (int Source, long Row) after)
    {
        List<UnchangedBlock> blocks = [];
        do
        {
            var last = blocks.Count == 0 ? (-1, 0L) : (blocks[^1].Source, blocks[^1].FirstRow);
            blocks = session.Read(() => session.Query(
                $"""
                SELECT {BlockColumns} FROM unchanged_block
                WHERE push_key = @key AND (source, last_row) > (@source, @row) AND (source, first_row) > (@last_source, @last_row)
                ORDER BY source, first_row LIMIT {BlocksAtOnce}
                """,
                ReadBlock,
                ("@key", pushKey),
                ("@source", after.Source),
                ("@row", after.Row),
                ("@last_source", last.Item1),
                ("@last_row", last.Item2)));
            foreach (var block in blocks) yield return block;
        }
        while (blocks.Count == BlocksAtOnce);
    }

    // Blocks between whose first and last row some of these rows lie, which are in order. The content of the others is not read.
    private List<UnchangedBlock> FindBlocks(long pushKey, (int Source, long Row)[] rows)
    {
        var places = session.Query(
            "SELECT source, first_row, last_row FROM unchanged_block WHERE push_key = @key",
            row => (Source: row.GetInt32(0), First: row.GetInt64(1), Last: row.GetInt64(2)),
            ("@key", pushKey));
        return [.. places.Where(IsBetween).Select(block => session.Query(
            $"SELECT {BlockColumns} FROM unchanged_block WHERE push_key = @key AND source = @source AND first_row = @first",
            ReadBlock,
            ("@key", pushKey),
            ("@source", block.Source),
            ("@first", block.First)).Single())];

        bool IsBetween((int Source, long First, long Last) block)
        {
            int next = Array.BinarySearch(rows, (block.Source, block.First));
            if (next < 0) next = ~next;
            return next < rows.Length && rows[next].CompareTo((block.Source, block.Last)) <= 0;
        }
    }

    private List<UnchangedPerson> Unpack(UnchangedBlock block)
    {
        try
        {
            return block.Unpack();
        }
        catch (InvalidDataException e)
        {
            throw session.Damaged(e);
        }
    }

    private static UnchangedBlock ReadBlock(DbDataReader reader) =>
        new(reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3), reader.GetFieldValue<byte[]>(4));
}
