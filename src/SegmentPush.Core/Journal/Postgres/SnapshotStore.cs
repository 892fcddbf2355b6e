using System.Data.Common;
using SegmentPush.Journal.Sql;
using SegmentPush.Lists;

namespace SegmentPush.Journal.Postgres;

/// <summary>Keeps the snapshots of lists in the database, and one of them in step with the outcomes of a push.</summary>
internal sealed class SnapshotStore(PostgresSession session, SnapshotBinding binding) : IPushSnapshots, ISnapshotFollower
{
    private const int MembersAtOnce = 20_000;

    // From here on copying is faster than a statement.
    private const int CopyFrom = 2_000;

    private const string ImportedByNow =
        "p.push_key = @key AND p.import_number = @number AND p.identity_hash IS NOT NULL "
        + "AND (p.source, p.row_number) >= (@first_source, @first_row) AND (p.source, p.row_number) <= (@last_source, @last_row)";

    // A transaction that runs again changes the same here once more, and leaves numbers out, which harms nobody.
    private Followed? _followed;

    /// <summary>Whether the outcomes of people change a snapshot.</summary>
    public bool IsFollowing => _followed is not null;

    /// <inheritdoc/>
    public int LastNumber => _followed?.Last ?? 0;

    /// <inheritdoc/>
    public SnapshotGeneration? Find(SnapshotKey key) => session.Read(() => session.Query(
        "SELECT snapshot_key, generation, read_by FROM snapshot WHERE instance = @instance AND list_id = @list AND identity_field = @field",
        Read,
        ValuesOf(key)).SingleOrDefault());

    /// <inheritdoc/>
    public SnapshotGeneration Begin(SnapshotKey key, Guid readBy, IEnumerable<Member> members)
    {
        SnapshotGeneration? begun = null;
        session.Write(() =>
        {
            begun = session.Query(
                """
                INSERT INTO snapshot (instance, list_id, identity_field, generation, read_by) VALUES (@instance, @list, @field, 1, @push)
                ON CONFLICT (instance, list_id, identity_field) DO UPDATE SET generation = snapshot.generation + 1, read_by = excluded.read_by
                RETURNING snapshot_key, generation, read_by
                """,
                Read,
                [.. ValuesOf(key), ("@push", readBy.ToString())]).Single();
            var old = FindNumbers(begun);
            int last = 0;
            foreach (var some in members.Chunk(MembersAtOnce)) last = Join(begun, last, some, old);
            session.Run(
                "DELETE FROM snapshot_member WHERE snapshot_key = @key AND member_number BETWEEN @first AND @last", ("@key", begun.Key), ("@first", old.First), ("@last", old.Last));
        });
        return begun!;
    }

    /// <inheritdoc/>
    public int Count(SnapshotGeneration generation) => Count(generation.Key);

    /// <inheritdoc/>
    public int Count(long? snapshotKey) => snapshotKey is { } key
        ? session.Read(() => (int)session.Count("SELECT COUNT(*) FROM snapshot_member WHERE snapshot_key = @key", ("@key", key)))
        : 0;

    /// <inheritdoc/>
    public IEnumerable<ArraySegment<Member>> Read(SnapshotGeneration generation, int after = 0) => Read(generation, after + 1, Snapshot.MaxNumber);

    /// <inheritdoc/>
    public IEnumerable<Member> ReadAgain(SnapshotGeneration generation)
    {
        var (first, last) = session.Read(() => FindNumbers(generation));
        return Read(generation, first, last).SelectMany(block => block);
    }

