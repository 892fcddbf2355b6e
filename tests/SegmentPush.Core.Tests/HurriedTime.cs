namespace SegmentPush.Core.Tests;

/// <summary>A clock that runs many times as fast, so that nobody waits for back-offs and Marketo's time-outs.</summary>
/// <param name="times">How many times; 200 makes five milliseconds of a second.</param>
/// <param name="early">How much earlier a timer of minutes ends than its time, in real time. Real timers end some milliseconds early, too.</param>
internal sealed class HurriedTime(int times = 200, TimeSpan early = default) : TimeProvider
{
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private readonly long _origin = System.GetTimestamp();

    public override long TimestampFrequency => System.TimestampFrequency / times;

    public override DateTimeOffset GetUtcNow() => _start + (System.GetElapsedTime(_origin) * times);

    public override long GetTimestamp() => System.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(System.CreateTimer(callback, state, Shorten(dueTime), Shorten(period)), Shorten);

    // Timers count whole milliseconds.
    private TimeSpan Shorten(TimeSpan time) =>
        time > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling((time / times).TotalMilliseconds)) - (time > TimeSpan.FromMinutes(1) ? early : TimeSpan.Zero) : time;

    private sealed class Timer(ITimer inner, Func<TimeSpan, TimeSpan> shorten) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(shorten(dueTime), shorten(period));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
