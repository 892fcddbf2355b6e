namespace SegmentPush.Journal.Sql;

/// <summary>Keeps pushes and their sources in the journal's tables.</summary>
internal sealed class PushStore(ISqlSession session, PushIdentities identities) : IPushStore
{
    /// <summary>A condition: a push has not come to an end that stays.</summary>
    public static readonly string MayBeResumed =
        $"state NOT IN ({(int)PushState.Completed}, {(int)PushState.Abandoned}, {(int)PushState.AlreadyPushed}) AND NOT (state = {(int)PushState.Failed} AND has_begun = 0) "
        + $"AND COALESCE(error_id, '') NOT IN ('{string.Join("', '", SegmentPushException.FinalErrors)}')";

    /// <inheritdoc/>
    public long Add(PushStatus status, string request, IReadOnlyList<SourceEntry> sources, JournalIdentity identities)
    {
        long key = 0;
        session.Write(() =>
        {
            session.LockDestinations(isShared: true);
            key = session.Count(
                PushSql.Insert,
                [.. PushSql.ValuesAtStart(status), .. PushSql.ValuesOfProgress(status), ("@request", request), ("@identity_form", (int)identities)]);
            for (int i = 0; i < sources.Count; i++)
            {
                session.Run(
                    "INSERT INTO push_source (push_key, source, name, form, description, spool) VALUES (@key, @source, @name, @form, @description, @spool)",
                    ("@key", key),
                    ("@source", i),
                    ("@name", sources[i].Name),
                    ("@form", sources[i].Form),
                    ("@description", sources[i].Description),
                    ("@spool", sources[i].Spool));
            }
        });
        return key;
    }

    /// <inheritdoc/>
    public void SetTarget(long pushKey, long listId, string listName, string? partition) => session.Write(() => session.Run(
        "UPDATE push SET list_id = @id, list_name = @name, partition_name = @partition WHERE push_key = @key",
        ("@key", pushKey),
        ("@id", listId),
        ("@name", listName),
        ("@partition", partition)));

    /// <inheritdoc/>
    public void SaveReceipt(long pushKey, string receipt) => session.Write(() => session.Run(
        "UPDATE push SET receipt = @receipt WHERE push_key = @key", ("@key", pushKey), ("@receipt", receipt)));

    /// <inheritdoc/>
    public string? GetReceipt(Guid id) => session.Read(() =>
        session.Query("SELECT receipt FROM push WHERE id = @id", row => row.TextOrNull(0), ("@id", id.ToString())).FirstOrDefault());

    /// <inheritdoc/>
    public IReadOnlyList<CallCount> GetCalls(Guid id) => session.Read(() => session.Query(
        "SELECT began, call_count.calls, per_window FROM call_count JOIN push USING (push_key) WHERE id = @id ORDER BY began",
        row => new CallCount(row.TimeOrNull(0)!.Value, row.GetInt64(1), row.GetInt32(2)),
        ("@id", id.ToString())));

    /// <inheritdoc/>
    public StartedPush GetStarted(PushStatus status) => session.Read(() =>
    {
        var (key, request, form) = session.Query(
            "SELECT push_key, request, identity_form FROM push WHERE id = @id",
            row => (row.GetInt64(0), row.TextOrNull(1), (JournalIdentity)row.GetInt32(2)),
            ("@id", status.Id.ToString())).Single();
        identities.Use(form);
        return new StartedPush(key, status, request, GetSources(key));
    });

    /// <inheritdoc/>
    public (string? Request, IReadOnlyList<SourceEntry> Sources) GetAsked(long pushKey) => session.Read(() => (
        session.Query("SELECT request FROM push WHERE push_key = @key", row => row.TextOrNull(0), ("@key", pushKey)).Single(), GetSources(pushKey)));

    /// <inheritdoc/>
    public IReadOnlyList<StoredPush> Get(PushFilter filter, StoredPush? after, int most) => session.Read(() =>
    {
        var conditions = new List<string>();
        (string, object?)[] values = filter.Instance is { } instance ? [("@instance", instance)] : [];
        if (values.Length > 0) conditions.Add("instance = @instance");
        if (filter.Ids.Count > 0) conditions.Add($"id IN ({string.Join(", ", filter.Ids.Select(id => $"'{id}'"))})");
        if (filter.States.Count > 0) conditions.Add($"state IN ({string.Join(", ", filter.States.Select(state => (int)state))})");
        if (filter.StaticListId is { } listId) conditions.Add($"list_id = {listId}");
        if (filter.Since is { } since) conditions.Add($"started >= {since.UtcTicks}");
        if (filter.Before is { } before) conditions.Add($"started < {before.UtcTicks}");
        if (filter.StoodSince is { } stood) conditions.Add($"touched >= {stood.UtcTicks}");
        if (filter.WithoutUndos) conditions.Add("undo_of IS NULL");
        if (after is not null) conditions.Add($"(started, push_key) < ({after.Status.Started.UtcTicks}, {after.Key})");
        string where = conditions.Count == 0 ? string.Empty : "WHERE " + string.Join(" AND ", conditions);
        return WithSources(session.Query(
            $"SELECT {PushSql.Columns}, push_key, {session.MachineOfPush} FROM push {where} ORDER BY started DESC, push_key DESC LIMIT {most}",
            row => new StoredPush(row.GetInt64(PushSql.Count), PushSql.Read(row) with { Machine = row.TextOrNull(PushSql.Count + 1) }),
            values));
    });

