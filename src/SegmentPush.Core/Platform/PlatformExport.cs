namespace SegmentPush.Platform;

/// <summary>What an export of SegmentPush left in the platform.</summary>
public sealed record PlatformExport
{
    /// <summary>Id of the batch that holds the profiles; null where the job has not written one.</summary>
    public string? BatchId { get; init; }

    /// <summary>Id of the export job; null where the platform has forgotten it.</summary>
    public string? JobId { get; init; }

    /// <summary>Id of the audience; null where the platform has forgotten the job.</summary>
    public string? AudienceId { get; init; }

    /// <summary>Name of the audience; null where it is not known.</summary>
    public string? Audience { get; init; }

    /// <summary>Where the batch stands, or the job where there is no batch, in Adobe's word.</summary>
    public required string State { get; init; }

    /// <summary>When it was made; null where the platform does not say.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Number of profiles; null where the platform does not say.</summary>
    public long? Profiles { get; init; }

    /// <summary>Size in bytes; null where the platform does not say.</summary>
    public long? Bytes { get; init; }

    /// <summary>Id of the dataset that it lies in.</summary>
    public required string DatasetId { get; init; }
}

/// <summary>Finds and deletes what exports of SegmentPush left in the platform.</summary>
/// <param name="connection">The platform.</param>
internal sealed class PlatformExports(PlatformConnection connection)
{
    /// <summary>The exports of our dataset, newest first; none where there is no dataset.</summary>
    public async Task<IReadOnlyList<PlatformExport>> GetAsync(CancellationToken cancellation)
    {
        if (await connection.Datasets.FindAsync(cancellation).ConfigureAwait(false) is not { } dataset) return [];
        var jobs = new List<ExportJob>();
        await foreach (var job in connection.Jobs.GetAsync(cancellation).ConfigureAwait(false))
        {
            if (job.DatasetId == dataset) jobs.Add(job);
        }

        var exports = new List<PlatformExport>();
        await foreach (var batch in connection.Batches.GetAsync(dataset, cancellation).ConfigureAwait(false))
        {
            exports.Add(Of(dataset, batch, jobs.FirstOrDefault(job => job.BatchId == batch.Id)));
        }

        exports.AddRange(jobs.Where(job => job.State == ExportJobState.UnderWay).Select(job => Of(dataset, null, job)));
        return [.. exports.OrderByDescending(export => export.Created)];
    }

    /// <summary>Deletes a batch of our dataset, or cancels a job that has not written one.</summary>
    /// <exception cref="SegmentPushException">It is none of our exports (<c>ExportNotFound</c>).</exception>
    /// <exception cref="PlatformException">It can't be deleted.</exception>
    public async Task RemoveAsync(PlatformExport export, CancellationToken cancellation)
    {
        bool isGone = export.BatchId is { } batch
            ? await connection.Batches.DeleteAsync(batch, cancellation).ConfigureAwait(false)
            : export.JobId is { } job && await connection.Jobs.DeleteAsync(job, cancellation).ConfigureAwait(false);
        if (!isGone) throw NotFound(export.BatchId ?? export.JobId ?? string.Empty);
    }

    /// <summary>The error about an id that none of our exports has.</summary>
    public static SegmentPushException NotFound(string id) => new(
        "ExportNotFound",
        $"No export of SegmentPush in this sandbox has the id '{VisibleText.Of(id)}'.",
        "Get-PlatformExport lists the exports with their ids.",
        id);

    private PlatformExport Of(string dataset, ExportBatch? batch, ExportJob? job)
    {
        string? audience = job?.SegmentIds is [var only] ? only : null;
        return new PlatformExport
        {
            DatasetId = dataset,
            BatchId = batch?.Id,
            JobId = job?.Id,
            AudienceId = audience,
            Audience = audience is not null && connection.Audiences.Known.TryGetValue(audience, out string? name) ? name : null,
            State = batch?.Status ?? job?.Status ?? string.Empty,
            Created = batch?.Created ?? job?.Created,
            Profiles = batch?.Records ?? job?.Profiles,
            Bytes = batch?.Bytes,
        };
    }
}
