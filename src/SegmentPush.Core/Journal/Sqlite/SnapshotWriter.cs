using SegmentPush.Journal.Sql;
using SegmentPush.Lists;

namespace SegmentPush.Journal.Sqlite;

/// <summary>
/// Keeps a snapshot in step with the outcomes of people, in the transaction that writes them: a person is in it as soon as Marketo has
/// confirmed the person on the list, and not before. It remembers what it has changed.
/// </summary>
/// <param name="generation">The snapshot.</param>
/// <param name="last">The greatest number that a member has.</param>
internal sealed class SnapshotWriter(SnapshotGeneration generation, int last)
{
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

    /// <summary>Puts in doubt what is known of the people of an import that is about to be uploaded, in the transaction that is open.</summary>
    public void DoubtImport(JournalSession session, long pushKey, ImportEntry import) => session.Execute(
        SnapshotTable.DoubtImport(import),
        [("@key", pushKey), ("@snapshot", Generation.Key), .. ImportStore.BoundsOf(import)]);

    /// <summary>Enters the people of an import, in the transaction that is open.</summary>
    public void FollowImport(JournalSession session, long pushKey, ImportEntry import)
    {
        session.Execute(
            $"""
            UPDATE snapshot_member SET {SnapshotTable.FollowedBy(import)} FROM person p
            WHERE {SnapshotTable.ImportedByNow} AND p.member_number IS NOT NULL
                AND snapshot_member.snapshot_key = @snapshot AND snapshot_member.member_number = p.member_number
            """,
            [("@key", pushKey), ("@snapshot", Generation.Key), .. ImportStore.BoundsOf(import)]);
        int joined = session.Execute(
            $"""
            INSERT INTO snapshot_member (snapshot_key, member_number, identity_hash, sent_hash, marketo_id, is_from_segment)
            SELECT @snapshot, @last + ROW_NUMBER() OVER (ORDER BY p.source, p.row_number), p.identity_hash, p.sent_hash, p.marketo_id, 1
            FROM {SnapshotTable.JoinedBy(import)}
            """,
            [("@key", pushKey), ("@snapshot", Generation.Key), ("@last", Last), .. ImportStore.BoundsOf(import)]);
        Last = CheckedNumber(Last + joined);
    }

    private static int CheckedNumber(int number) => number <= Snapshot.MaxNumber ? number : throw SnapshotErrors.Full();

    /// <summary>The statements of one transaction.</summary>
    internal sealed class Statements : IDisposable
    {
        private readonly SnapshotWriter _writer;
        private readonly PersonStatement _join, _change, _keep, _learn, _unlearn, _replace, _doubt, _exit, _forget;

        /// <summary>Prepares them.</summary>
        public Statements(JournalSession session, SnapshotWriter writer)
        {
            _writer = writer;
            _join = Of("INSERT INTO snapshot_member (snapshot_key, member_number, identity_hash, sent_hash, marketo_id, is_from_segment) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
            _change = Of("UPDATE snapshot_member SET sent_hash = ?3, marketo_id = COALESCE(?4, marketo_id), is_from_segment = 1 WHERE snapshot_key = ?1 AND member_number = ?2");
            _keep = Of("UPDATE snapshot_member SET marketo_id = COALESCE(?3, marketo_id) WHERE snapshot_key = ?1 AND member_number = ?2");
            _learn = Of("UPDATE snapshot_member SET marketo_id = ?3 WHERE snapshot_key = ?1 AND member_number = ?2");
            _unlearn = Of("UPDATE snapshot_member SET marketo_id = NULL WHERE snapshot_key = ?1 AND member_number = ?2");
            _replace = Of($"UPDATE snapshot_member SET marketo_id = ?3, sent_hash = {SentValues.None} WHERE snapshot_key = ?1 AND member_number = ?2");
            _doubt = Of($"UPDATE snapshot_member SET sent_hash = {SentValues.Unknown} WHERE snapshot_key = ?1 AND member_number = ?2");
            _exit = Of("UPDATE snapshot_member SET is_from_segment = 0 WHERE snapshot_key = ?1 AND member_number = ?2");
            _forget = Of("DELETE FROM snapshot_member WHERE snapshot_key = ?1 AND member_number = ?2");

            PersonStatement Of(string sql)
            {
                var statement = session.Prepare(sql);
                statement.Bind(1, writer.Generation.Key);
                return statement;
            }
        }

        /// <summary>Enters what a person's outcome means for the list.</summary>
        public void Apply(in PersonEntry person)
        {
            var mark = person.Mark;
            switch (MemberEffects.Of(person))
            {
                case MemberEffect.Stays:
                    Stay(mark!.Number!.Value, mark.SentHash, person.MarketoId);
                    break;
                case MemberEffect.Joins:
                    Join(new Member(0, mark!.IdentityHash, mark.SentHash ?? 0, person.MarketoId, IsFromSegment: true));
                    break;
                case MemberEffect.Doubts:
                    Doubt(mark!.Number!.Value);
                    break;
                case MemberEffect.LosesIdentity:
                    Doubt(mark!.Number!.Value);
                    _writer._withoutIdentity.Add(mark.Number.Value);
                    break;
                case MemberEffect.Leaves:
                    Forget(mark!.Number!.Value);
                    break;
            }

            foreach (int twin in MemberEffects.TwinsWritten(person)) Doubt(twin);
        }

        /// <summary>Enters a person who is on the list.</summary>
        public void Join(Member member)
        {
            int next = _writer.Last + 1;
            _writer.Last = CheckedNumber(next == _writer.Skips.First ? _writer.Skips.Last + 1 : next);
            _join.Bind(2, (long)_writer.Last);
            _join.Bind(3, member.IdentityHash);
            _join.Bind(4, member.SentHash);
            _join.Bind(5, SnapshotTable.IdColumnOf(member));
            _join.Bind(6, member.IsFromSegment ? 1L : 0);
            _join.Run();
        }

        /// <summary>Enters the id of a member.</summary>
        public void Learn(LearntId learnt)
        {
            var statement = learnt.IsOther ? _replace : _learn;
            statement.Bind(2, (long)learnt.Number);
            statement.Bind(3, learnt.MarketoId);
            statement.TryRun();
        }

        /// <summary>Takes the id of a member out.</summary>
        public void Unlearn(int number)
        {
            _unlearn.Bind(2, (long)number);
            _unlearn.TryRun();
        }

        /// <summary>Forgets what was sent for a member, because a call or an import is about to write other values.</summary>
        public void Doubt(int number)
        {
            _doubt.Bind(2, (long)number);
            _doubt.TryRun();
        }

        /// <summary>Notes that a member has left the segment.</summary>
        public void Exit(int number)
        {
            _exit.Bind(2, (long)number);
            _exit.TryRun();
        }

        /// <summary>Takes a member out.</summary>
        public void Forget(int number)
        {
            _forget.Bind(2, (long)number);
            _forget.TryRun();
            _writer._left.Add(number);
        }

        public void Dispose()
        {
            foreach (var statement in new[] { _join, _change, _keep, _learn, _unlearn, _replace, _doubt, _exit, _forget }) statement.Dispose();
        }

        // Nothing was sent for somebody without a hash of values: what was sent before still holds.
        private void Stay(int number, long? sentHash, long? marketoId)
        {
            var statement = sentHash is null ? _keep : _change;
            statement.Bind(2, (long)number);
            if (sentHash is { } hash) statement.Bind(3, hash);
            statement.Bind(sentHash is null ? 3 : 4, marketoId);
            statement.TryRun();
            if (marketoId is { } id) _writer._ids[number] = id;
        }
    }
}
