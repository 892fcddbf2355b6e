namespace SegmentPush.Platform;

/// <summary>A way in which an audience becomes files.</summary>
internal interface IAudienceExport : IDisposable
{
    /// <summary>Checks that the export is allowed, and finds what it needs.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The export as it can be asked for.</returns>
    /// <exception cref="SegmentPushException">The export is refused.</exception>
    Task<ExportStart> PrepareAsync(CancellationToken cancellation);

    /// <summary>Has the platform begin to write the files.</summary>
    /// <param name="start">The export.</param>
    /// <param name="mayBeMade">Whether an earlier process may have asked for it already, so that it is looked for first.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Id of the job or run.</returns>
    /// <exception cref="SegmentPushException">The export is refused or fails.</exception>
    Task<string> StartAsync(ExportStart start, bool mayBeMade, CancellationToken cancellation);

    /// <summary>Waits until the platform has written the files.</summary>
    /// <param name="jobId">Id of the job or run.</param>
    /// <param name="batchKnown">Is told the id of the batch, once there is one.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The files; none where nobody is in the audience.</returns>
    /// <exception cref="SegmentPushException">The export fails, or takes too long.</exception>
    Task<IReadOnlyList<BatchFile>> AwaitAsync(string jobId, Action<string> batchKnown, CancellationToken cancellation);

    /// <summary>How many profiles the platform says that it has written.</summary>
    /// <param name="jobId">Id of the job or run, which is over.</param>
    /// <param name="batchId">Id of its batch; null where it has none.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The number; null where the platform does not say.</returns>
    Task<long?> CountAsync(string jobId, string? batchId, CancellationToken cancellation);

    /// <summary>Fetches files to paths of this machine.</summary>
    /// <param name="files">The files, and where each goes.</param>
    /// <param name="fetched">Is told the number of each file that is there; from any thread.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="PlatformException">A file can't be fetched whole (<c>PlatformFileIncomplete</c>).</exception>
    Task FetchAsync(IReadOnlyList<(BatchFile File, string Path)> files, Action<int> fetched, CancellationToken cancellation);
}

/// <summary>An export as it is asked for.</summary>
/// <param name="DatasetId">The dataset that a job writes into; null for a run of a destination.</param>
/// <param name="Since">The moment by the platform's clock before which no job of this export can have been made.</param>
internal sealed record ExportStart(string? DatasetId, DateTimeOffset Since)
{
    /// <summary>Ids of jobs that are known to be those of other pushes, so that none of them is taken for the lost job of this one.</summary>
    public IReadOnlySet<string> Others { get; init; } = new HashSet<string>();
}

/// <summary>Runs a whole export at once.</summary>
internal static class AudienceExports
{
    /// <summary>Has the platform write the files, and waits for them.</summary>
    /// <returns>Id of the job or run, and the files; none where nobody is in the audience.</returns>
    /// <exception cref="SegmentPushException">The export is refused or fails.</exception>
    public static async Task<(string Job, IReadOnlyList<BatchFile> Files)> RunAsync(this IAudienceExport export, CancellationToken cancellation)
    {
        var start = await export.PrepareAsync(cancellation).ConfigureAwait(false);
        string job = await export.StartAsync(start, mayBeMade: false, cancellation).ConfigureAwait(false);
        return (job, await export.AwaitAsync(job, _ => { }, cancellation).ConfigureAwait(false));
    }
}

/// <summary>Fetches several files at once.</summary>
internal static class FetchedFiles
{
    private const int FilesAtOnce = 4;

    /// <summary>Fetches files.</summary>
    /// <param name="downloads">Fetches each.</param>
    /// <param name="files">The files, and where each goes.</param>
    /// <param name="isFetched">Is told the number of each file that is there; from any thread.</param>
    /// <param name="progress">Is told of the bytes fetched, which never become fewer, and of all; from any thread, one at a time.</param>
    /// <param name="cancellation">Ends it.</param>
    public static Task FetchAsync(
        FileDownloads downloads,
        IReadOnlyList<(BatchFile File, string Path)> files,
        Action<int> isFetched,
        Action<long, long> progress,
        CancellationToken cancellation)
    {
        var counting = new Lock();
        long bytes = files.Sum(file => file.File.Length), fetched = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = FilesAtOnce, CancellationToken = cancellation };
        return Parallel.ForEachAsync(Enumerable.Range(0, files.Count), parallel, async (number, stop) =>
        {
            var (file, path) = files[number];
            await downloads.FetchAsync(file, path, Count, stop).ConfigureAwait(false);
            isFetched(number);
        });

        void Count(long count)
        {
            lock (counting) progress(fetched += count, bytes);
        }
    }
}
