namespace SegmentPush.Pushes.Audiences;

/// <summary>
/// The folder that the files of an export are fetched into before they appear where the user wants them. It holds data of people, so that what a killed
/// process has left is deleted by the next export into the same place. A lock tells that a process still uses its folder.
/// </summary>
internal sealed class SaveSpool : IDisposable
{
    private const string Prefix = ".segmentpush-", LockName = ".lock";

    // Where a file system has no locks, a process that fetches is known by files that are younger.
    private static readonly TimeSpan s_left = TimeSpan.FromMinutes(10);

    private readonly FileStream _lock;

    private SaveSpool(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Makes a folder, and deletes those that killed processes have left.</summary>
    /// <param name="folder">Where it is made.</param>
    public static SaveSpool MakeIn(string folder)
    {
        foreach (string left in Directory.EnumerateDirectories(folder, Prefix + "*")) DeleteIfLeft(left);
        string path = System.IO.Path.Combine(folder, $"{Prefix}{Guid.NewGuid():N}");
        PrivateFile.CreateFolder(path);
        return new SaveSpool(path, TakeLock(path));
    }

    public void Dispose()
    {
        _lock.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    // What can't be deleted is left to the next export: this one is not about it.
    private static void DeleteIfLeft(string spool)
    {
        try
        {
            if (AgeOf(spool) < s_left) return;
            TakeLock(spool).Dispose();
            Directory.Delete(spool, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static FileStream TakeLock(string spool) => PrivateFile.Open(System.IO.Path.Combine(spool, LockName), FileMode.OpenOrCreate);

    private static TimeSpan AgeOf(string spool)
    {
        var last = Directory.EnumerateFiles(spool).Select(File.GetLastWriteTimeUtc).Append(Directory.GetLastWriteTimeUtc(spool)).Max();
        return TimeProvider.System.GetUtcNow() - last;
    }
}
