using System.Globalization;

namespace SegmentPush.Platform;

/// <summary>What is exported, and how it is waited for.</summary>
/// <param name="Audience">The audience.</param>
/// <param name="Fields">Paths of the profile; none for all.</param>
internal sealed record AudienceExportOptions(PlatformAudience Audience, IReadOnlyList<string> Fields)
{
    /// <summary>Whether the data usage policies are not asked.</summary>
    public bool SkipPolicyCheck { get; init; }

    /// <summary>How long to wait before asking for the first time how a job stands.</summary>
    public TimeSpan FirstPoll { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long to wait at most between two questions.</summary>
    public TimeSpan LongestPoll { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a job may take.</summary>
    public TimeSpan LongestJob { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long after its job a batch may take.</summary>
    public TimeSpan LongestBatch { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long after its run a manifest may take.</summary>
    public TimeSpan LongestManifest { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Is told how far the export has come; from any thread.</summary>
    public Action<ExportProgress>? Progress { get; init; }
}

/// <summary>How far an export has come.</summary>
/// <param name="JobId">The export job, or the run of the destination.</param>
/// <param name="Status">Its status, or that of its batch, in Adobe's word.</param>
/// <param name="Fetched">Bytes fetched so far.</param>
/// <param name="Bytes">Bytes to fetch; 0 before that is known.</param>
internal sealed record ExportProgress(string JobId, string Status, long Fetched, long Bytes)
{
    /// <summary>Number of profiles that the job has written; null where the platform does not say.</summary>
    public long? Profiles { get; init; }

    /// <summary>Whether it is a run of a destination, and no export job.</summary>
    public bool IsRun { get; init; }

    /// <summary>Whether the run has ended, and only its manifest is missing.</summary>
    public bool AwaitsManifest { get; init; }
}

/// <summary>Exports one audience: policy, job, batch, files. Each step can be begun again by its own.</summary>
/// <param name="connection">The platform.</param>
/// <param name="options">What is exported.</param>
internal sealed class AudienceExport(PlatformConnection connection, AudienceExportOptions options) : IAudienceExport
{
    // A job that was just made may not be found at once.
    private static readonly TimeSpan s_untilListed = TimeSpan.FromMinutes(5);

    private string _jobId = "";
    private long? _profiles;
    private ExportBatch? _batch;

    private ExportRequest RequestFor(string dataset) => new(
        dataset, options.Audience.Id, options.Audience.MembershipNamespace, options.Fields, options.Audience.MergePolicyId);

    /// <summary>Checks that no data usage policy forbids emails to people of the audience.</summary>
    /// <param name="datasetId">The dataset of the exports, whose fields may have labels; null where there is none yet.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SegmentPushException">One does (<c>PolicyViolated</c>).</exception>
    /// <exception cref="PlatformException">The check fails.</exception>
    public async Task CheckPoliciesAsync(string? datasetId, CancellationToken cancellation)
    {
        if (options.SkipPolicyCheck) return;
        var violated = await connection.Governance.FindViolationAsync(options.Audience.Labels, datasetId, options.Fields, cancellation).ConfigureAwait(false);
        if (violated is null) return;
        throw new SegmentPushException(
            "PolicyViolated",
            $"The data usage policy {string.Join(", ", violated.Policies.Select(name => $"'{name}'"))} forbids emails to people of the audience '{VisibleText.Of(options.Audience.Name)}', "
            + $"because of {violated.Labels}.",
            "Ask the data steward. -SkipPolicyCheck exports the audience all the same, without the check of its labels and those of its fields.",
            options.Audience.Name);
    }

    /// <summary>Checks the policies, and finds or makes the dataset.</summary>
    /// <exception cref="SegmentPushException">A policy forbids it (<c>PolicyViolated</c>).</exception>
    /// <exception cref="PlatformException">It can't be made.</exception>
    public async Task<ExportStart> PrepareAsync(CancellationToken cancellation)
    {
        await CheckPoliciesAsync(null, cancellation).ConfigureAwait(false);
        string dataset = await connection.Datasets.GetOrCreateAsync(cancellation).ConfigureAwait(false);
        if (options.Fields.Count > 0) await CheckPoliciesAsync(dataset, cancellation).ConfigureAwait(false);
        return new ExportStart(dataset, connection.Jobs.Since);
    }

    /// <summary>
    /// Makes the job. A job for the same audience and fields that is under way is shared, so that two exports at once do not make two.
    /// </summary>
    /// <inheritdoc/>
    public async Task<string> StartAsync(ExportStart start, bool mayBeMade, CancellationToken cancellation)
    {
        var request = RequestFor(start.DatasetId!);
        var job = mayBeMade ? await connection.Jobs.FindLostAsync(request, start, cancellation).ConfigureAwait(false) : null;
        job ??= await connection.Jobs.FindUnderWayAsync(request, cancellation).ConfigureAwait(false)
            ?? await connection.Jobs.CreateAsync(request, start.Others, cancellation).ConfigureAwait(false);
        return job.Id;
    }

    /// <summary>Waits until a job has written its batch, and the files of the batch are listed.</summary>
    /// <inheritdoc/>
    /// <exception cref="PlatformException">The job or its batch has failed (<c>PlatformExportFailed</c>) or takes too long (<c>PlatformExportTooLong</c>).</exception>
    public async Task<IReadOnlyList<BatchFile>> AwaitAsync(string jobId, Action<string> batchKnown, CancellationToken cancellation)
    {
        _jobId = jobId;
        var job = await AwaitJobAsync(new ExportJob(jobId, ExportJobState.UnderWay, "NEW"), batchKnown, cancellation).ConfigureAwait(false);
        if (job.BatchId is not { } batchId)
        {
            if (job.Profiles == 0) return [];
            throw Failed("BatchFailed", $"The export job {job.Id} succeeded, but names no batch.");
        }

        return await AwaitFilesAsync(job, batchId, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<long?> CountAsync(string jobId, string? batchId, CancellationToken cancellation)
    {
        long? written = _profiles ?? (await connection.Jobs.GetAsync(jobId, cancellation).ConfigureAwait(false))?.Profiles;
        if (_batch is null && batchId is not null) _batch = await connection.Batches.FindAsync(batchId, cancellation).ConfigureAwait(false);
        return _batch is { } batch ? batch.CountWith(written) : written;
    }

    /// <inheritdoc/>
    public Task FetchAsync(IReadOnlyList<(BatchFile File, string Path)> files, Action<int> fetched, CancellationToken cancellation) =>
        FetchedFiles.FetchAsync(connection.Downloads, files, fetched, (came, bytes) => Tell(_jobId, "FETCHING", came, bytes), cancellation);

    public void Dispose()
    {
    }

    private async Task<ExportJob> AwaitJobAsync(ExportJob job, Action<string> batchKnown, CancellationToken cancellation)
    {
        long begun = connection.Time.GetTimestamp();
        string? batchId = null;
        for (var wait = options.FirstPoll; ; wait = PollInterval.Next(wait, options.LongestPoll))
        {
            Tell(job.Id, job.Status, 0, 0, job.Profiles);
            if (job.BatchId is { } known && known != batchId) batchKnown(batchId = known);
            if (job.State == ExportJobState.Succeeded && (job.BatchId is not null || job.Profiles == 0)) return job;
            if (job.State == ExportJobState.Failed)
                throw ExportFailure.Of(job, options.Audience.Name, await FindDoubtfulFieldsAsync(job, cancellation).ConfigureAwait(false));

            var limit = job.State == ExportJobState.Succeeded ? options.LongestBatch : options.LongestJob;
            if (connection.Time.GetElapsedTime(begun) > limit || AgeOf(job) > limit)
            {
                if (job.State == ExportJobState.Succeeded) return job;
                throw Failed("ExportTooLong", $"The export job {job.Id} has been {job.Status} for more than {limit.TotalHours:0.#} hours.");
            }

            await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
            var now = await connection.Jobs.GetAsync(job.Id, cancellation).ConfigureAwait(false);
            if (now is null && connection.Time.GetElapsedTime(begun) > s_untilListed)
                throw Failed("ExportFailed", $"The export job {job.Id} is gone: somebody has cancelled or deleted it.");
            job = now ?? job;
        }
    }

    private async Task<IReadOnlyList<string>> FindDoubtfulFieldsAsync(ExportJob job, CancellationToken cancellation)
    {
        string[] own = [.. options.Fields.Where(field => !AudienceFields.IsInMap(field))];
        if (job.DatasetId is not { } dataset || own.Length == 0) return own;
        try
        {
            var proven = await connection.Jobs.GetExportedFieldsAsync(dataset, cancellation).ConfigureAwait(false);
            return [.. own.Where(field => !proven.Contains(field))];
        }
        catch (PlatformException)
        {
            return own;
        }
    }

    // An earlier process may have waited for it before. What a job that is over has taken does not matter.
    private TimeSpan AgeOf(ExportJob job) =>
        job.State == ExportJobState.UnderWay && job.Created is { } created ? connection.Jobs.ServerNow - created : TimeSpan.Zero;

    private async Task<IReadOnlyList<BatchFile>> AwaitFilesAsync(ExportJob job, string batchId, CancellationToken cancellation)
    {
        long begun = connection.Time.GetTimestamp();
        for (var wait = options.FirstPoll; ; wait = PollInterval.Next(wait, options.LongestPoll))
        {
            var batch = await connection.Batches.FindAsync(batchId, cancellation).ConfigureAwait(false);
            Tell(job.Id, batch?.Status ?? "loading", 0, 0);
            if (batch?.State == BatchState.Failed) throw Failed("BatchFailed", $"The batch {batchId} of the export job {job.Id} ended as {batch.Status}.");
            if (batch?.State == BatchState.Complete)
            {
                _batch = batch;
                _profiles ??= batch.Records;
                var files = await connection.Files.FindAsync(batchId, cancellation).ConfigureAwait(false);
                if (files is { Count: > 0 } || (job.Profiles ?? batch.Records ?? 0) == 0) return files ?? [];
            }

            if (connection.Time.GetElapsedTime(begun) > options.LongestBatch)
                throw Failed("ExportTooLong", $"The files of the batch {batchId} of the export job {job.Id} are still not there.");
            await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
        }
    }

    private void Tell(string jobId, string status, long fetched, long bytes, long? profiles = null) =>
        options.Progress?.Invoke(new ExportProgress(jobId, status, fetched, bytes) { Profiles = _profiles = profiles ?? _profiles });

    private static PlatformException Failed(string key, MessageText message) =>
        new(PlatformErrors.Of(key), new PlatformCall(HttpMethod.Get, "/data/core/ups/export/jobs"), message);
}