    /// <inheritdoc/>
    public IReadOnlyList<NewestPush> GetNewestCompleted() => session.Read(() => session.Query(
        "SELECT destination, instance, list_id, MAX(push_key) FROM push "
        + $"WHERE state = {(int)PushState.Completed} AND destination IS NOT NULL GROUP BY destination, instance, list_id",
        row => new NewestPush(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3))));

    /// <inheritdoc/>
    public IReadOnlyList<Guid> FindIds(string lastDigits) => session.Read(() => session.Query(
        "SELECT id FROM push WHERE replace(id, '-', '') LIKE @end ORDER BY started DESC", row => row.Id(0), ("@end", "%" + lastDigits)));

    /// <inheritdoc/>
    public IReadOnlyList<string> GetSpools(Guid id) => session.Read(() => session.Query(
        "SELECT spool FROM push JOIN push_source USING (push_key) WHERE id = @id AND spool IS NOT NULL", row => row.GetString(0), ("@id", id.ToString())));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, bool> GetSpools() => session.Read(() => session.Query(
        $"SELECT spool, CASE WHEN {MayBeResumed} THEN 1 ELSE 0 END FROM push_source JOIN push USING (push_key) WHERE spool IS NOT NULL",
        row => (Name: row.GetString(0), MayBeResumed: row.Flag(1))).ToDictionary(spool => spool.Name, spool => spool.MayBeResumed, StringComparer.Ordinal));

    /// <inheritdoc/>
    public void Remove(Guid id) => session.Write(() =>
    {
        // Its destination may lead to another list by now.
        session.Run(
            $"DELETE FROM snapshot WHERE EXISTS (SELECT 1 FROM push WHERE id = @except AND {SnapshotTable.IsWorkedWith}) AND {SnapshotTable.IsUnused}",
            ("@except", id.ToString()));

        // The push may have changed the list with calls whose answers it did not get, or past another snapshot of the list. Without its history only the
        // list tells that, so it is read again.
        session.Run(
            $"""
            UPDATE snapshot SET read_by = NULL WHERE EXISTS (
                SELECT 1 FROM push WHERE id = @id AND (
                    (push.snapshot_key = snapshot.snapshot_key AND push.snapshot_generation = snapshot.generation AND {OpenEditStore.MayBeOpen})
                    OR ({OpenEditStore.HasPassed})))
            """,
            ("@id", id.ToString()),
            ("@except", id.ToString()),
            ("@started", 0L));
        session.Run("DELETE FROM push WHERE id = @id", ("@id", id.ToString()));
    });

    /// <inheritdoc/>
    public void GiveSpaceBack() => session.GiveSpaceBack();

    private List<SourceEntry> GetSources(long pushKey) => session.Query(
        "SELECT name, form, description, spool FROM push_source WHERE push_key = @key ORDER BY source",
        row => new SourceEntry(row.GetString(0), row.TextOrNull(1), row.TextOrNull(2), row.TextOrNull(3)),
        ("@key", pushKey));

    // The list itself, where people came from it, is no source that a user has named.
    private List<StoredPush> WithSources(List<StoredPush> pushes)
    {
        if (pushes.Count == 0) return pushes;
        var sources = session.Query(
            $"SELECT push_key, name, description FROM push_source WHERE push_key IN ({string.Join(", ", pushes.Select(push => push.Key))}) ORDER BY push_key, source",
            row => (Key: row.GetInt64(0), Name: row.GetString(1), Description: row.TextOrNull(2)))
            .Where(source => source.Name != SourceEntry.StaticList.Name)
            .ToLookup(source => source.Key);
        return pushes.ConvertAll(push => push with
        {
            Status = push.Status with
            {
                Source = [.. sources[push.Key].Select(source => source.Name)],
                Form = [.. sources[push.Key].Select(source => source.Description ?? string.Empty)],
            },
        });
    }
}
