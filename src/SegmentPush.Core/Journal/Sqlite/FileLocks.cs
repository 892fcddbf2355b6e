namespace SegmentPush.Journal.Sqlite;

/// <summary>Locks of one machine: files beside the journal.</summary>
/// <param name="folder">The journal's folder.</param>
/// <param name="host">The process's host.</param>
internal sealed class FileLocks(string folder, ProcessHost host) : IJournalLocks
{
    /// <inheritdoc/>
    public IDisposable? TryTake(string subject, bool isTransient = false) => JournalLock.TryTake(folder, subject, isTransient, host);

    /// <inheritdoc/>
    public IDisposable Take(string subject) => JournalLock.Take(folder, subject, host);

    /// <inheritdoc/>
    public bool IsHeld(string subject) => JournalLock.IsHeld(folder, subject, host);

    /// <inheritdoc/>
    public void ThrowIfLost()
    {
        // The operating system takes a lock back when the process ends, and never before.
    }
}
