namespace SegmentPush.Marketo;

/// <summary>One call on its way through its attempts: what the policies and the reports have to remember.</summary>
/// <param name="name">Method and path.</param>
/// <param name="records">How many people it carries.</param>
/// <param name="time">The clock.</param>
internal sealed class CallRun(string name, int records, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private long _lastEnd = time.GetTimestamp();
    private long _attemptStart;
    private long? _firstSlowDown;
    private TimeSpan _waited;
    private volatile Moved _moved = new(CallWaitKind.Pace, time.GetTimestamp(), null);

    public string Name => name;

    public int Attempt { get; private set; }

    /// <summary>When the running attempt was sent.</summary>
    public DateTimeOffset SentAt { get; private set; }

    /// <summary>Whether Marketo may have executed an attempt that failed.</summary>
    public bool MayHaveRun { get; private set; }

    /// <summary>What it waits for.</summary>
    public CallWait Wait
    {
        get
        {
            var moved = _moved;
            return new CallWait(moved.Kind, time.GetElapsedTime(moved.At), moved.ErrorId);
        }
    }

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>How long the call has been told to slow down by now.</summary>
    public TimeSpan SlowedFor => _firstSlowDown is { } first ? time.GetElapsedTime(first) : TimeSpan.Zero;

    /// <summary>Waits for its turn.</summary>
    public void Queue() => _moved = new Moved(CallWaitKind.Pace, time.GetTimestamp(), null);

    /// <summary>Begins an attempt, after all waiting.</summary>
    public void Begin()
    {
        _moved = new Moved(CallWaitKind.Answer, time.GetTimestamp(), null);
        Attempt++;
        SentAt = time.GetUtcNow();
        _attemptStart = time.GetTimestamp();
        _waited = time.GetElapsedTime(_lastEnd, _attemptStart);
    }

    /// <summary>Ends an attempt.</summary>
    public CallReport End(int? status, MarketoException? failure)
    {
        _lastEnd = time.GetTimestamp();
        _moved = new Moved(CallWaitKind.Retry, _lastEnd, failure?.ErrorId);
        if (failure?.Class == MarketoErrorClass.SlowDown)
        {
            _firstSlowDown ??= _lastEnd;
        }

        MayHaveRun |= failure?.Rule.MayHaveRun == true;
        return new CallReport(
            name,
            Attempt,
            time.GetElapsedTime(_attemptStart, _lastEnd),
            status,
            failure?.Facts.Codes ?? [],
            failure?.ErrorId,
            _waited,
            records);
    }

    private sealed record Moved(CallWaitKind Kind, long At, string? ErrorId);
}
