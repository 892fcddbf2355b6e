namespace SegmentPush.Simulation.Time;

/// <summary>A timer of a simulated world.</summary>
internal sealed class VirtualTimer(VirtualTime time, Action callback) : ITimer
{
    private TimeSpan _period = Timeout.InfiniteTimeSpan;

    /// <summary>Number of its place in the queue; an entry with another number is out of date.</summary>
    public long Number { get; set; }

    /// <summary>Whether it waits for its moment.</summary>
    public bool IsDue { get; private set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Number = 0;
        _period = period;
        IsDue = dueTime != Timeout.InfiniteTimeSpan;
        if (IsDue) time.Enqueue(this, dueTime);
        return true;
    }

    /// <summary>Calls what it is for.</summary>
    public void Fire()
    {
        Number = 0;
        IsDue = _period != Timeout.InfiniteTimeSpan && _period > TimeSpan.Zero;
        if (IsDue) time.Enqueue(this, _period);
        callback();
    }

    public void Dispose()
    {
        Number = 0;
        IsDue = false;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
