namespace SegmentPush.Journal.Sqlite;

/// <summary>Keeps pushes and their sources in the journal's file.</summary>
internal sealed class PushStore(JournalSession session, PushIdentities identities) : IPushStore
{
    private static readonly string s_mayBeResumed =
        $"state NOT IN ({(int)PushState.Completed}, {(int)PushState.Abandoned}) AND NOT (state = {(int)PushState.Failed} AND has_begun = 0) "
        + $"AND COALESCE(error_id, '') NOT IN ('{string.Join("', '", SegmentPushException.FinalErrors)}')";

    /// <inheritdoc/>
    public long Add(PushStatus status, string request, IReadOnlyList<JournalSource> sources, JournalIdentity identities)
    {
        long key = 0;
        session.InTransaction(() =>
        {
            using var command = session.Command(PushRow.Insert, ("$request", request), ("$identity_form", (int)identities));
            PushRow.AddStart(command, status);
            PushRow.AddProgress(command, status);
            key = (long)command.ExecuteScalar()!;
            for (int i = 0; i < sources.Count; i++)
            {
                session.Execute(
                    "INSERT INTO push_source (push_key, source, name, form, description, spool) VALUES ($key, $source, $name, $form, $description, $spool)",
                    ("$key", key),
                    ("$source", i),
                    ("$name", sources[i].Name),
                    ("$form", sources[i].Form),
                    ("$description", sources[i].Description),
                    ("$spool", sources[i].Spool));
            }
        });
        return key;
    }

    /// <inheritdoc/>
    public void SetTarget(long pushKey, long listId, string listName, string? partition) => session.MapErrors(() => session.Execute(
        "UPDATE push SET list_id = $id, list_name = $name, partition_name = $partition WHERE push_key = $key",
        ("$key", pushKey),
        ("$id", listId),
        ("$name", listName),
        ("$partition", partition)));

    /// <inheritdoc/>
    public void SaveReceipt(long pushKey, string receipt) => session.MapErrors(() => session.Execute(
        "UPDATE push SET receipt = $receipt WHERE push_key = $key", ("$key", pushKey), ("$receipt", receipt)));

    /// <inheritdoc/>
    public string? GetReceipt(Guid id) => session.MapErrors(() =>
        session.Query("SELECT receipt FROM push WHERE id = $id", row => row.TextOrNull(0), ("$id", id.ToString())).FirstOrDefault());

    /// <inheritdoc/>
    public IReadOnlyList<CallCount> GetCalls(Guid id) => session.MapErrors(() => session.Query(
        "SELECT began, call_count.calls, per_window FROM call_count JOIN push USING (push_key) WHERE id = $id ORDER BY began",
        row => new CallCount(new DateTimeOffset(row.GetInt64(0), TimeSpan.Zero), row.GetInt64(1), row.GetInt32(2)),
        ("$id", id.ToString())));

    /// <inheritdoc/>
    public StartedPush GetStarted(PushStatus status) => session.MapErrors(() =>
    {
        var (key, request, form) = session.Query(
            "SELECT push_key, request, identity_form FROM push WHERE id = $id",
            row => (row.GetInt64(0), row.TextOrNull(1), (JournalIdentity)row.GetInt32(2)),
            ("$id", status.Id.ToString())).Single();
        identities.Use(form);
        return new StartedPush(key, status, request, session.Query(
            "SELECT name, form, description, spool FROM push_source WHERE push_key = $key ORDER BY source",
            row => new JournalSource(row.GetString(0), row.TextOrNull(1), row.TextOrNull(2), row.TextOrNull(3)),
            ("$key", key)));
    });

