namespace SegmentPush.Journal.Sql;

/// <summary>Finds in the journal's file what may still create people in Marketo.</summary>
internal sealed class CreateStore(ISqlSession session) : ICreateStore
{
    // Marketo's own time-out for Sync Leads, and as long as it keeps the number of an import.
    private static readonly TimeSpan s_callsRun = TimeSpan.FromSeconds(90), s_importsStay = TimeSpan.FromDays(7);

    private static readonly string s_isOpen =
        $"is_over = 0 AND import_file.state IN ({(int)ImportFileState.Uploading}, {(int)ImportFileState.Accepted}) AND COALESCE(uploaded, touched) > @since";

    private static readonly string s_isOpenImport =
        $"lookup_field <> 'id' AND person_creation = {(int)PersonCreation.MatchExistingAndCreateMissing} AND {s_isOpen}";

    /// <inheritdoc/>
    public DateTimeOffset? FindLastCall(string instance, Guid except, DateTimeOffset now) => session.Read(() => session.Query(
        $"""
        SELECT MAX(create_sent) FROM push WHERE instance = @instance AND id <> @except AND create_sent > @since
            AND EXISTS (SELECT 1 FROM person WHERE person.push_key = push.push_key AND {StageColumn.Is(Stage.Sent)})
        """,
        row => row.TimeOrNull(0),
        ("@instance", instance),
        ("@except", except.ToString()),
        ("@since", (now - s_callsRun).UtcTicks)).Single());

    /// <inheritdoc/>
    public void EndCalls(string instance, Guid except) => session.Write(() => session.Run(
        $"""
        UPDATE push SET create_sent = NULL WHERE instance = @instance AND id <> @except AND create_sent IS NOT NULL
            AND person_creation = {(int)PersonCreation.MatchExistingAndCreateMissing}
        """,
        ("@instance", instance),
        ("@except", except.ToString())));

    /// <inheritdoc/>
    public void NoteWrite(long pushKey, DateTimeOffset sent) => session.Write(() => session.Run(
        "UPDATE push SET create_sent = @sent WHERE push_key = @key", ("@key", pushKey), ("@sent", sent.UtcTicks)));

    /// <inheritdoc/>
    public IReadOnlyList<OpenWrite> GetWrites(string instance, long listId, Guid except, DateTimeOffset now) => session.Read(() => session.Query(
        $"""
        SELECT create_sent, error_id FROM push WHERE instance = @instance AND list_id = @list AND id <> @except AND create_sent > @since
            AND person_creation = {(int)PersonCreation.MatchExisting} AND state IN ({(int)PushState.Running}, {(int)PushState.Interrupted})
        """,
        row => new OpenWrite(row.TimeOrNull(0)!.Value, row.TextOrNull(1)),
        ("@instance", instance),
        ("@list", listId),
        ("@except", except.ToString()),
        ("@since", (now - s_callsRun).UtcTicks)));

    /// <inheritdoc/>
    public IReadOnlyList<OpenImport> GetImports(string instance, Guid except) =>
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
        SELECT (SELECT COUNT(*) FROM import_file JOIN push USING (push_key) WHERE id = @id AND {s_isOpenImport})
            + (SELECT COUNT(*) FROM push WHERE id = @id AND create_sent > @called
                AND EXISTS (SELECT 1 FROM person WHERE person.push_key = push.push_key AND {StageColumn.Is(Stage.Sent)}))
        """,
        ("@id", push.ToString()),
        ("@since", (session.Now - s_importsStay).UtcTicks),
        ("@called", (session.Now - s_callsRun).UtcTicks)) > 0);
}
