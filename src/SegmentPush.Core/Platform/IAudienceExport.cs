namespace SegmentPush.Platform;

/// <summary>A way in which an audience becomes files.</summary>
internal interface IAudienceExport : IDisposable
{
    /// <summary>Has the platform write the files, and waits for them.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The files; none where nobody is in the audience.</returns>
    /// <exception cref="SegmentPushException">The export is refused or fails.</exception>
    Task<IReadOnlyList<BatchFile>> RunAsync(CancellationToken cancellation);

    /// <summary>Fetches files to paths of this machine.</summary>
    /// <param name="files">The files, and where each goes.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="PlatformException">A file can't be fetched whole (<c>PlatformFileIncomplete</c>).</exception>
    Task FetchAsync(IReadOnlyList<(BatchFile File, string Path)> files, CancellationToken cancellation);
}

/// <summary>Fetches several files at once.</summary>
internal static class FetchedFiles
{
    private const int FilesAtOnce = 4;

    /// <summary>Fetches files.</summary>
    /// <param name="downloads">Fetches each.</param>
    /// <param name="files">The files, and where each goes.</param>
    /// <param name="progress">Is told of the bytes fetched, and of all; from any thread.</param>
    /// <param name="cancellation">Ends it.</param>
    public static Task FetchAsync(
        FileDownloads downloads, IReadOnlyList<(BatchFile File, string Path)> files, Action<long, long> progress, CancellationToken cancellation)
    {
        long bytes = files.Sum(file => file.File.Length), fetched = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = FilesAtOnce, CancellationToken = cancellation };
        return Parallel.ForEachAsync(files, parallel, async (file, stop) =>
            await downloads.FetchAsync(file.File, file.Path, count => progress(Interlocked.Add(ref fetched, count), bytes), stop).ConfigureAwait(false));
    }
}
