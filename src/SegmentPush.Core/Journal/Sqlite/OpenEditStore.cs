using SegmentPush.Lists;

namespace SegmentPush.Journal.Sqlite;

/// <summary>What pushes have begun on their list and not ended, so that their snapshot may not hold who is on the list.</summary>
internal sealed class OpenEditStore(JournalSession session)
{
    private const string OfOthers = "snapshot_key = $snapshot AND snapshot_generation = $generation AND id <> $except";

    /// <summary>Whether another push than one has worked with a generation, and was killed or left people without an outcome.</summary>
    /// <param name="generation">The generation. Who begins another one has read the list since.</param>
    /// <param name="except">The push that asks. It holds the lock of the list, so that no other one runs.</param>
    public bool HasAny(SnapshotGeneration generation, Guid except) => session.MapErrors(() => session.Count(
        $"""
        SELECT COUNT(*) FROM push WHERE {OfOthers} AND state <> {(int)PushState.Completed}
            AND (state = {(int)PushState.Running} OR EXISTS (
                SELECT 1 FROM person LEFT JOIN import_file ON import_file.push_key = person.push_key AND import_file.number = person.import_number
                WHERE person.push_key = push.push_key AND person.outcome = 0 AND COALESCE(import_file.outcome, 0) = 0))
        """,
        ("$snapshot", generation.Key),
        ("$generation", generation.Generation),
        ("$except", except.ToString())) > 0);

    /// <summary>People that other pushes may have taken off the list with calls whose answers are not known, and when by Marketo's clock.</summary>
    /// <inheritdoc cref="HasAny"/>
    public IReadOnlyDictionary<long, DateTimeOffset> GetSentOff(SnapshotGeneration generation, Guid except) => session.MapErrors(() =>
    {
        using var command = session.Command(
            $"""
            SELECT person.marketo_id, MAX(person.sent) FROM push JOIN person USING (push_key)
            WHERE {OfOthers} AND stage = {(int)Stage.SentOff} AND person.marketo_id IS NOT NULL AND person.sent IS NOT NULL GROUP BY person.marketo_id
            """,
            ("$snapshot", generation.Key),
            ("$generation", generation.Generation),
            ("$except", except.ToString()));
        using var reader = command.ExecuteReader();
        var people = new Dictionary<long, DateTimeOffset>();
        while (reader.Read()) people[reader.GetInt64(0)] = new DateTimeOffset(reader.GetInt64(1), TimeSpan.Zero);
        return people;
    });
}
