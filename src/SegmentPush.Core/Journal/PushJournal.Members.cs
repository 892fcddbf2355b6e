using Microsoft.Data.Sqlite;

namespace SegmentPush.Journal;

/// <content>The snapshot of a destination: who is on its list as far as is known.</content>
internal sealed partial class PushJournal
{
    private const string ImportedByNow =
        "p.push_key = $key AND p.import_number = $number AND p.identity_hash IS NOT NULL "
        + "AND (p.source, p.row_number) >= ($first_source, $first_row) AND (p.source, p.row_number) <= ($last_source, $last_row)";

    // As many as the runtime does not yet take for a large object.
    private const int MembersAtOnce = 1_500;

    private MemberNumbers? _members;

    /// <summary>From here on the outcomes of people change the snapshot of a destination.</summary>
    public void FollowMembers(long destinationKey) => _members = Guard(() => new MemberNumbers(
        destinationKey, (int)Number("SELECT COALESCE(MAX(member_number), 0) FROM member WHERE destination_key = $key", destinationKey)));

    /// <summary>The number of whoever was entered into the snapshot last; 0 where nobody was.</summary>
    public int LastMemberNumber => _members?.Last ?? 0;

    /// <summary>What makes the hashes of identities in snapshots.</summary>
    public IdentityHash OpenHash() => IdentityHash.Open(Folder);

    /// <summary>How many people are on the list of a destination as far as is known.</summary>
    public int CountMembers(long destinationKey) => Guard(() =>
        (int)Number("SELECT COUNT(*) FROM member WHERE destination_key = $key AND left_at IS NULL", destinationKey));

    /// <summary>The people on the list of a destination as far as is known, read as they are asked for.</summary>
    /// <param name="destinationKey">The destination.</param>
    /// <param name="after">Only those with a greater number.</param>
    public IEnumerable<Member> GetMembers(long destinationKey, int after = 0) => GetMemberBlocks(destinationKey, after).SelectMany(block => block);

    /// <summary>The same people, a thousand or so at a time.</summary>
    /// <param name="destinationKey">The destination.</param>
    /// <param name="after">Only those with a greater number.</param>
    public IEnumerable<ArraySegment<Member>> GetMemberBlocks(long destinationKey, int after = 0)
    {
        using var rows = Guard(() => new PersonStatement(
            _connection,
            "SELECT member_number, identity_hash, sent_hash, marketo_id FROM member WHERE destination_key = ? AND member_number > ? AND left_at IS NULL"));
        rows.Bind(1, destinationKey);
        rows.Bind(2, (long)after);
        int count;
        do
        {
            var members = new Member[MembersAtOnce];
            count = Guard(() => Read(rows, members));
            yield return new ArraySegment<Member>(members, 0, count);
        }
        while (count == MembersAtOnce);

        static int Read(PersonStatement rows, Member[] members)
        {
            int count = 0;
            while (count < members.Length && rows.Read())
                members[count++] = new Member((int)rows.GetNumber(0), rows.GetHash(1), rows.GetNumber(2), rows.GetNumberOrNull(3));
            return count;
        }
    }

    /// <summary>The numbers of those who have left a destination's list since a moment.</summary>
    public IReadOnlySet<int> GetLeft(long destinationKey, DateTime since)
    {
        using var rows = Guard(() => new PersonStatement(_connection, "SELECT member_number FROM member WHERE destination_key = ? AND left_at >= ?"));
        rows.Bind(1, destinationKey);
        rows.Bind(2, since.Ticks);
        var left = new HashSet<int>();
        while (Guard(rows.Read)) left.Add((int)rows.GetNumber(0));
        return left;
    }

    /// <summary>Begins a snapshot anew with those whom the list was seen to hold.</summary>
    public void SeedMembers(long destinationKey, IEnumerable<Member> members) => Guard(() =>
    {
        using var transaction = _connection.BeginTransaction();
        Run(transaction, "DELETE FROM member WHERE destination_key = $key", destinationKey);
        _members = new MemberNumbers(destinationKey, 0);
        using (var statements = new MemberStatements(_connection, _members, Now))
        {
            foreach (var member in members) statements.Join(member);
        }

        Run(transaction, "UPDATE destination SET is_seeded = 1 WHERE destination_key = $key", destinationKey);
        transaction.Commit();
        return true;
    });

    /// <summary>Enters people whom the list of the destination that is followed was seen to hold.</summary>
    public void JoinMembers(IEnumerable<Member> members) => Guard(() =>
    {
        using var transaction = _connection.BeginTransaction();
        using var statements = new MemberStatements(_connection, _members!, Now);
        foreach (var member in members) statements.Join(member);
        transaction.Commit();
        return true;
    });

    /// <summary>Notes ids in Marketo that were not known.</summary>
    public void LearnIds(long destinationKey, IReadOnlyCollection<(int Number, long MarketoId)> ids) => Guard(() =>
    {
        using var transaction = _connection.BeginTransaction();
        using var update = new PersonStatement(_connection, "UPDATE member SET marketo_id = ? WHERE destination_key = ? AND member_number = ?");
        update.Bind(2, destinationKey);
        foreach (var (number, id) in ids)
        {
            update.Bind(1, id);
            update.Bind(3, (long)number);
            update.Run();
        }

        transaction.Commit();
        return true;
    });

    /// <summary>Takes people out of a snapshot whom the list was seen not to hold any more.</summary>
    public void ForgetMembers(long destinationKey, IReadOnlyCollection<int> numbers) => Guard(() =>
    {
        using var transaction = _connection.BeginTransaction();
        using var delete = new PersonStatement(_connection, "DELETE FROM member WHERE destination_key = ? AND member_number = ?");
        delete.Bind(1, destinationKey);
        foreach (int number in numbers)
        {
            delete.Bind(2, (long)number);
            delete.Run();
        }

        transaction.Commit();
        return true;
    });

    // People of an import have no outcome of their own: the snapshot learns of all of them at once.
    private void FollowImport(SqliteTransaction transaction, long pushKey, ImportEntry import)
    {
        if (_members is not { } members) return;
        using var changed = Command(transaction, $"""
            UPDATE member SET sent_hash = p.sent_hash, left_at = NULL FROM person p
            WHERE {ImportedByNow} AND p.member_number IS NOT NULL
                AND member.destination_key = $destination AND member.member_number = p.member_number
            """);
        using var joined = Command(transaction, $"""
            INSERT INTO member (destination_key, member_number, identity_hash, sent_hash, marketo_id)
            SELECT $destination, $last + ROW_NUMBER() OVER (ORDER BY p.source, p.row_number), p.identity_hash, p.sent_hash, p.marketo_id
            FROM person p WHERE {ImportedByNow} AND p.member_number IS NULL
            """);
        foreach (var command in new[] { changed, joined })
        {
            command.Parameters.AddWithValue("$key", pushKey);
            command.Parameters.AddWithValue("$destination", members.DestinationKey);
            AddBounds(command, import);
        }

        joined.Parameters.AddWithValue("$last", members.Last);
        changed.ExecuteNonQuery();
        members.Last += joined.ExecuteNonQuery();
    }

    private void Run(SqliteTransaction transaction, string sql, long key)
    {
        using var command = Command(transaction, sql);
        command.Parameters.AddWithValue("$key", key);
        command.ExecuteNonQuery();
    }
}
