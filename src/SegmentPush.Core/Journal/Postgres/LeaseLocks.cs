namespace SegmentPush.Journal.Postgres;

/// <summary>Locks of all machines: leases in the database.</summary>
internal sealed class LeaseLocks(PostgresSession session, PostgresAddress address, ProcessHost host) : IJournalLocks
{
    // As long as a call may take at most by default.
    private static readonly TimeSpan s_longestCall = TimeSpan.FromSeconds(120);

    // Connections of the process whose lease is over, and of those whose leases were taken over before.
    private static readonly string s_writers =
        $"""
        FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND classid = {PostgresSchema.WriterLocks} AND objsubid = 2
            AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pg_has_role(usesysid, 'USAGE')
            AND objid IN (
                SELECT session_key FROM session s WHERE session_key <> @key
                    AND (s.is_over OR (session_key = (SELECT session_key FROM lease WHERE subject = @subject) AND is_over(s))))
        """;

    /// <inheritdoc/>
    public IDisposable? TryTake(string subject, bool isTransient = false)
    {
        session.Lease ??= ProcessLease.Open(address, host);
        (string, object?)[] values = [("@subject", subject), ("@key", session.Lease.Key)];
        EndWriters(values);
        bool isTaken = false;
        session.Write(() => isTaken = session.Query("SELECT take_lease(@subject, @key)", row => row.GetBoolean(0), values).Single());
        if (!isTaken) return null;

        // The lease may have ended just after the look.
        EndWriters(values);
        return new Held(session, subject);
    }

    // A process that is stopped in the middle of what it sends keeps rows locked, for which the one that takes its lease over would wait until it goes on.
    private void EndWriters((string, object?)[] values)
    {
        if (session.Read(() => session.Count($"SELECT COUNT(*) {s_writers}", values)) == 0) return;
        try
        {
            session.Read(() => session.Query($"SELECT pg_terminate_backend(pid) {s_writers}", row => row.GetBoolean(0), values));
        }
        catch (SegmentPushException e) when (e.ErrorId == "JournalNotWritable")
        {
            // The database lets this user end no connections, so that the locks stay until the process goes on or ends.
        }
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
