using System.Security.Cryptography;
using System.Text;

namespace SegmentPush.Journal.Sqlite;

/// <summary>
/// A lock beside the journal that the operating system holds for a process, and lets go when the process ends, however it
/// ends.
/// </summary>
internal sealed class JournalLock : IDisposable
{
    // Another process that checks whether the lock is held has the file open for a moment.
    private const int Attempts = 5;

    private static readonly TimeSpan s_betweenAttempts = TimeSpan.FromMilliseconds(10);

    private readonly FileStream _file;
    private readonly string? _pathToDelete;

    private JournalLock(FileStream file, string? pathToDelete)
    {
        _file = file;
        _pathToDelete = pathToDelete;
    }

    /// <summary>Takes a lock.</summary>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="subject">What it is for; no two subjects share a lock.</param>
    /// <param name="isTransient">Whether its file goes with it: nobody else will ever take a lock for this subject.</param>
    /// <param name="host">The process's host; null for the machine itself.</param>
    /// <returns>Null where another process holds it.</returns>
    public static JournalLock? TryTake(string folder, string subject, bool isTransient = false, ProcessHost? host = null) =>
        TryTake(folder, subject, isTransient, Attempts, host);

    /// <summary>Takes a transient lock that nobody else can have a reason to hold.</summary>
    /// <exception cref="SegmentPushException">Another process holds it all the same (<c>JournalLocked</c>).</exception>
    public static JournalLock Take(string folder, string subject, ProcessHost? host = null) =>
        TryTake(folder, subject, isTransient: true, 100 * Attempts, host) ?? throw new SegmentPushException(
        SegmentPushException.JournalLocked,
        $"The lock '{PathOf(folder, subject)}' is held by another program.",
        "Close the program that holds it, and try again.",
        PathOf(folder, subject));

    /// <summary>Whether a living process holds a lock.</summary>
    public static bool IsHeld(string folder, string subject, ProcessHost? host = null)
    {
        host?.Disk?.Invoke(DiskStep.BeforeLock);
        try
        {
            // Others may look at the same time.
            using var file = new FileStream(PathOf(folder, subject), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose()
    {
        // While the lock is held, so that nobody else's file is deleted.
        if (_pathToDelete is not null) File.Delete(_pathToDelete);
        _file.Dispose();
    }

    private static JournalLock? TryTake(string folder, string subject, bool isTransient, int attempts, ProcessHost? host)
    {
        host?.Disk?.Invoke(DiskStep.BeforeLock);
        string path = PathOf(folder, subject);
        for (int attempt = 1; ; attempt++)
        {
            if (TryOpen(path, isTransient) is { } file)
            {
                host?.Opened?.Invoke(file);
                if (!isTransient || OperatingSystem.IsWindows()) return new JournalLock(file, null);
                if (IsAt(path, file)) return new JournalLock(file, path);

                // The holder before has deleted the file between the opening and the locking; a lock on it would exclude nobody.
                file.Dispose();
            }

            if (attempt == attempts) return null;
#pragma warning disable RS0030 // Another process has the file open for some real milliseconds, also where this one has a virtual clock.
            Thread.Sleep(s_betweenAttempts);
#pragma warning restore RS0030
        }
    }

    private static FileStream? TryOpen(string path, bool isTransient)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,

            // Elsewhere .NET would delete the file that has the name by then.
            Options = isTransient && OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FileStream(path, options);
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
        catch (IOException e) when (FileHolding.IsHeldByAnother(e) || File.Exists(path))
        {
            // The holder may have deleted it by now.
            return null;
        }
    }

    // Whether the file that is open is the one with this name. A random time of writing tells, as .NET shows no inodes and locks what it reads.
    private static bool IsAt(string path, FileStream file)
    {
        File.SetLastWriteTimeUtc(file.SafeFileHandle, DateTime.UnixEpoch.AddTicks(Random.Shared.NextInt64(TimeSpan.TicksPerDay * 365 * 30)));
        return File.GetLastWriteTimeUtc(path) == File.GetLastWriteTimeUtc(file.SafeFileHandle);
    }

    // Names of lists and hosts may hold what a file name can't.
    private static string PathOf(string folder, string subject) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)))[..24] + ".lock");
}
