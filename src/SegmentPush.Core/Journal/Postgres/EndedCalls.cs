namespace SegmentPush.Journal.Postgres;

/// <summary>Calls that have ended, and that the database does not know to have ended. Any thread may add one.</summary>
internal sealed class EndedCalls
{
    private readonly Lock _lock = new();
    private List<EndedCall> _ended = [];
    private bool _isAwaited;

    /// <summary>Adds a call that has ended now.</summary>
    /// <returns>Whether it is the first one since the calls were taken, so that somebody must take care that it is told.</returns>
    public bool Add(long call)
    {
        lock (_lock)
        {
            _ended.Add(new EndedCall(call, TimeProvider.System.GetTimestamp()));
            bool isFirst = !_isAwaited;
            _isAwaited = true;
            return isFirst;
        }
    }

    /// <summary>Takes all of them, to tell the database.</summary>
    public IReadOnlyList<EndedCall> Take()
    {
        lock (_lock)
        {
            var ended = _ended;
            (_ended, _isAwaited) = ([], false);
            return ended;
        }
    }

    /// <summary>Takes calls back that the database could not be told.</summary>
    public void TakeBack(IReadOnlyList<EndedCall> ended)
    {
        lock (_lock) _ended.AddRange(ended);
    }

    /// <summary>For how long a call that has ended takes its place, in seconds.</summary>
    /// <param name="since">How long ago it has ended.</param>
    public static double LeftAfter(TimeSpan since) => (PaceRules.Window - (since > TimeSpan.Zero ? since : TimeSpan.Zero)).TotalSeconds;
}

/// <summary>A call that has ended.</summary>
/// <param name="Call">The call.</param>
/// <param name="EndedAt">When, by a clock of this machine that nobody sets.</param>
internal readonly record struct EndedCall(long Call, long EndedAt)
{
    /// <summary>For how long it takes its place from now on, in seconds.</summary>
    public double Left => EndedCalls.LeftAfter(TimeProvider.System.GetElapsedTime(EndedAt));
}
