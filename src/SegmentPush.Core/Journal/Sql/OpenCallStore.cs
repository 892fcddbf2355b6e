namespace SegmentPush.Journal.Sql;

/// <summary>Records and finds in the journal's tables the calls and imports that Marketo may still execute.</summary>
internal sealed class OpenCallStore(ISqlSession session) : IOpenCallStore
{
    private const string IntoList = "instance = @instance AND list_id = @list AND id <> @except";

    // As long as Marketo keeps the number of an import.
    private static readonly TimeSpan s_importsStay = TimeSpan.FromDays(7);

    private static readonly string s_isOpen =
        $"is_over = 0 AND import_file.state IN ({(int)ImportFileState.Uploading}, {(int)ImportFileState.Accepted}) AND COALESCE(uploaded, touched) > @since";

    private static readonly string s_isOpenImport =
        $"lookup_field <> 'id' AND person_creation = {(int)PersonCreation.MatchExistingAndCreateMissing} AND {s_isOpen}";

    /// <inheritdoc/>
    public void Note(long pushKey, DateTimeOffset runsUntil, DateTimeOffset now) => session.Write(() => session.Run(
        "UPDATE push SET open_until = @until, changed = @now, touched = @now WHERE push_key = @key",
        ("@until", runsUntil.UtcTicks),
        ("@now", now.UtcTicks),
        ("@key", pushKey)));

    /// <inheritdoc/>
    public DateTimeOffset? FindEnd(string instance, long listId, Guid except) => session.Read(() => session.Query(
        $"SELECT MAX(open_until) FROM push WHERE {IntoList}",
        row => row.TimeOrNull(0),
        ("@instance", instance),
        ("@list", listId),
        ("@except", except.ToString())).Single());

    /// <inheritdoc/>
    public void End(string instance, long listId, Guid except) => session.Write(() => session.Run(
        $"UPDATE push SET open_until = NULL WHERE {IntoList} AND open_until IS NOT NULL",
        ("@instance", instance),
        ("@list", listId),
        ("@except", except.ToString())));

    /// <inheritdoc/>
    public DateTimeOffset? FindLastCreate(string instance, Guid except, DateTimeOffset since) => session.Read(() => session.Query(
        $"""
        SELECT MAX(create_sent) FROM push WHERE instance = @instance AND id <> @except AND create_sent > @since
            AND EXISTS (SELECT 1 FROM person WHERE person.push_key = push.push_key AND {StageColumn.Is(Stage.Sent)})
        """,
        row => row.TimeOrNull(0),
        ("@instance", instance),
        ("@except", except.ToString()),
        ("@since", since.UtcTicks)).Single());

    /// <inheritdoc/>
    public void EndCreates(string instance, Guid except, DateTimeOffset last) => session.Write(() => session.Run(
        "UPDATE push SET create_sent = NULL WHERE instance = @instance AND id <> @except AND create_sent <= @last",
        ("@instance", instance),
        ("@except", except.ToString()),
        ("@last", last.UtcTicks)));

    /// <inheritdoc/>
    public IReadOnlyList<OpenImport> GetCreatingImports(string instance, Guid except) =>
        FindImports($"instance = @instance AND id <> @except AND {s_isOpenImport}", ("@instance", instance), ("@except", except.ToString()));

    /// <inheritdoc/>
    public IReadOnlyList<OpenImport> GetImportsOf(Guid push) => FindImports($"id = @push AND {s_isOpen}", ("@push", push.ToString()));

    /// <inheritdoc/>
    public IReadOnlyList<OpenImport> GetImportsInto(string instance, long listId, Guid except) => FindImports(
        $"instance = @instance AND list_id = @list AND id <> @except AND {s_isOpen}", ("@instance", instance), ("@list", listId), ("@except", except.ToString()));

    /// <inheritdoc/>
    public void EndImport(OpenImport import) => session.Write(() => session.Run(
        "UPDATE import_file SET is_over = 1 WHERE push_key = @key AND number = @number", ("@key", import.PushKey), ("@number", import.Number)));

    private List<OpenImport> FindImports(string where, params (string Name, object? Value)[] values) => session.Read(() => session.Query(
        $"SELECT push_key, id, number, list_id, batch_id, uploaded FROM import_file JOIN push USING (push_key) WHERE {where} ORDER BY push_key, number",
        row => new OpenImport(row.GetInt64(0), row.Id(1), row.GetInt32(2), row.GetInt64(3), row.NumberOrNull(4), row.TimeOrNull(5)),
        [.. values, ("@since", (session.Now - s_importsStay).UtcTicks)]));

    /// <inheritdoc/>
    public bool HasOpen(Guid push) => session.Read(() => session.Count(
        $"""
        SELECT (SELECT COUNT(*) FROM import_file JOIN push USING (push_key) WHERE id = @id AND ({s_isOpenImport} OR (push.state <> {(int)PushState.Completed} AND {s_isOpen})))
            + (SELECT COUNT(*) FROM push WHERE id = @id AND open_until > @now)
        """,
        ("@id", push.ToString()),
        ("@since", (session.Now - s_importsStay).UtcTicks),
        ("@now", session.Now.UtcTicks)) > 0);
}
