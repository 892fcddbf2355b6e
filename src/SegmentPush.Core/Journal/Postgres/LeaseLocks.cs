namespace SegmentPush.Journal.Postgres;

/// <summary>Locks of all machines: leases in the database.</summary>
internal sealed class LeaseLocks(PostgresSession session, PostgresAddress address, ProcessHost host) : IJournalLocks
{
    // As long as a call may take at most by default.
    private static readonly TimeSpan s_longestCall = TimeSpan.FromSeconds(120);

    /// <inheritdoc/>
    public IDisposable? TryTake(string subject, bool isTransient = false)
    {
        session.Lease ??= ProcessLease.Open(address, host);
        bool isTaken = false;
        session.Write(() => isTaken = session.Query(
            "SELECT take_lease(@subject, @key)", row => row.GetBoolean(0), ("@subject", subject), ("@key", session.Lease.Key)).Single());
        return isTaken ? new Held(session, subject) : null;
    }

    /// <inheritdoc/>
    public IDisposable Take(string subject) => TryTake(subject) ?? throw new SegmentPushException(
        SegmentPushException.JournalLocked, $"The lease '{subject}' of the journal {address} is held by another process.", "Wait until it has ended, and try again.", subject);

    /// <inheritdoc/>
    public bool IsHeld(string subject) => session.Read(() => session.Count(
        "SELECT COUNT(*) FROM lease JOIN session s USING (session_key) WHERE subject = @subject AND NOT is_over(s)", ("@subject", subject)) > 0);

    /// <inheritdoc/>
    public void ThrowIfLost() => session.Lease?.ThrowIfLost(s_longestCall);

    private sealed class Held(PostgresSession session, string subject) : IDisposable
    {
        public void Dispose()
        {
            if (session.IsDisposed) return;
            try
            {
                session.Write(() => session.Run("DELETE FROM lease WHERE subject = @subject AND session_key = @key", ("@subject", subject), ("@key", session.Lease!.Key)));
            }
            catch (SegmentPushException)
            {
                // The lease ends with the process, or was taken over.
            }
        }
    }
}
