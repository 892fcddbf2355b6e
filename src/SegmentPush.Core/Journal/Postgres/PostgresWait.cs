namespace SegmentPush.Journal.Postgres;

/// <summary>
/// Repeats database work while its fault is one that passes by itself, for one connection and what replaces it. Once a fault has lasted too long, nothing waits again
/// until the database has answered: a push with ten deliveries under way would otherwise wait ten times.
/// </summary>
/// <param name="address">The database.</param>
/// <param name="limit">How long a fault may last.</param>
internal sealed class PostgresWait(PostgresAddress address, TimeSpan limit)
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(50), s_longest = TimeSpan.FromSeconds(2);

    private bool _isGivenUp;

    /// <summary>Does work, and again while what stops it passes by itself.</summary>
    /// <param name="work">The work.</param>
    /// <param name="reset">Closes the connection, so that the next attempt opens a new one.</param>
    /// <exception cref="SegmentPushException">The fault does not pass (<c>JournalFailed</c> and others), or lasts too long (<c>JournalUnreachable</c>).</exception>
    public T Out<T>(Func<T> work, Action reset)
    {
        long began = TimeProvider.System.GetTimestamp();
        for (var pause = s_first; ; pause = pause * 2 < s_longest ? pause * 2 : s_longest)
        {
            try
            {
                var result = work();
                _isGivenUp = false;
                return result;
            }
            catch (Exception fault) when (fault is Npgsql.NpgsqlException or IOException or System.Net.Sockets.SocketException or TimeoutException)
            {
                bool passes = PostgresErrors.Passes(fault);
                if (PostgresErrors.NeedsNewConnection(fault)) reset();
                if (!passes || _isGivenUp || TimeProvider.System.GetElapsedTime(began) + pause > limit)
                {
                    _isGivenUp |= passes;
                    throw PostgresErrors.Map(address, fault);
                }
            }

#pragma warning disable RS0030 // The database is outside, and its clock is real.
            Thread.Sleep(pause);
#pragma warning restore RS0030
        }
    }
}
