using SegmentPush.Journal.Sql;
using SegmentPush.Lists;

namespace SegmentPush.Journal.Postgres;

/// <summary>
/// Keeps a snapshot in step with the outcomes of people, in the transaction that writes them, and remembers what it has changed. A transaction that runs
/// again changes the same once more, and leaves numbers out, which harms nobody.
/// </summary>
/// <param name="session">The open database.</param>
/// <param name="generation">The snapshot.</param>
/// <param name="last">The greatest number that a member has.</param>
internal sealed class SnapshotWriter(PostgresSession session, SnapshotGeneration generation, int last)
{
    // From here on copying is faster than a statement.
    private const int CopyFrom = 2_000;

    private HashSet<int> _left = [], _withoutIdentity = [];
    private Dictionary<int, long> _ids = [];
    private int _known = last;

    /// <summary>The snapshot.</summary>
    public SnapshotGeneration Generation { get; } = generation;

    /// <summary>The greatest number that a member has.</summary>
    public int Last { get; private set; } = last;

    /// <summary>The first and the last of the numbers that stay free, because members of an older generation have them; 0 for none.</summary>
    public (int First, int Last) Skips { get; init; }

    /// <summary>What has changed since this was asked last.</summary>
    public SnapshotChanges TakeChanges()
    {
        var changes = new SnapshotChanges(_known, _left, _ids, _withoutIdentity);
        (_left, _ids, _withoutIdentity, _known) = ([], [], [], Last);
        return changes;
    }

    /// <summary>Makes the transaction that is open fail where the snapshot is not the newest generation any more.</summary>
    public void Check() => session.Run("SELECT check_generation(@key, @generation)", ("@key", Generation.Key), ("@generation", Generation.Generation));

    /// <summary>Changes members, in the transaction that is open.</summary>
    public void Change(SnapshotEdits edits)
    {
        Check();
        if (edits.ConfirmsIds) session.Run(SnapshotTable.ConfirmIds, ("@snapshot", Generation.Key));
        Unlearn(edits.Unlearnt);
        Learn(edits.Learnt);
        Join(edits.Joined);
        Doubt(edits.Doubted);
        Exit(edits.Exited);
        Forget(edits.Forgotten);
    }

    /// <summary>Puts in doubt what is known of the people of an import that is about to be uploaded, in the transaction that is open.</summary>
    public void DoubtImport(long pushKey, ImportEntry import)
    {
        Check();
        session.Run(
            SnapshotTable.DoubtImport(import),
            [("@key", pushKey), ("@snapshot", Generation.Key), .. ImportStore.BoundsOf(import)]);
    }

    /// <summary>Enters the people of an import, in the transaction that is open.</summary>
    public void FollowImport(long pushKey, ImportEntry import)
    {
        Check();
        session.Run(
            $"""
            UPDATE snapshot_member SET {SnapshotTable.FollowedBy(import)} FROM person p
            WHERE {SnapshotTable.ImportedByNow} AND p.member_number IS NOT NULL
                AND snapshot_member.snapshot_key = @snapshot AND snapshot_member.member_number = p.member_number
            """,
            [("@key", pushKey), ("@snapshot", Generation.Key), .. ImportStore.BoundsOf(import)]);
        long joined = session.Count(
            $"""
            WITH joined AS (
                INSERT INTO snapshot_member (snapshot_key, member_number, identity_hash, sent_hash, marketo_id, is_from_segment)
                SELECT @snapshot, @last + ROW_NUMBER() OVER (ORDER BY p.source, p.row_number), p.identity_hash, p.sent_hash, p.marketo_id, 1
                FROM {SnapshotTable.JoinedBy(import)} RETURNING 1)
            SELECT COUNT(*) FROM joined
            """,
            [("@key", pushKey), ("@snapshot", Generation.Key), ("@last", Last), .. ImportStore.BoundsOf(import)]);
        Last = Checked(Last + (int)joined);
    }

    /// <summary>Enters what the outcomes of people mean for the list, in the transaction that is open.</summary>
    public void Apply(IReadOnlyList<PersonEntry> people)
    {
        Check();
        var effects = people.ToLookup(person => MemberEffects.Of(person));
        Stay([.. effects[MemberEffect.Stays]]);
        Join(effects[MemberEffect.Joins]
            .Select(person => new Member(0, person.Mark!.IdentityHash, person.Mark.SentHash ?? 0, person.MarketoId, IsFromSegment: true)));
        int[] withoutIdentity = [.. effects[MemberEffect.LosesIdentity].Select(person => person.Mark!.Number!.Value)];
        _withoutIdentity.UnionWith(withoutIdentity);
        Doubt([.. effects[MemberEffect.Doubts].Select(person => person.Mark!.Number!.Value), .. withoutIdentity, .. people.SelectMany(person => MemberEffects.TwinsWritten(person))]);
        Forget([.. effects[MemberEffect.Leaves].Select(person => person.Mark!.Number!.Value)]);
    }

