using SegmentPush.Journal.Sql;
using SegmentPush.Lists;

namespace SegmentPush.Journal.Postgres;

/// <summary>Keeps the snapshots of lists in the database, and one of them in step with the outcomes of a push.</summary>
internal sealed class SnapshotStore(PostgresSession session, SnapshotBinding binding) : IPushSnapshots, ISnapshotFollower
{
    private const int MembersAtOnce = 50_000;

    private readonly SnapshotTable _table = new(session);
    private SnapshotWriter? _writer;

    /// <summary>What changes the snapshot that is followed; null where none is.</summary>
    public SnapshotWriter? Followed => _writer;

    /// <inheritdoc/>
    public SnapshotGeneration? Find(SnapshotKey key) => _table.Find(key);

    /// <inheritdoc/>
    public SnapshotGeneration Begin(SnapshotKey key, Guid readBy, IEnumerable<Member> members) => _table.Begin(key, readBy, (begun, old) =>
    {
        var join = new SnapshotWriter(session, begun, 0) { Skips = old };
        foreach (var some in members.Chunk(MembersAtOnce)) join.Join(some);
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
        // Some at a time: another query may run in between, and a lost connection costs one block.
        for (List<Member> members; ; first = members[^1].Number + 1)
        {
            members = session.Read(() => CopyOut(generation, first, last));
            yield return new ArraySegment<Member>([.. members]);
            if (members.Count < MembersAtOnce) yield break;
        }
    }

    private List<Member> CopyOut(SnapshotGeneration generation, int first, int last)
    {
        var members = new List<Member>();
        session.CopyOut(
            $"""
            COPY (SELECT member_number, identity_hash, sent_hash, marketo_id, is_from_segment FROM snapshot_member
                WHERE snapshot_key = {generation.Key} AND member_number BETWEEN {first} AND {last} ORDER BY member_number LIMIT {MembersAtOnce}) TO STDOUT (FORMAT BINARY)
            """,
            row =>
            {
                int number = row.Read<int>();
                var hash = Hash128.Read(row.Read<byte[]>());
                long sent = row.Read<long>();
                long? id = row.IsNull ? null : row.Read<long>();
                if (id is null) row.Skip();
                members.Add(SnapshotTable.MemberOf(number, hash, sent, id, row.Read<short>() != 0));
            });
        return members;
    }

    /// <inheritdoc/>
    public void Change(SnapshotGeneration generation, SnapshotEdits edits)
    {
        if (edits.IsEmpty) return;
        var writer = _writer is { } own && own.Generation == generation ? own : throw new InvalidOperationException("The snapshot is not followed.");
        session.Write(() => writer.Change(edits));
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
    public void Follow(SnapshotGeneration generation) => _writer = new SnapshotWriter(session, generation, _table.FindLastNumber(generation));

    /// <inheritdoc/>
    public SnapshotChanges TakeChanges() => _writer!.TakeChanges();

    /// <inheritdoc/>
    public IReadOnlyList<ReopenedRow> Bind(long pushKey, SnapshotGeneration generation, bool isChanged, bool readsImportsAgain) =>
        binding.Bind(pushKey, generation, isChanged, readsImportsAgain);

    /// <inheritdoc/>
    public void ForgetUnused(SnapshotGeneration generation, Guid ended)
    {
        _writer = null;
        _table.ForgetUnused(generation, ended);
    }

    /// <inheritdoc/>
    public void DoubtImport(long pushKey, ImportEntry import) => _writer?.DoubtImport(pushKey, import);

    /// <inheritdoc/>
    public void FollowImport(long pushKey, ImportEntry import) => _writer?.FollowImport(pushKey, import);
}
