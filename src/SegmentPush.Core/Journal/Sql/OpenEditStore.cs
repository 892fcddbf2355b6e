using SegmentPush.Lists;

namespace SegmentPush.Journal.Sql;

/// <summary>Finds in the journal's tables what pushes have begun on their lists and not ended.</summary>
internal sealed class OpenEditStore(ISqlSession session) : IOpenEditStore
{
    private const string OfOthers = "snapshot_key = @snapshot AND snapshot_generation = @generation AND id <> @except";

    /// <summary>
    /// A condition: a push has begun to change its list, and it is not known how that ended. A resume takes people out to send them again: of a push
    /// that may go on, its people do not tell what it has done.
    /// </summary>
    public static readonly string MayBeOpen =
        $"""
        state <> {(int)PushState.Completed}
            AND (state IN ({(int)PushState.Running}, {(int)PushState.Interrupted}, {(int)PushState.Abandoned})
                OR EXISTS (
                    SELECT 1 FROM person LEFT JOIN import_file ON import_file.push_key = person.push_key AND import_file.number = person.import_number
                    WHERE person.push_key = push.push_key AND person.outcome = 0 AND COALESCE(import_file.outcome, 0) = 0)
                OR EXISTS (
                    SELECT 1 FROM import_file WHERE import_file.push_key = push.push_key
                        AND import_file.state IN ({(int)ImportFileState.Uploading}, {(int)ImportFileState.Accepted})))
        """;

    /// <summary>
    /// A condition: a push with another snapshot has changed the list of a snapshot, or may have, and no push with this one has begun since. Of the push <c>@except</c>
    /// the moment <c>@started</c> counts, when it began. An undo may have found no snapshot. It works with the one of its list as it is, so it does not tell how
    /// far the snapshot is in step with the others.
    /// </summary>
    public static readonly string HasPassed =
        $"""
        push.list_id = snapshot.list_id AND push.instance = snapshot.instance
            AND (push.snapshot_key <> snapshot.snapshot_key OR (push.snapshot_key IS NULL AND undo_of IS NOT NULL))
            AND (added + removed > 0 OR {MayBeOpen})
            AND NOT EXISTS (
                SELECT 1 FROM push own WHERE own.snapshot_key = snapshot.snapshot_key AND own.snapshot_generation = snapshot.generation AND own.undo_of IS NULL
                    AND own.push_key > push.push_key AND CASE WHEN own.id = @except THEN @started ELSE own.touched END >= push.touched)
        """;

    /// <inheritdoc/>
    public bool HasAny(SnapshotGeneration generation, Guid except, DateTimeOffset started) => session.Read(() => session.Count(
        $"SELECT COUNT(*) FROM push WHERE ({OfOthers} AND {MayBeOpen}) OR EXISTS (SELECT 1 FROM snapshot WHERE snapshot.snapshot_key = @snapshot AND {HasPassed})",
        ("@snapshot", generation.Key),
        ("@generation", generation.Generation),
        ("@except", except.ToString()),
        ("@started", started.UtcTicks)) > 0);

    /// <inheritdoc/>
    public IReadOnlyList<long> GetSentOff(SnapshotGeneration generation, Guid except) => session.Read(() => session.Query(
        $"""
        SELECT DISTINCT person.marketo_id FROM push JOIN person USING (push_key)
        WHERE {OfOthers} AND stage = {(int)Stage.SentOff} AND person.marketo_id IS NOT NULL
        """,
        row => row.GetInt64(0),
        ("@snapshot", generation.Key),
        ("@generation", generation.Generation),
        ("@except", except.ToString())));

    /// <inheritdoc/>
    public IReadOnlyList<Guid> GetOpen(SnapshotGeneration generation, Guid except) => session.Read(() => session.Query(
        $"SELECT id FROM push WHERE {OfOthers} AND state <> {(int)PushState.Completed}",
        row => Guid.Parse(row.GetString(0), System.Globalization.CultureInfo.InvariantCulture),
        ("@snapshot", generation.Key),
        ("@generation", generation.Generation),
        ("@except", except.ToString())));
}
