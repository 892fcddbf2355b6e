using System.Globalization;

namespace SegmentPush.Journal.Sqlite;

/// <summary>What pushes have begun that may still create people in Marketo: calls whose answer is not known, and imports.</summary>
internal sealed class CreateStore(JournalSession session)
{
    // Marketo's own time-out for Sync Leads, and as long as it keeps the number of an import.
    private static readonly TimeSpan s_callsRun = TimeSpan.FromSeconds(90), s_importsStay = TimeSpan.FromDays(7);

    private static readonly string s_isOpenImport =
        $"lookup_field <> 'id' AND is_over = 0 AND import_file.state IN ({(int)ImportFileState.Uploading}, {(int)ImportFileState.Accepted}) "
        + $"AND person_creation = {(int)PersonCreation.MatchExistingAndCreateMissing} AND COALESCE(uploaded, touched) > $since";

    /// <summary>When the last call of other pushes was sent that can create people and whose answer is not known; null where there is none.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="except">The push that asks.</param>
    /// <param name="now">The moment by Marketo's clock.</param>
    public DateTimeOffset? FindLastCall(string instance, Guid except, DateTimeOffset now) => session.MapErrors(() =>
    {
        using var command = session.Command(
            $"""
            SELECT MAX(create_sent) FROM push WHERE instance = $instance AND id <> $except AND create_sent > $since
                AND EXISTS (SELECT 1 FROM person WHERE person.push_key = push.push_key AND stage = {(int)Stage.Sent})
            """,
            ("$instance", instance),
            ("$except", except.ToString()),
            ("$since", (now - s_callsRun).UtcTicks));
        return command.ExecuteScalar() is long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : (DateTimeOffset?)null;
    });

    /// <summary>Notes that no call of other pushes can create people any more.</summary>
    public void EndCalls(string instance, Guid except) => session.MapErrors(() =>
    {
        session.Execute(
            "UPDATE push SET create_sent = NULL WHERE instance = $instance AND id <> $except AND create_sent IS NOT NULL",
            ("$instance", instance),
            ("$except", except.ToString()));
        return true;
    });

    /// <summary>Imports of other pushes that can create people and may still be under way.</summary>
    public IReadOnlyList<OpenImport> GetImports(string instance, Guid except) => session.MapErrors(() =>
    {
        using var command = session.Command(
            $"""
            SELECT push_key, id, number, list_id, batch_id FROM import_file JOIN push USING (push_key)
            WHERE instance = $instance AND id <> $except AND {s_isOpenImport} ORDER BY push_key, number
            """,
            ("$instance", instance),
            ("$except", except.ToString()),
            ("$since", (session.Now - s_importsStay).UtcTicks));
        using var reader = command.ExecuteReader();
        var imports = new List<OpenImport>();
        while (reader.Read())
        {
            imports.Add(new OpenImport(
                reader.GetInt64(0),
                Guid.Parse(reader.GetString(1), CultureInfo.InvariantCulture),
                reader.GetInt32(2),
                reader.GetInt64(3),
                reader.IsDBNull(4) ? null : reader.GetInt64(4)));
        }

        return imports;
    });

    /// <summary>Notes that an import is over. Its push finds out how it ended.</summary>
    public void EndImport(OpenImport import) => session.MapErrors(() =>
    {
        session.Execute(
            "UPDATE import_file SET is_over = 1 WHERE push_key = $key AND number = $number", ("$key", import.PushKey), ("$number", import.Number));
        return true;
    });

    /// <summary>Whether a call or an import of a push may still create people, so that the journal must not forget it.</summary>
    public bool HasOpen(Guid push) => session.MapErrors(() => session.Count(
        $"""
        SELECT (SELECT COUNT(*) FROM import_file JOIN push USING (push_key) WHERE id = $id AND {s_isOpenImport})
            + (SELECT COUNT(*) FROM push WHERE id = $id AND create_sent > $called
                AND EXISTS (SELECT 1 FROM person WHERE person.push_key = push.push_key AND stage = {(int)Stage.Sent}))
        """,
        ("$id", push.ToString()),
        ("$since", (session.Now - s_importsStay).UtcTicks),
        ("$called", (session.Now - s_callsRun).UtcTicks)) > 0);
}
