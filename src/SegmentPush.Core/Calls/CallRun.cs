namespace SegmentPush.Calls;

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

    /// <summary>Whether the server may have executed an attempt that failed.</summary>
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
    /// <param name="status">HTTP status of its answer; null where none came.</param>
    /// <param name="failure">How it failed; null where it succeeded.</param>
    public CallReport End(int? status, AttemptFailure? failure)
    {
        _lastEnd = time.GetTimestamp();
        _moved = new Moved(CallWaitKind.Retry, _lastEnd, failure?.ErrorId);
        if (failure?.IsSlowDown == true)
        {
            _firstSlowDown ??= _lastEnd;
        }

        MayHaveRun |= failure?.MayHaveRun == true;
        return new CallReport(
            name,
            Attempt,
            time.GetElapsedTime(_attemptStart, _lastEnd),
            status,
            failure?.Codes ?? [],
            failure?.ErrorId,
            _waited,
            records);
    }

    private sealed record Moved(CallWaitKind Kind, long At, string? ErrorId);
}

/// <summary>How an attempt of a call failed.</summary>
/// <param name="ErrorId">Name of the failure.</param>
/// <param name="Codes">The server's codes.</param>
/// <param name="IsSlowDown">Whether the server asks for fewer calls.</param>
/// <param name="MayHaveRun">Whether the server may have executed the call.</param>
internal sealed record AttemptFailure(string ErrorId, IReadOnlyList<string> Codes, bool IsSlowDown, bool MayHaveRun);
