namespace SegmentPush.Benchmarks;

/// <summary>A clock that runs many times as fast, so that the pace does not hide the work.</summary>
/// <param name="times">How many times.</param>
internal sealed class CompressedTime(int times = CompressedTime.Usual) : TimeProvider
{
    /// <summary>Marketo's 20 seconds pass in 20 milliseconds.</summary>
    public const int Usual = 1000;

    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private readonly long _origin = System.GetTimestamp();

    public override long TimestampFrequency => System.TimestampFrequency / times;

    public override DateTimeOffset GetUtcNow() => _start + (System.GetElapsedTime(_origin) * times);

    public override long GetTimestamp() => System.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / times : dueTime, period > TimeSpan.Zero ? period / times : period);
}