    /// <inheritdoc/>
    public IReadOnlyList<StoredPush> Get(PushFilter filter, StoredPush? after, int most) => session.MapErrors(() =>
    {
        using var command = session.Command(string.Empty, ("$most", most));
        var conditions = new List<string>();
        if (filter.Ids.Count > 0) conditions.Add(In("id", filter.Ids.Select(id => (object)id.ToString())));
        if (filter.States.Count > 0) conditions.Add(In("state", filter.States.Select(state => (object)(int)state)));
        if (filter.StaticListId is { } listId) conditions.Add($"list_id = {listId}");
        if (filter.Since is { } since) conditions.Add($"started >= {since.UtcTicks}");
        if (filter.Before is { } before) conditions.Add($"started < {before.UtcTicks}");
        if (after is not null) conditions.Add($"(started, push_key) < ({after.Status.Started.UtcTicks}, {after.Key})");
        string where = conditions.Count == 0 ? string.Empty : "WHERE " + string.Join(" AND ", conditions);
#pragma warning disable CA2100 // The texts are this file's own; every value is a parameter or a number.
        command.CommandText = $"SELECT {PushRow.Columns}, push_key FROM push {where} ORDER BY started DESC, push_key DESC LIMIT $most";
#pragma warning restore CA2100
        var pushes = new List<StoredPush>();
        using var reader = command.ExecuteReader();
        while (reader.Read()) pushes.Add(new StoredPush(reader.GetInt64(PushRow.Count), PushRow.Read(reader)));
        return WithSources(pushes);

        string In(string column, IEnumerable<object> values)
        {
            var names = values.Select(value => command.Parameters.AddWithValue($"${command.Parameters.Count}", value).ParameterName);
            return $"{column} IN ({string.Join(", ", names.ToArray())})";
        }
    });

    /// <inheritdoc/>
    public IReadOnlyList<NewestPush> GetNewestCompleted() => session.MapErrors(() => session.Query(
        "SELECT destination, instance, list_id, MAX(push_key) FROM push "
        + $"WHERE state = {(int)PushState.Completed} AND destination IS NOT NULL GROUP BY destination, instance, list_id",
        row => new NewestPush(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3))));

    /// <inheritdoc/>
    public IReadOnlyList<Guid> FindIds(string lastDigits) => session.MapErrors(() => session.Query(
        "SELECT id FROM push WHERE replace(id, '-', '') LIKE $end ORDER BY started DESC", row => row.Id(0), ("$end", "%" + lastDigits)));

    /// <inheritdoc/>
    public IReadOnlyList<string> GetSpools(Guid id) => session.MapErrors(() => session.Query(
        "SELECT spool FROM push JOIN push_source USING (push_key) WHERE id = $id AND spool IS NOT NULL", row => row.GetString(0), ("$id", id.ToString())));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, bool> GetSpools() => session.MapErrors(() => session.Query(
        $"SELECT spool, {s_mayBeResumed} FROM push_source JOIN push USING (push_key) WHERE spool IS NOT NULL",
        row => (Name: row.GetString(0), MayBeResumed: row.GetBoolean(1))).ToDictionary(spool => spool.Name, spool => spool.MayBeResumed, StringComparer.Ordinal));

    /// <inheritdoc/>
    public void Remove(Guid id) => session.MapErrors(() => session.Execute("DELETE FROM push WHERE id = $id", ("$id", id.ToString())));

    /// <inheritdoc/>
    public void GiveSpaceBack() => session.MapErrors(() =>
    {
        // It takes long, so only where it is worth it.
        if (session.Count("SELECT freelist_count * 4 > page_count FROM pragma_freelist_count, pragma_page_count") != 0) session.Execute("VACUUM");
    });

    // The list itself, where people came from it, is no source that a user has named.
    private List<StoredPush> WithSources(List<StoredPush> pushes)
    {
        if (pushes.Count == 0) return pushes;
        var sources = session.Query(
            $"SELECT push_key, name, description FROM push_source WHERE push_key IN ({string.Join(", ", pushes.Select(push => push.Key))}) ORDER BY push_key, source",
            row => (Key: row.GetInt64(0), Name: row.GetString(1), Description: row.TextOrNull(2)))
            .Where(source => source.Name != JournalSource.StaticList.Name)
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
