namespace SegmentPush.Segments.Spools;

/// <summary>The files of spools in the journal's folder.</summary>
internal static class SpoolFiles
{
    private static readonly TimeSpan s_sweptAfter = TimeSpan.FromHours(1);

    /// <summary>Writes the file of a push whose rows came on another machine, over the one that is there.</summary>
    /// <exception cref="SegmentPushException"><c>SpoolNotWritable</c>.</exception>
    public static void Write(string path, Action<Stream> write) => Guard(path, () =>
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            using (var file = PrivateFile.Open(temporary, FileMode.CreateNew))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            return true;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    });

    /// <summary>Deletes files that no push needs: their process was killed before its push had begun, or just after it had ended.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="spools">Names of those that pushes refer to, and whether they are needed.</param>
    /// <param name="now">The moment by this machine's clock.</param>
    public static void Sweep(string folder, IReadOnlyDictionary<string, bool> spools, DateTimeOffset now)
    {
        // A push that begins just now has a file that nobody refers to yet.
        var old = now.UtcDateTime - s_sweptAfter;
        foreach (string path in Directory.EnumerateFiles(folder, "spool-*.csv"))
        {
            bool isNeeded = spools.TryGetValue(Path.GetFileName(path), out bool needed) ? needed : File.GetLastWriteTimeUtc(path) >= old;
            if (!isNeeded) TryDelete(path);
        }
    }

    /// <summary>Works with a file, and gives a fault of the disk its error.</summary>
    /// <exception cref="SegmentPushException"><c>SpoolNotWritable</c>.</exception>
    public static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(path, e);
        }
    }

    /// <summary>The error for a file that can't be written or read.</summary>
    public static SegmentPushException NotWritable(string path, Exception e) => new(
        "SpoolNotWritable",
        $"The copy of the piped rows '{path}' can't be written or read: {e.Message}",
        "Make room there and give this user write permission, or set SEGMENTPUSH_HOME to another folder.",
        path,
        e);

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another program holds it. The next push deletes it.
        }
    }
}
