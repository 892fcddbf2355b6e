using Microsoft.Data.Sqlite;
using SegmentPush.Lists;

namespace SegmentPush.Journal.Sqlite;

/// <summary>The snapshots of lists in the journal's file. One instance serves one thread at a time.</summary>
/// <param name="connection">The journal's connection.</param>
/// <param name="path">The journal's file.</param>
/// <param name="host">The process's host.</param>
internal sealed class SnapshotStore(SqliteConnection connection, string path, ProcessHost host) : ISnapshotStore
{
    // As many as the runtime does not yet take for a large object.
    private const int MembersAtOnce = 1_500;

    private SnapshotWriter? _writer;

    /// <inheritdoc/>
    public SnapshotGeneration? Find(SnapshotKey key) => Guard(() =>
    {
        using var command = Command("SELECT snapshot_key, generation, read_by FROM snapshot WHERE instance = $instance AND list_id = $list AND identity_field = $field");
        Bind(command, key);
        using var reader = command.ExecuteReader();
        return reader.Read() ? Read(reader) : null;
    });

    /// <inheritdoc/>
    public SnapshotGeneration Begin(SnapshotKey key, Guid readBy, IEnumerable<Member> members) => Guard(() =>
    {
        using var transaction = connection.BeginTransaction();
        using var command = Command("""
            INSERT INTO snapshot (instance, list_id, identity_field, generation, read_by) VALUES ($instance, $list, $field, 1, $push)
            ON CONFLICT (instance, list_id, identity_field) DO UPDATE SET generation = generation + 1, read_by = excluded.read_by
            RETURNING snapshot_key, generation, read_by
            """);
        Bind(command, key);
        command.Parameters.AddWithValue("$push", readBy.ToString());
        SnapshotGeneration begun;
        using (var reader = command.ExecuteReader())
        {
            reader.Read();
            begun = Read(reader);
        }

        Run("DELETE FROM snapshot_member WHERE snapshot_key = $key", begun.Key);
        using (var join = new SnapshotWriter.Statements(connection, new SnapshotWriter(begun, 0)))
        {
            foreach (var member in members) join.Join(member);
        }

        transaction.Commit();
        return begun;
    });

    /// <inheritdoc/>
    public int Count(SnapshotGeneration generation) => Count(generation.Key);

    /// <summary>How many people are on the list of a snapshot as far as is known; 0 for a list that was never read.</summary>
    public int Count(long? snapshotKey) =>
        snapshotKey is { } key ? Guard(() => (int)Number("SELECT COUNT(*) FROM snapshot_member WHERE snapshot_key = $key", key)) : 0;