    private IEnumerable<ArraySegment<Member>> Read(SnapshotGeneration generation, int first, int last)
    {
        // Some at a time: another query may run in between, and a lost connection costs one block.
        for (List<Member> members; ; first = members[^1].Number + 1)
        {
            members = session.Read(() => session.Query(
                $"""
                SELECT member_number, identity_hash, sent_hash, marketo_id, is_from_segment FROM snapshot_member
                WHERE snapshot_key = @key AND member_number BETWEEN @first AND @last ORDER BY member_number LIMIT {MembersAtOnce}
                """,
                row => new Member(row.GetInt32(0), Hash128.Read(row.GetFieldValue<byte[]>(1)), row.GetInt64(2), row.NumberOrNull(3), row.Flag(4)),
                ("@key", generation.Key),
                ("@first", first),
                ("@last", last)));
            yield return new ArraySegment<Member>([.. members]);
            if (members.Count < MembersAtOnce) yield break;
        }
    }

    // The first and the last number of a snapshot's members; 0 for both where there are none.
    private (int First, int Last) FindNumbers(SnapshotGeneration generation) => session.Query(
        "SELECT COALESCE(MIN(member_number), 0), COALESCE(MAX(member_number), 0) FROM snapshot_member WHERE snapshot_key = @key",
        row => (row.GetInt32(0), row.GetInt32(1)),
        ("@key", generation.Key)).Single();

    /// <inheritdoc/>
    public void Change(SnapshotGeneration generation, SnapshotEdits edits)
    {
        if (edits.IsEmpty) return;
        session.Write(() =>
        {
            Check(generation);
            var followed = _followed is { } own && own.Generation == generation ? own : throw new InvalidOperationException("The snapshot is not followed.");
            Learn(followed, edits.Learnt);
            followed.Last = Join(generation, followed.Last, edits.Joined);
            Doubt(followed, edits.Doubted);
            Forget(followed, edits.Forgotten);
        });
    }

    /// <inheritdoc/>
    public void ForgetMembers(IReadOnlyList<int> numbers) => Change(_followed!.Generation, new SnapshotEdits { Forgotten = numbers });

    /// <inheritdoc/>
    public void DoubtMembers(IReadOnlyList<int> numbers)
    {
        if (_followed is { } followed) Change(followed.Generation, new SnapshotEdits { Doubted = numbers });
    }

    /// <inheritdoc/>
    public void Follow(SnapshotGeneration generation)
    {
        int last = session.Read(() => (int)session.Count(
            "SELECT COALESCE(MAX(member_number), 0) FROM snapshot_member WHERE snapshot_key = @key", ("@key", generation.Key)));
        _followed = new Followed(generation) { Last = last, Known = last };
    }

    /// <inheritdoc/>
    public SnapshotChanges TakeChanges()
    {
        var followed = _followed!;
        var changes = new SnapshotChanges(followed.Known, followed.Left, followed.Ids);
        _followed = new Followed(followed.Generation) { Last = followed.Last, Known = followed.Last };
        return changes;
    }

    /// <inheritdoc/>
    public void Bind(long pushKey, SnapshotGeneration generation) => binding.Bind(pushKey, generation);

    /// <inheritdoc/>
    public void ForgetUnused(SnapshotGeneration generation)
    {
        _followed = null;
        session.Write(() => session.Run(
            "DELETE FROM snapshot WHERE snapshot_key = @key AND NOT EXISTS (SELECT 1 FROM destination WHERE destination.snapshot_key = @key)",
            ("@key", generation.Key)));
    }

    /// <inheritdoc/>
    public void DoubtImport(long pushKey, ImportEntry import)
    {
        if (_followed is not { } followed) return;
        Check(followed.Generation);
        session.Run(
            $"""
            UPDATE snapshot_member SET sent_hash = {SentValues.Unknown} FROM person p
            WHERE {ImportedByNow} AND p.member_number IS NOT NULL AND p.sent_hash <> 0
                AND snapshot_member.snapshot_key = @snapshot AND snapshot_member.member_number = p.member_number
            """,
            [("@key", pushKey), ("@snapshot", followed.Generation.Key), .. ImportStore.BoundsOf(import)]);
    }

