namespace SegmentPush.Journal.Postgres;

/// <summary>
/// Threads of the pool for a push that waits for its database. The statements of a push block the threads that they run on, and with few processors the
/// pool adds only one or two threads a second. Without these, the answers of the database and of Marketo would wait for a thread, too.
/// </summary>
internal sealed class ReservedThreads : IDisposable
{
    // A push has about ten calls under way. Their ends are recorded, and its ledger, its rows and its list have statements of their own.
    private const int OfPush = 16;

    private static readonly Lock s_lock = new();

    private bool _isDisposed;

    private ReservedThreads()
    {
    }

    /// <summary>Reserves them. A thread is made only when work needs it.</summary>
    public static ReservedThreads Reserve()
    {
        Change(OfPush);
        return new ReservedThreads();
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        Change(-OfPush);
    }

    // Others may have changed the number meanwhile.
    private static void Change(int by)
    {
        lock (s_lock)
        {
            ThreadPool.GetMinThreads(out int workers, out int completions);
            ThreadPool.SetMinThreads(Math.Max(1, workers + by), completions);
        }
    }
}
