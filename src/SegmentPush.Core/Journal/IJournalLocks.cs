namespace SegmentPush.Journal;

/// <summary>Locks that a process holds while it lives, and that are free again however it ends.</summary>
internal interface IJournalLocks
{
    /// <summary>Takes a lock.</summary>
    /// <param name="subject">What it is for; no two subjects share a lock.</param>
    /// <param name="isTransient">Whether nobody else will ever take a lock for this subject, so that nothing of it needs to stay.</param>
    /// <returns>Null where another process holds it.</returns>
    IDisposable? TryTake(string subject, bool isTransient = false);

    /// <summary>Takes a transient lock that nobody else can have a reason to hold.</summary>
    /// <exception cref="SegmentPushException">Another process holds it all the same (<c>JournalLocked</c>).</exception>
    IDisposable Take(string subject);

    /// <summary>Whether a living process holds a lock.</summary>
    bool IsHeld(string subject);

    /// <summary>Checks before a call that the locks of this process hold for as long as the call may take.</summary>
    /// <exception cref="SegmentPushException">They may have been taken over (<c>JournalLeaseLost</c>).</exception>
    void ThrowIfLost();
}