    /// <inheritdoc/>
    public void FollowImport(long pushKey, ImportEntry import)
    {
        if (_followed is null) return;
        var followed = _followed!;
        Check(followed.Generation);
        session.Run(
            $"""
            UPDATE snapshot_member SET sent_hash = p.sent_hash, is_from_segment = 1 FROM person p
            WHERE {ImportedByNow} AND p.member_number IS NOT NULL
                AND snapshot_member.snapshot_key = @snapshot AND snapshot_member.member_number = p.member_number
            """,
            [("@key", pushKey), ("@snapshot", followed.Generation.Key), .. ImportStore.BoundsOf(import)]);
        long joined = session.Count(
            $"""
            WITH joined AS (
                INSERT INTO snapshot_member (snapshot_key, member_number, identity_hash, sent_hash, marketo_id, is_from_segment)
                SELECT @snapshot, @last + ROW_NUMBER() OVER (ORDER BY p.source, p.row_number), p.identity_hash, p.sent_hash, p.marketo_id, 1
                FROM person p WHERE {ImportedByNow} AND p.member_number IS NULL RETURNING 1)
            SELECT COUNT(*) FROM joined
            """,
            [("@key", pushKey), ("@snapshot", followed.Generation.Key), ("@last", followed.Last), .. ImportStore.BoundsOf(import)]);
        followed.Last = Checked(followed.Last + (int)joined);
    }

    /// <summary>Enters what the outcomes of people mean for the list, in the transaction that is open.</summary>
    public void Apply(IReadOnlyList<PersonEntry> people)
    {
        var followed = _followed!;
        Check(followed.Generation);
        var effects = people.ToLookup(person => MemberEffects.Of(person));
        Stay(followed, [.. effects[MemberEffect.Stays]]);
        followed.Last = Join(followed.Generation, followed.Last, effects[MemberEffect.Joins]
            .Select(person => new Member(0, person.Mark!.IdentityHash, person.Mark.SentHash ?? 0, person.MarketoId, IsFromSegment: true)));
        Doubt(followed, [.. effects[MemberEffect.Doubts].Select(person => person.Mark!.Number!.Value), .. people.SelectMany(person => MemberEffects.TwinsWritten(person))]);
        Forget(followed, [.. effects[MemberEffect.Leaves].Select(person => person.Mark!.Number!.Value)]);
    }

    // Nothing was sent for somebody without a hash of values: what was sent before still holds.
    private void Stay(Followed followed, PersonEntry[] members)
    {
        if (members.Length == 0) return;
        session.Run(
            """
            UPDATE snapshot_member m SET sent_hash = COALESCE(t.sent_hash, m.sent_hash), marketo_id = COALESCE(t.id, m.marketo_id),
                is_from_segment = CASE WHEN t.sent_hash IS NULL THEN m.is_from_segment ELSE 1 END
            FROM unnest(@number, @sent_hash, @id) t (number, sent_hash, id) WHERE m.snapshot_key = @snapshot AND m.member_number = t.number
            """,
            ("@snapshot", followed.Generation.Key),
            ("@number", Array.ConvertAll(members, member => member.Mark!.Number!.Value)),
            ("@sent_hash", Array.ConvertAll(members, member => member.Mark!.SentHash)),
            ("@id", Array.ConvertAll(members, member => member.MarketoId)));
        foreach (var member in members)
        {
            if (member.MarketoId is { } id) followed.Ids[member.Mark!.Number!.Value] = id;
        }
    }

    private void Learn(Followed followed, IReadOnlyList<LearntId> learnt)
    {
        if (learnt.Count == 0) return;
        session.Run(
            """
            UPDATE snapshot_member m SET marketo_id = t.id, sent_hash = CASE WHEN t.is_other THEN 0 ELSE m.sent_hash END
            FROM unnest(@number, @id, @is_other) t (number, id, is_other) WHERE m.snapshot_key = @snapshot AND m.member_number = t.number
            """,
            ("@snapshot", followed.Generation.Key),
            ("@number", learnt.Select(member => member.Number).ToArray()),
            ("@id", learnt.Select(member => member.MarketoId).ToArray()),
            ("@is_other", learnt.Select(member => member.IsOther).ToArray()));
    }

