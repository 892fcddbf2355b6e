namespace SegmentPush.Marketo;

/// <summary>Leave to send one call. Disposed when the answer is there.</summary>
internal sealed class CallPermit : IDisposable
{
    private readonly CallPace _pace;
    private readonly TimeProvider _time;
    private ICallLedger? _ledger;
    private long _call;
    private DateTimeOffset _enteredAt;
    private DateTimeOffset _sentAt;
    private int _sent;
    private int _ended;

    internal CallPermit(CallPace pace, int place, TimeSpan granted, TimeProvider time)
    {
        _pace = pace;
        _time = time;
        Place = place;
        Granted = granted;
    }

    internal int Place { get; }

    internal TimeSpan Granted { get; }

    /// <summary>Notes that the call has left this machine. The window is counted from here, not from the permission:
    /// setting up a connection in between takes time.</summary>
    public void Sent()
    {
        if (Interlocked.Exchange(ref _sent, 1) != 0) return;
        _sentAt = _time.GetUtcNow();
        _pace.Sent(this);
    }

    public void Dispose()
    {
        Sent();
        if (Interlocked.Exchange(ref _ended, 1) != 0) return;
        try
        {
            _ledger?.Ended(_call, _sentAt);
        }
        catch (SegmentPushException)
        {
            // The call is over all the same; the ledger notes it with its next entry.
        }
        finally
        {
            _pace.Ended();
        }
    }

    internal void Enter(ICallLedger ledger, long call, DateTimeOffset now)
    {
        _ledger = ledger;
        _call = call;
        _enteredAt = now;
    }

    internal void SlowDown(TimeSpan? pause, DateTimeOffset now) => _ledger?.SlowDown(_enteredAt, now + pause, now);
}
