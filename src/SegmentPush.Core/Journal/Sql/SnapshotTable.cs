using System.Data.Common;
using SegmentPush.Lists;

namespace SegmentPush.Journal.Sql;

/// <summary>What each database does alike with the snapshots of lists: it finds them, begins generations, and counts members.</summary>
internal sealed class SnapshotTable(ISqlSession session)
{
    private const int MembersAtOnce = 500;

    /// <summary>A condition on the rows <c>p</c> of people, with <see cref="ImportStore.BoundsOf"/>: they are in an import, and their identity is hashed.</summary>
    public const string ImportedByNow =
        "p.push_key = @key AND p.import_number = @number AND p.identity_hash IS NOT NULL "
        + "AND (p.source, p.row_number) >= (@first_source, @first_row) AND (p.source, p.row_number) <= (@last_source, @last_row)";

    /// <summary>What changes for members whose people <c>p</c> an import names. What others have sent for them since stays known, or unknown.</summary>
    public static string FollowedBy(ImportEntry import) => import.HasOthersSince ? "is_from_segment = 1" : "sent_hash = p.sent_hash, is_from_segment = 1";

    /// <summary>
    /// People <c>p</c> of an import, with <see cref="ImportStore.BoundsOf"/>, who join the snapshot. Where another push has seen a person on the list and sent the
    /// person before the import is settled, the snapshot has the person already.
    /// </summary>
    public static string JoinedBy(ImportEntry import)
    {
        string people = $"person p WHERE {ImportedByNow} AND p.member_number IS NULL";
        if (!import.HasOthersSince) return people;
        var (person, member) = import.FindsById ? ("identity_hash, marketo_id", "identity_hash, ABS(marketo_id)") : ("identity_hash", "identity_hash");

        // With a join, SQLite would go through all members for each person.
        return $"{people} AND ({person}) IN (SELECT {person} FROM {people} EXCEPT SELECT {member} FROM snapshot_member WHERE snapshot_key = @snapshot)";
    }

    /// <summary>
    /// Forgets what was sent for the people of an import that is about to be uploaded, and puts the ids of those in doubt that it finds by the
    /// identity. An id in doubt is kept negative.
    /// </summary>
    public static string DoubtImport(ImportEntry import) =>
        $"""
        UPDATE snapshot_member SET sent_hash = CASE WHEN p.sent_hash <> 0 THEN {SentValues.Unknown} ELSE snapshot_member.sent_hash END,
            marketo_id = {(import.FindsById ? "snapshot_member.marketo_id" : "-ABS(snapshot_member.marketo_id)")}
        FROM person p WHERE {ImportedByNow} AND p.member_number IS NOT NULL
            AND snapshot_member.snapshot_key = @snapshot AND snapshot_member.member_number = p.member_number
        """;

    /// <summary>The ids in doubt hold again.</summary>
    public const string ConfirmIds = "UPDATE snapshot_member SET marketo_id = -marketo_id WHERE snapshot_key = @snapshot AND marketo_id < 0";

    /// <summary>A member as the table holds it.</summary>
    public static Member MemberOf(int number, Hash128 identityHash, long sentHash, long? id, bool isFromSegment) =>
        new(number, identityHash, sentHash, id is { } known ? Math.Abs(known) : null, isFromSegment) { IsIdInDoubt = id < 0 };

    /// <summary>The id of a member as the table holds it: negative where it is in doubt.</summary>
    public static long? IdColumnOf(Member member) => member.IsIdInDoubt ? -member.MarketoId : member.MarketoId;

    /// <summary>Finds the newest generation of a snapshot; null where the list was never read.</summary>
    public SnapshotGeneration? Find(SnapshotKey key) => session.Read(() => session.Query(
        "SELECT snapshot_key, generation, read_by FROM snapshot WHERE instance = @instance AND list_id = @list AND identity_field = @field",
        Read,
        ValuesOf(key)).SingleOrDefault());

