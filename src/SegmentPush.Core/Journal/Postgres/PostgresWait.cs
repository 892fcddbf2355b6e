namespace SegmentPush.Journal.Postgres;

/// <summary>Waits faults of a database out that pass by themselves.</summary>
/// <param name="address">The database.</param>
/// <param name="limit">How long a fault may last.</param>
internal sealed class PostgresWait(PostgresAddress address, TimeSpan limit)
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(50), s_longest = TimeSpan.FromSeconds(2);

    /// <summary>Does work, and again while what stops it passes by itself.</summary>
    /// <param name="work">The work.</param>
    /// <param name="reset">Prepares the next attempt.</param>
    /// <exception cref="SegmentPushException">The fault does not pass (<c>JournalFailed</c> and others), or lasts too long (<c>JournalUnreachable</c>).</exception>
    public T Out<T>(Func<T> work, Action reset)
    {
        long began = TimeProvider.System.GetTimestamp();
        for (var pause = s_first; ; pause = pause * 2 < s_longest ? pause * 2 : s_longest)
        {
            try
            {
                return work();
            }
            catch (Exception fault) when (fault is Npgsql.NpgsqlException or IOException or System.Net.Sockets.SocketException or TimeoutException)
            {
                if (!PostgresErrors.Passes(fault) || TimeProvider.System.GetElapsedTime(began) + pause > limit) throw PostgresErrors.Map(address, fault);
                if (PostgresErrors.IsConnectionLost(fault)) reset();
            }

#pragma warning disable RS0030 // The database is outside, and its clock is real.
            Thread.Sleep(pause);
#pragma warning restore RS0030
        }
    }
}
