using System.Security.Cryptography;
using System.Text;

namespace SegmentPush.Journal;

/// <summary>
/// A lock beside the journal that the operating system holds for a process, and lets go when the process ends, however it
/// ends.
/// </summary>
internal sealed class JournalLock : IDisposable
{
    private readonly FileStream _file;

    private JournalLock(FileStream file) => _file = file;

    /// <summary>Takes a lock.</summary>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="subject">What it is for; no two subjects share a lock.</param>
    /// <param name="isTransient">Whether its file goes with it: nobody else will ever take a lock for this subject.</param>
    /// <param name="host">The process's host; null for the machine itself.</param>
    /// <returns>Null where another push holds it.</returns>
    public static JournalLock? TryTake(string folder, string subject, bool isTransient = false, ProcessHost? host = null)
    {
        host?.Disk?.Invoke(DiskStep.BeforeLock);
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            Options = isTransient ? FileOptions.DeleteOnClose : FileOptions.None,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        string path = PathOf(folder, subject);
        try
        {
            var file = new FileStream(path, options);
            host?.Opened?.Invoke(file);
            return new JournalLock(file);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SegmentPushException(
                "JournalNotWritable",
                $"The lock '{path}' can't be taken: {e.Message}",
                "Give this user write permission there, or set SEGMENTPUSH_HOME to another folder.",
                path,
                e);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Whether a living process holds a lock.</summary>
    public static bool IsHeld(string folder, string subject, ProcessHost? host = null)
    {
        host?.Disk?.Invoke(DiskStep.BeforeLock);
        try
        {
            using var file = new FileStream(PathOf(folder, subject), FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose() => _file.Dispose();

    // Names of lists and hosts may hold what a file name can't.
    private static string PathOf(string folder, string subject) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)))[..24] + ".lock");
}