    /// <inheritdoc/>
    public IEnumerable<ArraySegment<Member>> Read(SnapshotGeneration generation, int after = 0)
    {
        using var rows = Guard(() => new PersonStatement(
            connection,
            "SELECT member_number, identity_hash, sent_hash, marketo_id, is_from_segment FROM snapshot_member WHERE snapshot_key = ? AND member_number > ?"));
        rows.Bind(1, generation.Key);
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
                members[count++] = new Member((int)rows.GetNumber(0), rows.GetHash(1), rows.GetNumber(2), rows.GetNumberOrNull(3), rows.GetNumber(4) != 0);
            return count;
        }
    }

    /// <inheritdoc/>
    public void Change(SnapshotGeneration generation, SnapshotEdits edits)
    {
        if (edits.IsEmpty) return;
        Guard(() =>
        {
            using var transaction = connection.BeginTransaction();
            using var statements = Open(generation);
            foreach (var learnt in edits.Learnt) statements.Learn(learnt);
            foreach (var member in edits.Joined) statements.Join(member);
            foreach (int number in edits.Doubted) statements.Doubt(number);
            foreach (int number in edits.Forgotten) statements.Forget(number);
            transaction.Commit();
            return true;
        });
    }

    /// <summary>Takes members out of the snapshot that is followed.</summary>
    public void ForgetMembers(IReadOnlyList<int> numbers) => Change(_writer!.Generation, new SnapshotEdits { Forgotten = numbers });

    /// <summary>Forgets what was sent for members of the snapshot that is followed, because a call is about to write other values.</summary>
    public void DoubtMembers(IReadOnlyList<int> numbers)
    {
        if (_writer is { } writer) Change(writer.Generation, new SnapshotEdits { Doubted = numbers });
    }

    /// <summary>From here on the outcomes of people change a snapshot.</summary>
    public void Follow(SnapshotGeneration generation) => _writer = Guard(() => new SnapshotWriter(
        generation, (int)Number("SELECT COALESCE(MAX(member_number), 0) FROM snapshot_member WHERE snapshot_key = $key", generation.Key)));

    /// <summary>The greatest number of a member of the snapshot that is followed; 0 where there is none.</summary>
    public int LastNumber => _writer?.Last ?? 0;

    /// <summary>What has changed in the snapshot that is followed since this was asked last.</summary>
    public SnapshotChanges TakeChanges() => _writer!.TakeChanges();

    /// <summary>What changes the snapshot that is followed, in the transaction that is open; null where none is followed.</summary>
    /// <exception cref="SegmentPushException">It is not the newest generation any more (<c>SnapshotOutdated</c>).</exception>
    public SnapshotWriter.Statements? OpenFollowed() => _writer is { } writer ? Open(writer.Generation) : null;

    /// <summary>Forgets what was sent for the people of an import that is about to be uploaded, in the transaction that is open.</summary>
    public void DoubtImport(SqliteTransaction transaction, long pushKey, ImportEntry import)
    {
        if (_writer is null) return;
        Check(_writer.Generation);
        _writer.DoubtImport(connection, transaction, pushKey, import);
    }

    /// <summary>Enters the people of an import, who have no outcome of their own, in the transaction that is open.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="pushKey">The push.</param>
    /// <param name="import">The import, whose people are on the list now.</param>
    public void FollowImport(SqliteTransaction transaction, long pushKey, ImportEntry import)
    {
        if (_writer is null) return;
        Check(_writer.Generation);
        _writer.FollowImport(connection, transaction, pushKey, import);
    }

    /// <summary>Notes with which generation a push works. Open people of the push get the numbers of this generation.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="generation">The generation.</param>
    public void Bind(long pushKey, SnapshotGeneration generation) => Guard(() =>
    {
        using var transaction = connection.BeginTransaction();
        if (!IsBound(pushKey, generation)) Rebind(pushKey, generation);
        using var command = Command("UPDATE push SET snapshot_key = $snapshot, snapshot_generation = $generation WHERE push_key = $push");
        command.Parameters.AddWithValue("$push", pushKey);
        command.Parameters.AddWithValue("$snapshot", generation.Key);
        command.Parameters.AddWithValue("$generation", generation.Generation);
        command.ExecuteNonQuery();
        transaction.Commit();
        return true;
    });

    /// <summary>Ends the following of a snapshot, and deletes it where no destination refers to it.</summary>
    public void ForgetUnused(SnapshotGeneration generation) => Guard(() =>
    {
        _writer = null;
        Run("DELETE FROM snapshot WHERE snapshot_key = $key AND NOT EXISTS (SELECT 1 FROM destination WHERE destination.snapshot_key = $key)", generation.Key);
        return true;
    });

    private SnapshotWriter.Statements Open(SnapshotGeneration generation)
    {
        Check(generation);
        return new SnapshotWriter.Statements(connection, _writer is { } writer && writer.Generation == generation ? writer : throw new InvalidOperationException("The snapshot is not followed."));
    }

    private void Check(SnapshotGeneration generation)
    {
        if (Number("SELECT COALESCE(MAX(generation), 0) FROM snapshot WHERE snapshot_key = $key", generation.Key) == generation.Generation) return;
        throw new SegmentPushException(
            "SnapshotOutdated",
            "What was known of the list does not hold any more: its destination has been removed or moved, or another push has read the list anew.",
            "Push the segment again.");
    }

    // An older SegmentPush did not note the generation: then there was one only.
    private bool IsBound(long pushKey, SnapshotGeneration generation)
    {
        using var command = Command("SELECT snapshot_key, snapshot_generation FROM push WHERE push_key = $key");
        command.Parameters.AddWithValue("$key", pushKey);
        using var reader = command.ExecuteReader();
        if (!reader.Read() || reader.IsDBNull(0)) return generation.ReadBy is null;
        return reader.GetInt64(0) == generation.Key && reader.GetInt64(1) == generation.Generation;
    }

    private void Rebind(long pushKey, SnapshotGeneration generation)
    {
        using var forget = Command("UPDATE person SET member_number = NULL WHERE push_key = $key AND outcome = 0 AND member_number IS NOT NULL");
        forget.Parameters.AddWithValue("$key", pushKey);
        forget.ExecuteNonQuery();
        using var find = Command("""
            UPDATE person SET member_number = m.number
            FROM (SELECT identity_hash hash, MIN(member_number) number FROM snapshot_member WHERE snapshot_key = $snapshot GROUP BY identity_hash) m
            WHERE push_key = $key AND outcome = 0 AND identity_hash = m.hash
            """);
        find.Parameters.AddWithValue("$key", pushKey);
        find.Parameters.AddWithValue("$snapshot", generation.Key);
        find.ExecuteNonQuery();
    }

    private static void Bind(SqliteCommand command, SnapshotKey key)
    {
        command.Parameters.AddWithValue("$instance", key.Instance);
        command.Parameters.AddWithValue("$list", key.ListId);
        command.Parameters.AddWithValue("$field", key.IdentityField);
    }

    private static SnapshotGeneration Read(SqliteDataReader reader) => new(
        reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : Guid.Parse(reader.GetString(2), System.Globalization.CultureInfo.InvariantCulture));

    private long Number(string sql, long key)
    {
        using var command = Command(sql);
        command.Parameters.AddWithValue("$key", key);
        return (long)command.ExecuteScalar()!;
    }

    private void Run(string sql, long key)
    {
        using var command = Command(sql);
        command.Parameters.AddWithValue("$key", key);
        command.ExecuteNonQuery();
    }

    private T Guard<T>(Func<T> work) => JournalFile.Guard(path, work, host);

#pragma warning disable CA2100 // The texts are this file's own; every value is a parameter.
    private SqliteCommand Command(string sql)
    {
        // It runs in the transaction that is open on the connection.
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
#pragma warning restore CA2100
}
