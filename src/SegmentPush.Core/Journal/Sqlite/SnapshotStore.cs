using SegmentPush.Journal.Sql;
using SegmentPush.Lists;

namespace SegmentPush.Journal.Sqlite;

/// <summary>Keeps the snapshots of lists in the journal's file.</summary>
internal sealed class SnapshotStore(JournalSession session, SnapshotBinding binding) : IPushSnapshots, ISnapshotFollower
{
    // As many as the runtime does not yet take for a large object.
    private const int MembersAtOnce = 1_500;

    private readonly SnapshotTable _table = new(session);
    private SnapshotWriter? _writer;

    /// <inheritdoc/>
    public SnapshotGeneration? Find(SnapshotKey key) => _table.Find(key);

    /// <inheritdoc/>
    public SnapshotGeneration Begin(SnapshotKey key, Guid readBy, IEnumerable<Member> members) => _table.Begin(key, readBy, (begun, old) =>
    {
        using var join = new SnapshotWriter.Statements(session, new SnapshotWriter(begun, 0) { Skips = old });
        foreach (var member in members) join.Join(member);
    });

    /// <inheritdoc/>
    public int Count(SnapshotGeneration generation) => _table.Count(generation.Key);

    /// <inheritdoc/>
    public int Count(long? snapshotKey) => _table.Count(snapshotKey);

    /// <inheritdoc/>
    public IEnumerable<ArraySegment<Member>> Read(SnapshotGeneration generation, int after = 0) => Read(generation, after + 1, Snapshot.MaxNumber);

    /// <inheritdoc/>
    public IEnumerable<Member> ReadAgain(SnapshotGeneration generation)
    {
        var (first, last) = session.Read(() => _table.FindNumbers(generation));
        return Read(generation, first, last).SelectMany(block => block);
    }

    private IEnumerable<ArraySegment<Member>> Read(SnapshotGeneration generation, int first, int last)
    {
        using var rows = session.Read(() => session.Prepare(
            "SELECT 2 * member_number + is_from_segment, identity_hash, sent_hash, marketo_id FROM snapshot_member WHERE snapshot_key = ? AND member_number BETWEEN ? AND ?"));
        rows.Bind(1, generation.Key);
        rows.Bind(2, (long)first);
        rows.Bind(3, (long)last);
        int count;
        do
        {
            Garbage.BoundYoung();
            var members = new Member[MembersAtOnce];
            count = session.Read(() => Read(rows, members));
            yield return new ArraySegment<Member>(members, 0, count);
        }
        while (count == MembersAtOnce);

        static int Read(PersonStatement rows, Member[] members)
        {
            int count = 0;
            while (count < members.Length && rows.Read())
            {
                // Each value that is fetched takes as long as all else.
                var (number, isFromSegment) = Math.DivRem(rows.GetNumber(0), 2);
                members[count++] = SnapshotTable.MemberOf((int)number, rows.GetHash(1), rows.GetNumber(2), rows.GetNumberOrNull(3), isFromSegment != 0);
            }

            return count;
        }
    }

    /// <inheritdoc/>
    public void Change(SnapshotGeneration generation, SnapshotEdits edits)
    {
        if (edits.IsEmpty) return;
        session.Write(() =>
        {
            using var statements = Open(generation);
            if (edits.ConfirmsIds) session.Run(SnapshotTable.ConfirmIds, ("@snapshot", generation.Key));
            foreach (int number in edits.Unlearnt) statements.Unlearn(number);
            foreach (var learnt in edits.Learnt) statements.Learn(learnt);
            foreach (var member in edits.Joined) statements.Join(member);
            foreach (int number in edits.Doubted) statements.Doubt(number);
            foreach (int number in edits.Exited) statements.Exit(number);
            foreach (int number in edits.Forgotten) statements.Forget(number);
        });
    }

    /// <inheritdoc/>
    public IReadOnlySet<int> FindDoubted(SnapshotGeneration generation, IReadOnlyCollection<int> numbers) => _table.FindDoubted(generation, numbers);

    /// <inheritdoc/>
    public void ForgetMembers(IReadOnlyList<int> numbers) => Change(_writer!.Generation, new SnapshotEdits { Forgotten = numbers });

    /// <inheritdoc/>
    public void DoubtMembers(IReadOnlyList<int> numbers)
    {
        if (_writer is { } writer) Change(writer.Generation, new SnapshotEdits { Doubted = numbers });
    }

    /// <inheritdoc/>
    public void ConfirmIds(IReadOnlyList<LearntId> ids)
    {
        if (_writer is { } writer) Change(writer.Generation, new SnapshotEdits { Learnt = ids });
    }

    /// <inheritdoc/>
    public void Follow(SnapshotGeneration generation) => _writer = new SnapshotWriter(generation, _table.FindLastNumber(generation));

    /// <inheritdoc/>
    public SnapshotChanges TakeChanges() => _writer!.TakeChanges();

    /// <summary>What changes the snapshot that is followed, in the transaction that is open; null where none is followed.</summary>
    /// <exception cref="SegmentPushException">It is not the newest generation any more (<c>SnapshotOutdated</c>).</exception>
    public SnapshotWriter.Statements? OpenFollowed() => _writer is { } writer ? Open(writer.Generation) : null;

    /// <inheritdoc/>
    public void DoubtImport(long pushKey, ImportEntry import)
    {
        if (_writer is null) return;
        Check(_writer.Generation);
        _writer.DoubtImport(session, pushKey, import);
    }

    /// <inheritdoc/>
    public void FollowImport(long pushKey, ImportEntry import)
    {
        if (_writer is null) return;
        Check(_writer.Generation);
        _writer.FollowImport(session, pushKey, import);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ReopenedRow> Bind(long pushKey, SnapshotGeneration generation, bool isChanged, bool readsImportsAgain) =>
        binding.Bind(pushKey, generation, isChanged, readsImportsAgain);

    /// <inheritdoc/>
    public void ForgetUnused(SnapshotGeneration generation, Guid ended)
    {
        _writer = null;
        _table.ForgetUnused(generation, ended);
    }

    private SnapshotWriter.Statements Open(SnapshotGeneration generation)
    {
        Check(generation);
        return new SnapshotWriter.Statements(
            session, _writer is { } writer && writer.Generation == generation ? writer : throw new InvalidOperationException("The snapshot is not followed."));
    }

    private void Check(SnapshotGeneration generation)
    {
        long newest = session.Count("SELECT COALESCE(MAX(generation), 0) FROM snapshot WHERE snapshot_key = @key", ("@key", generation.Key));
        if (newest != generation.Generation) throw SnapshotErrors.Outdated();
    }
}
