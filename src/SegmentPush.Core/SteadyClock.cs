namespace SegmentPush;

/// <summary>Tells the moment by the system's clock as it was when this clock was made: who sets the system's clock later does not set this one.</summary>
/// <param name="time">The system's clock.</param>
internal sealed class SteadyClock(TimeProvider time)
{
    private readonly DateTimeOffset _began = time.GetUtcNow();
    private readonly long _stamp = time.GetTimestamp();

    /// <summary>The moment, UTC.</summary>
    public DateTimeOffset Now => _began + time.GetElapsedTime(_stamp);
}
