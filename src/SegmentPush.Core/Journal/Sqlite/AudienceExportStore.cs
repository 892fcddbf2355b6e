namespace SegmentPush.Journal.Sqlite;

/// <summary>The exports of audiences that pushes read. Each step is written down before the next one begins.</summary>
internal sealed class AudienceExportStore(JournalSession session) : IAudienceExportStore
{
    /// <inheritdoc/>
    public AudienceExportEntry? Find(long pushKey) => session.MapErrors(() =>
    {
        using var command = session.Command(
            "SELECT audience_id, dataset_id, fields, asked, job_id, batch_id, is_listed FROM audience_export WHERE push_key = $key", ("$key", pushKey));
        using var reader = command.ExecuteReader();
        if (!reader.Read()) return null;
        return new AudienceExportEntry(
            reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetString(2), new DateTimeOffset(reader.GetInt64(3), TimeSpan.Zero))
        {
            JobId = reader.IsDBNull(4) ? null : reader.GetString(4),
            BatchId = reader.IsDBNull(5) ? null : reader.GetString(5),
            Files = reader.GetBoolean(6) ? ReadFiles(pushKey) : null,
        };
    });

    /// <inheritdoc/>
    public void Begin(long pushKey, AudienceExportEntry export) => Execute(
        "INSERT INTO audience_export (push_key, audience_id, dataset_id, fields, asked) VALUES ($key, $audience, $dataset, $fields, $asked)",
        ("$key", pushKey),
        ("$audience", export.AudienceId),
        ("$dataset", export.DatasetId),
        ("$fields", export.Fields),
        ("$asked", export.Asked.UtcTicks));

    /// <inheritdoc/>
    public void SetJob(long pushKey, string jobId) =>
        Execute("UPDATE audience_export SET job_id = $job WHERE push_key = $key", ("$key", pushKey), ("$job", jobId));

    /// <inheritdoc/>
    public void SetBatch(long pushKey, string batchId) =>
        Execute("UPDATE audience_export SET batch_id = $batch WHERE push_key = $key", ("$key", pushKey), ("$batch", batchId));

    /// <inheritdoc/>
    public void SetFiles(long pushKey, IReadOnlyList<AudienceFileEntry> files) => session.InTransaction(() =>
    {
        foreach (var file in files)
        {
            session.Execute(
                "INSERT INTO audience_file (push_key, number, file_id, name, length, spool_name) VALUES ($key, $number, $id, $name, $length, $spool)",
                ("$key", pushKey),
                ("$number", file.Number),
                ("$id", file.FileId),
                ("$name", file.Name),
                ("$length", file.Length),
                ("$spool", file.SpoolName));
        }

        session.Execute("UPDATE audience_export SET is_listed = 1 WHERE push_key = $key", ("$key", pushKey));
    });

    /// <inheritdoc/>
    public void SetFetched(long pushKey, int number) => Execute(
        "UPDATE audience_file SET is_fetched = 1 WHERE push_key = $key AND number = $number", ("$key", pushKey), ("$number", number));

    /// <inheritdoc/>
    public void SetForm(long pushKey, int number, string form) => Execute(
        "UPDATE audience_file SET form = $form WHERE push_key = $key AND number = $number", ("$key", pushKey), ("$number", number), ("$form", form));

    /// <inheritdoc/>
    public IReadOnlyList<OldBatch> GetOldBatches(string destination, int kept) => session.MapErrors(() =>
    {
        using var command = session.Command($"""
            SELECT e.push_key, e.batch_id, p.destination,
                p.state NOT IN ({(int)PushState.Completed}, {(int)PushState.Abandoned}) AND NOT (p.state = {(int)PushState.Failed} AND p.has_begun = 0)
            FROM audience_export e JOIN push p USING (push_key)
            WHERE e.batch_id IS NOT NULL AND e.is_deleted = 0 ORDER BY e.push_key DESC
            """);
        using var reader = command.ExecuteReader();
        var batches = new List<(OldBatch Batch, string? Destination, bool IsInUse)>();
        while (reader.Read())
        {
            batches.Add((
                new OldBatch(reader.GetInt64(0), reader.GetString(1)),
                reader.IsDBNull(2) ? null : reader.GetString(2),
                reader.GetBoolean(3)));
        }

        var own = batches.Where(batch => string.Equals(batch.Destination, destination, StringComparison.OrdinalIgnoreCase)).ToArray();
        string[] newest = [.. own.Select(batch => batch.Batch.BatchId).Distinct().Take(kept)];
        var needed = batches.Where(batch => batch.IsInUse).Concat(batches.Except(own)).Select(batch => batch.Batch.BatchId).Concat(newest).ToHashSet(StringComparer.Ordinal);
        return (IReadOnlyList<OldBatch>)[.. own.Select(batch => batch.Batch).Where(batch => !needed.Contains(batch.BatchId))];
    });

    /// <inheritdoc/>
    public void SetDeleted(string batchId) => Execute("UPDATE audience_export SET is_deleted = 1 WHERE batch_id = $batch", ("$batch", batchId));

    private List<AudienceFileEntry> ReadFiles(long pushKey)
    {
        using var command = session.Command(
            "SELECT number, file_id, name, length, spool_name, is_fetched, form FROM audience_file WHERE push_key = $key ORDER BY number", ("$key", pushKey));
        using var reader = command.ExecuteReader();
        var files = new List<AudienceFileEntry>();
        while (reader.Read())
        {
            files.Add(new AudienceFileEntry(
                reader.GetInt32(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetInt64(3),
                reader.GetString(4),
                reader.GetBoolean(5),
                reader.IsDBNull(6) ? null : reader.GetString(6)));
        }

        return files;
    }

    private void Execute(string sql, params (string Name, object? Value)[] values) => session.MapErrors(() => session.Execute(sql, values));
}
