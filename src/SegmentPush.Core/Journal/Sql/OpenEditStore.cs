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

    /// <inheritdoc/>
    public bool HasAny(SnapshotGeneration generation, Guid except) => session.Read(() => session.Count(
        $"SELECT COUNT(*) FROM push WHERE {OfOthers} AND {MayBeOpen}",
        ("@snapshot", generation.Key),
        ("@generation", generation.Generation),
        ("@except", except.ToString())) > 0);

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