    /// <summary>Begins a generation. The members of the one before stay until those of the new one are there, which get other numbers.</summary>
    /// <param name="key">The snapshot.</param>
    /// <param name="readBy">The push that has read the list.</param>
    /// <param name="join">Enters the members, and leaves out the numbers of the old ones.</param>
    public SnapshotGeneration Begin(SnapshotKey key, Guid readBy, Action<SnapshotGeneration, (int First, int Last)> join)
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
            join(begun, old);
            session.Run(
                "DELETE FROM snapshot_member WHERE snapshot_key = @key AND member_number BETWEEN @first AND @last",
                ("@key", begun.Key),
                ("@first", old.First),
                ("@last", old.Last));
        });
        return begun!;
    }

    /// <summary>The first and the last number of a snapshot's members; 0 for both where there are none.</summary>
    public (int First, int Last) FindNumbers(SnapshotGeneration generation) => session.Query(
        "SELECT COALESCE(MIN(member_number), 0), COALESCE(MAX(member_number), 0) FROM snapshot_member WHERE snapshot_key = @key",
        row => (row.GetInt32(0), row.GetInt32(1)),
        ("@key", generation.Key)).Single();

    /// <summary>The greatest number of a snapshot's members; 0 where there are none.</summary>
    public int FindLastNumber(SnapshotGeneration generation) => session.Read(() => (int)session.Count(
        "SELECT COALESCE(MAX(member_number), 0) FROM snapshot_member WHERE snapshot_key = @key", ("@key", generation.Key)));

    /// <summary>Which of some members have an id in doubt.</summary>
    public HashSet<int> FindDoubted(SnapshotGeneration generation, IReadOnlyCollection<int> numbers) => session.Read(() => numbers.Chunk(MembersAtOnce)
        .SelectMany(some => session.Query(
            $"SELECT member_number FROM snapshot_member WHERE snapshot_key = @key AND marketo_id < 0 AND member_number IN ({string.Join(',', some)})",
            row => row.GetInt32(0),
            ("@key", generation.Key))).ToHashSet());

    /// <summary>How many members a snapshot has; 0 for a list that was never read.</summary>
    public int Count(long? snapshotKey) => snapshotKey is { } key
        ? session.Read(() => (int)session.Count("SELECT COUNT(*) FROM snapshot_member WHERE snapshot_key = @key", ("@key", key)))
        : 0;

    /// <summary>
    /// A condition: a push works with a snapshot. A push that was stopped early has not noted its snapshot yet, and goes on with the one of its list.
    /// </summary>
    public const string IsWorkedWith =
        "(push.snapshot_key = snapshot.snapshot_key OR (push.snapshot_key IS NULL AND push.destination IS NOT NULL "
        + "AND push.instance = snapshot.instance AND push.list_id = snapshot.list_id))";

    /// <summary>
    /// A condition: nothing needs a snapshot any more, no destination and no push that may be resumed but <c>@except</c>. A push that is resumed without
    /// its snapshot would not know who was on the list before it began.
    /// </summary>
    public static readonly string IsUnused =
        "NOT EXISTS (SELECT 1 FROM destination WHERE destination.snapshot_key = snapshot.snapshot_key) "
        + $"AND NOT EXISTS (SELECT 1 FROM push WHERE {IsWorkedWith} AND id <> @except AND {PushStore.MayBeResumed})";

    /// <summary>Deletes a snapshot that nothing needs but a push that has ended.</summary>
    public void ForgetUnused(SnapshotGeneration generation, Guid ended) => session.Write(() => session.Run(
        $"DELETE FROM snapshot WHERE snapshot_key = @key AND {IsUnused}", ("@key", generation.Key), ("@except", ended.ToString())));

    private static (string Name, object? Value)[] ValuesOf(SnapshotKey key) =>
        [("@instance", key.Instance), ("@list", key.ListId), ("@field", key.IdentityField)];

    private static SnapshotGeneration Read(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.Id(2));
}
