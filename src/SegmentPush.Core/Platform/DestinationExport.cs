using System.Text.Json;

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

    /// <summary>Runs the destination. A run of it that is under way is shared, so that repeating the call makes no second one.</summary>
    /// <inheritdoc/>
    public Task<string> StartAsync(ExportStart start, bool mayBeMade, CancellationToken cancellation) =>
        connection.Runs.StartAsync(dataflowId, options.Audience.Id, cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BatchFile>> AwaitAsync(string jobId, Action<string> batchKnown, CancellationToken cancellation)
    {
        _runId = jobId;
        await AwaitAsync(cancellation).ConfigureAwait(false);
        return await AwaitFilesAsync(await OpenBlobsAsync(cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
    }

    // A run counts what it was given, not only the profiles of the audience.
    /// <inheritdoc/>
    public Task<long?> CountAsync(string jobId, CancellationToken cancellation) => Task.FromResult<long?>(null);

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
            var listed = await LandingZone.ListAsync(blobs, cancellation).ConfigureAwait(false);
            string? manifest = listed.Keys.FirstOrDefault(name => IsManifest(name));
            if (manifest is not null) return await ReadAsync(blobs, manifest, listed, cancellation).ConfigureAwait(false);
            if (connection.Time.GetElapsedTime(begun) > options.LongestManifest)
                throw Failed(s_noManifest, $"The run {_runId} is complete, and the Data Landing Zone has no manifest of it.");
            await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
        }
    }

    private bool IsManifest(string name)
    {
        string last = name[(name.LastIndexOf('/') + 1)..];
        return last.StartsWith("manifest", StringComparison.OrdinalIgnoreCase)
            && last.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            && last.Contains(_runId, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<IReadOnlyList<BatchFile>> ReadAsync(BlobCalls blobs, string manifest, IReadOnlyDictionary<string, long> listed, CancellationToken cancellation)
    {
        var itself = FileOf(manifest, listed[manifest]);
        var call = LandingZone.CallOf(blobs, itself) with { AnswersFile = true };
        var named = await blobs.CallAsync(call, answer => Named(call, answer.Bytes), cancellation).ConfigureAwait(false);
        return [itself, .. named.Select(file => Find(call, file, listed))];
    }

    private static IReadOnlyList<(string Folder, string Name, long Size)> Named(PlatformCall call, ReadOnlyMemory<byte> bytes)
    {
        using var json = JsonDocument.Parse(bytes);
        var results = json.RootElement.Part("exportResults");
        if (results.ValueKind != JsonValueKind.Array) throw PlatformAttempts.NotUnderstood(call, "brought a manifest without files");
        return [.. results.Items().Select(result => (
            result.Part("sinkPath").Text() ?? "",
            result.Part("name").Text() ?? throw PlatformAttempts.NotUnderstood(call, "brought a manifest with a file without a name"),
            result.Part("size").Number() ?? -1))];
    }

    // Where the folder of the manifest begins, Adobe's pages leave open: the file's name and size find it, and the folder where several have them.
    private static BatchFile Find(PlatformCall call, (string Folder, string Name, long Size) file, IReadOnlyDictionary<string, long> listed)
    {
        string[] found = [.. listed
            .Where(blob => blob.Key == file.Name || blob.Key.EndsWith("/" + file.Name, StringComparison.Ordinal))
            .Where(blob => file.Size < 0 || blob.Value == file.Size)
            .Select(blob => blob.Key)];
        if (found.Length > 1) found = [.. found.Where(name => ("/" + file.Folder.Trim('/')).EndsWith("/" + FolderOf(name), StringComparison.Ordinal))];
        if (found is [var only]) return FileOf(only, listed[only]);
        throw new PlatformException(PlatformErrors.Of("FileIncomplete"), call, found.Length == 0
            ? (MessageText)"The manifest names a file that the Data Landing Zone lacks, or has in another size."
            : "The manifest names a file that the Data Landing Zone has more than once.");
    }

    private static string FolderOf(string name) => name.LastIndexOf('/') is >= 0 and var at ? name[..at] : "";

    private static BatchFile FileOf(string name, long length) => new(name, name, length);

    private void Tell(string status, long fetched, long bytes) => options.Progress?.Invoke(new ExportProgress(_runId, status, fetched, bytes));

    private static PlatformException Failed(PlatformErrorRule rule, MessageText message) =>
        new(rule, new PlatformCall(HttpMethod.Get, "/data/foundation/flowservice/runs"), message);
}