    // Numbers of an older generation, whose members are still there, are skipped.
    private int Join(SnapshotGeneration generation, int last, IEnumerable<Member> members, (int First, int Last) skips = default)
    {
        Member[] all = [.. members];
        if (all.Length == 0) return last;
        int[] numbers = Array.ConvertAll(all, _ => last = last + 1 == skips.First ? skips.Last + 1 : last + 1);
        Checked(last);
        if (all.Length >= CopyFrom)
        {
            Copy(generation, numbers, all);
            return last;
        }

        session.Run(
            """
            INSERT INTO snapshot_member (snapshot_key, member_number, identity_hash, sent_hash, marketo_id, is_from_segment)
            SELECT @snapshot, t.* FROM unnest(@number, @hash, @sent_hash, @id, @is_from_segment) t
            """,
            ("@snapshot", generation.Key),
            ("@number", numbers),
            ("@hash", Array.ConvertAll(all, member => PersonWriter.BytesOf(member.IdentityHash))),
            ("@sent_hash", Array.ConvertAll(all, member => member.SentHash)),
            ("@id", Array.ConvertAll(all, member => member.MarketoId)),
            ("@is_from_segment", Array.ConvertAll(all, member => member.IsFromSegment ? 1 : 0)));
        return last;
    }

    private void Copy(SnapshotGeneration generation, int[] numbers, Member[] members) => session.Copy(
        "COPY snapshot_member (snapshot_key, member_number, identity_hash, sent_hash, marketo_id, is_from_segment) FROM STDIN (FORMAT BINARY)",
        copy =>
        {
            foreach (var (number, member) in numbers.Zip(members))
            {
                copy.StartRow();
                copy.Write(generation.Key);
                copy.Write(number);
                copy.Write(PersonWriter.BytesOf(member.IdentityHash));
                copy.Write(member.SentHash);
                if (member.MarketoId is { } id) copy.Write(id);
                else copy.WriteNull();
                copy.Write(member.IsFromSegment ? 1 : 0);
            }
        });

    private void Doubt(Followed followed, IReadOnlyList<int> numbers)
    {
        if (numbers.Count == 0) return;
        session.Run(
            $"UPDATE snapshot_member SET sent_hash = {SentValues.Unknown} WHERE snapshot_key = @snapshot AND member_number = ANY(@numbers)",
            ("@snapshot", followed.Generation.Key),
            ("@numbers", numbers.ToArray()));
    }

    private void Forget(Followed followed, IReadOnlyList<int> numbers)
    {
        if (numbers.Count == 0) return;
        session.Run(
            "DELETE FROM snapshot_member WHERE snapshot_key = @snapshot AND member_number = ANY(@numbers)",
            ("@snapshot", followed.Generation.Key),
            ("@numbers", numbers.ToArray()));
        followed.Left.UnionWith(numbers);
    }

    private void Check(SnapshotGeneration generation) => session.Run(
        "SELECT check_generation(@key, @generation)", ("@key", generation.Key), ("@generation", generation.Generation));

    private static int Checked(int number) => number <= Snapshot.MaxNumber ? number : throw SnapshotErrors.Full();

    private static (string Name, object? Value)[] ValuesOf(SnapshotKey key) =>
        [("@instance", key.Instance), ("@list", key.ListId), ("@field", key.IdentityField)];

    private static SnapshotGeneration Read(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.Id(2));

    // What has changed in the snapshot since somebody asked last.
    private sealed class Followed(SnapshotGeneration generation)
    {
        public SnapshotGeneration Generation => generation;

        public int Last { get; set; }

        public int Known { get; init; }

        public HashSet<int> Left { get; } = [];

        public Dictionary<int, long> Ids { get; } = [];
    }
}
