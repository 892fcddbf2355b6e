namespace SegmentPush.Journal.Sql;

/// <summary>The exports of audiences that pushes read. Each step is written down before the next one begins.</summary>
internal sealed class AudienceExportStore(ISqlSession session) : IAudienceExportStore
{
    /// <inheritdoc/>
    public AudienceExportEntry? Find(long pushKey) => session.Read(() => session.Query(
        "SELECT audience_id, dataset_id, fields, asked, job_id, batch_id, is_listed FROM audience_export WHERE push_key = @key",
        row => (
            Entry: new AudienceExportEntry(row.GetString(0), row.TextOrNull(1), row.GetString(2), row.TimeOrNull(3)!.Value)
            {
                JobId = row.TextOrNull(4),
                BatchId = row.TextOrNull(5),
            },
            IsListed: row.Flag(6)),
        ("@key", pushKey)) is [var export] ? export.Entry with { Files = export.IsListed ? ReadFiles(pushKey) : null } : null);

    /// <inheritdoc/>
    public IReadOnlyList<string> GetJobsOfOthers(long pushKey) => session.Read(() => session.Query(
        "SELECT job_id FROM audience_export WHERE push_key <> @key AND job_id IS NOT NULL", row => row.GetString(0), ("@key", pushKey)));

    /// <inheritdoc/>
    public void Begin(long pushKey, AudienceExportEntry export) => Write(
        "INSERT INTO audience_export (push_key, audience_id, dataset_id, fields, asked) VALUES (@key, @audience, @dataset, @fields, @asked)",
        ("@key", pushKey),
        ("@audience", export.AudienceId),
        ("@dataset", export.DatasetId),
        ("@fields", export.Fields),
        ("@asked", export.Asked.UtcTicks));

    /// <inheritdoc/>
    public void SetJob(long pushKey, string jobId) =>
        Write("UPDATE audience_export SET job_id = @job WHERE push_key = @key", ("@key", pushKey), ("@job", jobId));

    /// <inheritdoc/>
    public void SetBatch(long pushKey, string batchId) =>
        Write("UPDATE audience_export SET batch_id = @batch WHERE push_key = @key", ("@key", pushKey), ("@batch", batchId));

    /// <inheritdoc/>
    public void SetFiles(long pushKey, IReadOnlyList<AudienceFileEntry> files) => session.Write(() =>
    {
        foreach (var file in files)
        {
            session.Run(
                "INSERT INTO audience_file (push_key, number, file_id, name, length, spool_name) VALUES (@key, @number, @id, @name, @length, @spool)",
                ("@key", pushKey),
                ("@number", file.Number),
                ("@id", file.FileId),
                ("@name", file.Name),
                ("@length", file.Length),
                ("@spool", file.SpoolName));
        }

        session.Run("UPDATE audience_export SET is_listed = 1 WHERE push_key = @key", ("@key", pushKey));
    });

    /// <inheritdoc/>
    public void SetFetched(long pushKey, int number) => Write(
        "UPDATE audience_file SET is_fetched = 1 WHERE push_key = @key AND number = @number", ("@key", pushKey), ("@number", number));

    /// <inheritdoc/>
    public void SetForm(long pushKey, int number, string? form) => Write(
        "UPDATE audience_file SET form = @form WHERE push_key = @key AND number = @number", ("@key", pushKey), ("@number", number), ("@form", form));

    /// <inheritdoc/>
    public IReadOnlyList<OldBatch> GetOldBatches(string destination, int kept, IReadOnlySet<Guid> superseded) => session.Read(() =>
    {
        var batches = session.Query(
            $"""
            SELECT e.push_key, e.batch_id, p.destination, CASE WHEN p.state IN ({(int)PushState.Completed}, {(int)PushState.Abandoned})
                OR (p.state = {(int)PushState.Failed} AND p.has_begun = 0) THEN 0 ELSE 1 END, p.id
            FROM audience_export e JOIN push p ON p.push_key = e.push_key
            WHERE e.batch_id IS NOT NULL AND e.is_deleted = 0 ORDER BY e.push_key DESC
            """,
            row => (Batch: new OldBatch(row.GetInt64(0), row.GetString(1)), Destination: row.TextOrNull(2), IsInUse: row.Flag(3) && !superseded.Contains(row.Id(4))));
        var own = batches.Where(batch => string.Equals(batch.Destination, destination, StringComparison.OrdinalIgnoreCase)).ToArray();
        string[] newest = [.. own.Select(batch => batch.Batch.BatchId).Distinct().Take(kept)];
        var needed = batches.Where(batch => batch.IsInUse).Concat(batches.Except(own)).Select(batch => batch.Batch.BatchId).Concat(newest).ToHashSet(StringComparer.Ordinal);
        return (IReadOnlyList<OldBatch>)[.. own.Select(batch => batch.Batch).Where(batch => !needed.Contains(batch.BatchId))];
    });

    /// <inheritdoc/>
    public void SetDeleted(string batchId) => Write("UPDATE audience_export SET is_deleted = 1 WHERE batch_id = @batch", ("@batch", batchId));

    private List<AudienceFileEntry> ReadFiles(long pushKey) => session.Query(
        "SELECT number, file_id, name, length, spool_name, is_fetched, form FROM audience_file WHERE push_key = @key ORDER BY number",
        row => new AudienceFileEntry(
            row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetString(4), row.Flag(5), row.TextOrNull(6)),
        ("@key", pushKey));

    private void Write(string sql, params (string Name, object? Value)[] values) => session.Write(() => session.Run(sql, values));
}
