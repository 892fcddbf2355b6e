namespace SegmentPush.Journal.Postgres;

/// <summary>Locks of all machines: leases in the database.</summary>
internal sealed class LeaseLocks(PostgresSession session, PostgresAddress address, ProcessHost host) : IJournalLocks
{
    // As long as a call may take at most by default.
    private static readonly TimeSpan s_longestCall = TimeSpan.FromSeconds(120);

    // A process that is stopped in the middle of what it sends keeps rows locked, for which the one that takes its lease over would wait until it goes on.
    // The database lets a user end the connections of its own role.
    private static readonly string s_endWriters =
        $"""
        SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND classid = {PostgresSchema.WriterLocks} AND objsubid = 2
            AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pg_has_role(usesysid, 'USAGE')
            AND objid = (SELECT session_key FROM lease JOIN session s USING (session_key) WHERE subject = @subject AND session_key <> @key AND is_over(s))
        """;

    /// <inheritdoc/>
    public IDisposable? TryTake(string subject, bool isTransient = false)
    {
        session.Lease ??= ProcessLease.Open(address, host);
        bool isTaken = false;
        (string, object?)[] values = [("@subject", subject), ("@key", session.Lease.Key)];
        session.Write(() =>
        {
            session.Run(s_endWriters, values);
            isTaken = session.Query("SELECT take_lease(@subject, @key)", row => row.GetBoolean(0), values).Single();
        });
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
