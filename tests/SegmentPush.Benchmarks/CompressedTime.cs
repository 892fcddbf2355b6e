namespace SegmentPush.Benchmarks;

/// <summary>A clock on which Marketo's 20 seconds pass in a fraction of one, so that the pace does not hide the work.</summary>
internal sealed class CompressedTime : TimeProvider
{
    public const int Times = 1000;

    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private readonly long _origin = System.GetTimestamp();

    public override long TimestampFrequency => System.TimestampFrequency / Times;

    public override DateTimeOffset GetUtcNow() => _start + (System.GetElapsedTime(_origin) * Times);

    public override long GetTimestamp() => System.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / Times : dueTime, period > TimeSpan.Zero ? period / Times : period);
}
