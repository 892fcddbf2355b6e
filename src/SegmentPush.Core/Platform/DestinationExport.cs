namespace SegmentPush.Platform;

/// <summary>
/// Exports an audience through a file destination into the Data Landing Zone, so that Adobe's own checks of an activation apply. The manifest of the run
/// says which files it wrote.
/// </summary>
/// <param name="connection">The platform.</param>
/// <param name="options">What is exported; the fields are those of the destination.</param>
/// <param name="dataflowId">Id of the destination's dataflow.</param>
internal sealed class DestinationExport(PlatformConnection connection, AudienceExportOptions options, string dataflowId) : IAudienceExport
{
    private static readonly PlatformErrorRule s_failed = new(
        "RunFailed", PlatformErrorClass.Refuse, "DestinationRunFailed", "Look at the run in Destinations > Browse > Dataflow runs.", EndsExport: true);

    private static readonly PlatformErrorRule s_tooLong = new(
        "RunTooLong", PlatformErrorClass.Refuse, "PlatformExportTooLong", "Look at the run in Destinations > Browse > Dataflow runs.", EndsExport: true);

    private static readonly PlatformErrorRule s_noManifest = new(
        "ManifestMissing", PlatformErrorClass.Refuse, "ManifestMissing",
        "Turn on Include manifest file in the destination: without it nobody can tell which files belong to this run.", EndsExport: true);

    // A run that has just begun may not be found at once, or have no status yet.
    private static readonly TimeSpan s_untilListed = TimeSpan.FromMinutes(5);

    private BlobCalls? _blobs;
    private string _runId = "";

    /// <inheritdoc/>
    public Task<ExportStart> PrepareAsync(CancellationToken cancellation) => Task.FromResult(new ExportStart(null, connection.Jobs.Since));

    /// <summary>
    /// Runs the destination. A run for the audience that is under way is shared. One whose answer was lost is found also where it has ended meanwhile.
    /// </summary>
    /// <inheritdoc/>
    public async Task<string> StartAsync(ExportStart start, bool mayBeMade, CancellationToken cancellation)
    {
        var lost = new LostRun(connection, dataflowId, options.Audience);
        if (mayBeMade && await lost.FindAsync(start, OpenBlobsAsync, cancellation).ConfigureAwait(false) is { } made) return made;
        var asked = start with { Since = connection.Jobs.Since };
        for (int lostAnswers = 0; ;)
        {
            try
            {
                return await connection.Runs.StartAsync(dataflowId, options.Audience.Id, cancellation).ConfigureAwait(false);
            }
            catch (PlatformException fault) when (fault.Class == PlatformErrorClass.AnswerLost)
            {
                if (await lost.FindAsync(asked, OpenBlobsAsync, cancellation).ConfigureAwait(false) is { } found) return found;
                if (++lostAnswers > LostRun.Looks) throw;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BatchFile>> AwaitAsync(string jobId, Action<string> batchKnown, CancellationToken cancellation)
    {
        _runId = jobId;
        await AwaitAsync(cancellation).ConfigureAwait(false);
        return await AwaitFilesAsync(await OpenBlobsAsync(cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
    }

    // A run counts what it was given, not only the profiles of the audience.
    /// <inheritdoc/>
    public Task<long?> CountAsync(string jobId, string? batchId, CancellationToken cancellation) => Task.FromResult<long?>(null);

    /// <inheritdoc/>
    public async Task FetchAsync(IReadOnlyList<(BatchFile File, string Path)> files, Action<int> fetched, CancellationToken cancellation)
    {
        var blobs = await OpenBlobsAsync(cancellation).ConfigureAwait(false);
        var downloads = new FileDownloads(blobs, file => LandingZone.CallOf(blobs, file));
        await FetchedFiles.FetchAsync(downloads, files, fetched, (came, bytes) => Tell("FETCHING", came, bytes), cancellation).ConfigureAwait(false);
    }

    public void Dispose() => _blobs?.Dispose();

    private async Task<BlobCalls> OpenBlobsAsync(CancellationToken cancellation) =>
        _blobs ??= await connection.LandingZone.OpenAsync(null, cancellation).ConfigureAwait(false);

    private async Task AwaitAsync(CancellationToken cancellation)
    {
        long begun = connection.Time.GetTimestamp();
        for (var wait = options.FirstPoll; ; wait = PollInterval.Next(wait, options.LongestPoll))
        {
            var run = await connection.Runs.FindAsync(_runId, cancellation).ConfigureAwait(false);
            if (run is null && connection.Time.GetElapsedTime(begun) > s_untilListed) throw Failed(s_failed, $"The run {_runId} of the dataflow {dataflowId} is not known to the platform.");
            Tell(run?.Status ?? "waiting", 0, 0);
            if (run?.IsComplete == true) return;
            if (run?.IsFailed == true)
            {
                string why = run.Error is { } said ? ": " + said.TrimEnd('.') : string.Empty;
                throw Failed(s_failed, $"The run {_runId} of the dataflow {dataflowId} ended as {run.Status}{why}.");
            }

            if (connection.Time.GetElapsedTime(begun) > options.LongestJob) throw Failed(s_tooLong, $"The run {_runId} of the dataflow {dataflowId} takes more than a day.");
            await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<BatchFile>> AwaitFilesAsync(BlobCalls blobs, CancellationToken cancellation)
    {
        long begun = connection.Time.GetTimestamp();
        for (var wait = options.FirstPoll; ; wait = PollInterval.Next(wait, options.LongestPoll))
        {
            if (await RunManifest.FindAsync(blobs, _runId, cancellation).ConfigureAwait(false) is { } manifest) return await manifest.ReadAsync(cancellation).ConfigureAwait(false);
            Tell("success", 0, 0, awaitsManifest: true);
            if (connection.Time.GetElapsedTime(begun) > options.LongestManifest)
                throw Failed(s_noManifest, $"The run {_runId} is complete, and the Data Landing Zone has no manifest of it.");
            await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
        }
    }

    private void Tell(string status, long fetched, long bytes, bool awaitsManifest = false) =>
        options.Progress?.Invoke(new ExportProgress(_runId, status, fetched, bytes) { IsRun = true, AwaitsManifest = awaitsManifest });

    private static PlatformException Failed(PlatformErrorRule rule, MessageText message) =>
        new(rule, new PlatformCall(HttpMethod.Get, "/data/foundation/flowservice/runs"), message);
}