    // Nothing was sent for somebody without a hash of values: what was sent before still holds.
    private void Stay(PersonEntry[] members)
    {
        if (members.Length == 0) return;
        session.Run(
            """
            UPDATE snapshot_member m SET sent_hash = COALESCE(t.sent_hash, m.sent_hash), marketo_id = COALESCE(t.id, m.marketo_id),
                is_from_segment = CASE WHEN t.sent_hash IS NULL THEN m.is_from_segment ELSE 1 END
            FROM unnest(@number, @sent_hash, @id) t (number, sent_hash, id) WHERE m.snapshot_key = @snapshot AND m.member_number = t.number
            """,
            ("@snapshot", Generation.Key),
            ("@number", Array.ConvertAll(members, member => member.Mark!.Number!.Value)),
            ("@sent_hash", Array.ConvertAll(members, member => member.Mark!.SentHash)),
            ("@id", Array.ConvertAll(members, member => member.MarketoId)));
        foreach (var member in members)
        {
            if (member.MarketoId is { } id) _ids[member.Mark!.Number!.Value] = id;
        }
    }

    private void Unlearn(IReadOnlyList<int> numbers)
    {
        if (numbers.Count == 0) return;
        session.Run(
            "UPDATE snapshot_member SET marketo_id = NULL WHERE snapshot_key = @snapshot AND member_number = ANY(@numbers)",
            ("@snapshot", Generation.Key),
            ("@numbers", numbers.ToArray()));
    }

    private void Learn(IReadOnlyList<LearntId> learnt)
    {
        if (learnt.Count == 0) return;
        session.Run(
            $"""
            UPDATE snapshot_member m SET marketo_id = t.id, sent_hash = CASE WHEN t.is_other THEN {SentValues.None} ELSE m.sent_hash END
            FROM unnest(@number, @id, @is_other) t (number, id, is_other) WHERE m.snapshot_key = @snapshot AND m.member_number = t.number
            """,
            ("@snapshot", Generation.Key),
            ("@number", learnt.Select(member => member.Number).ToArray()),
            ("@id", learnt.Select(member => member.MarketoId).ToArray()),
            ("@is_other", learnt.Select(member => member.IsOther).ToArray()));
    }

    /// <summary>Enters people who are on the list, in the transaction that is open.</summary>
    public void Join(IEnumerable<Member> members)
    {
        Member[] all = [.. members];
        if (all.Length == 0) return;
        int[] numbers = Array.ConvertAll(all, _ => Last = Last + 1 == Skips.First ? Skips.Last + 1 : Last + 1);
        Checked(Last);
        if (all.Length >= CopyFrom) Copy(numbers, all);
        else Insert(numbers, all);
    }

    private void Insert(int[] numbers, Member[] members) => session.Run(
        """
        INSERT INTO snapshot_member (snapshot_key, member_number, identity_hash, sent_hash, marketo_id, is_from_segment)
        SELECT @snapshot, t.* FROM unnest(@number, @hash, @sent_hash, @id, @is_from_segment) t
        """,
        ("@snapshot", Generation.Key),
        ("@number", numbers),
        ("@hash", Array.ConvertAll(members, member => PersonWriter.BytesOf(member.IdentityHash))),
        ("@sent_hash", Array.ConvertAll(members, member => member.SentHash)),
        ("@id", Array.ConvertAll(members, SnapshotTable.IdColumnOf)),
        ("@is_from_segment", Array.ConvertAll(members, member => member.IsFromSegment ? 1 : 0)));

    private void Copy(int[] numbers, Member[] members) => session.Copy(
        "COPY snapshot_member (snapshot_key, member_number, identity_hash, sent_hash, marketo_id, is_from_segment) FROM STDIN (FORMAT BINARY)",
        copy =>
        {
            foreach (var (number, member) in numbers.Zip(members))
            {
                copy.StartRow();
                copy.Write(checked((int)Generation.Key));
                copy.Write(number);
                copy.Write(PersonWriter.BytesOf(member.IdentityHash));
                copy.Write(member.SentHash);
                if (SnapshotTable.IdColumnOf(member) is { } id) copy.Write(id);
                else copy.WriteNull();
                copy.Write(member.IsFromSegment ? (short)1 : (short)0);
            }
        });

    private void Doubt(IReadOnlyList<int> numbers)
    {
        if (numbers.Count == 0) return;
        session.Run(
            $"UPDATE snapshot_member SET sent_hash = {SentValues.Unknown} WHERE snapshot_key = @snapshot AND member_number = ANY(@numbers)",
            ("@snapshot", Generation.Key),
            ("@numbers", numbers.ToArray()));
    }

    private void Exit(IReadOnlyList<int> numbers)
    {
        if (numbers.Count == 0) return;
        session.Run(
            "UPDATE snapshot_member SET is_from_segment = 0 WHERE snapshot_key = @snapshot AND member_number = ANY(@numbers)",
            ("@snapshot", Generation.Key),
            ("@numbers", numbers.ToArray()));
    }

    private void Forget(IReadOnlyList<int> numbers)
    {
        if (numbers.Count == 0) return;
        session.Run(
            "DELETE FROM snapshot_member WHERE snapshot_key = @snapshot AND member_number = ANY(@numbers)",
            ("@snapshot", Generation.Key),
            ("@numbers", numbers.ToArray()));
        _left.UnionWith(numbers);
    }

    private static int Checked(int number) => number <= Snapshot.MaxNumber ? number : throw SnapshotErrors.Full();
}
