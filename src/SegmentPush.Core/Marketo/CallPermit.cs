namespace SegmentPush.Marketo;

/// <summary>
/// Leave to send one call. It is disposed when the answer is there: only then has the call arrived for certain, wherever it was held up. So the window is
/// counted from there.
/// </summary>
internal sealed class CallPermit : IDisposable
{
    private readonly CallPace _pace;
    private readonly TimeProvider _time;
    private ICallLedger? _ledger;
    private long _call;
    private DateTimeOffset _enteredAt;
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

    /// <summary>Whether the call is in no ledger.</summary>
    internal bool IsAlone => _ledger is null;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return;
        var now = _time.GetUtcNow();
        try
        {
            _ledger?.Ended(_call, now);
        }
        catch (SegmentPushException)
        {
            // The call is over all the same; the ledger notes it with its next entry.
        }
        finally
        {
            _pace.Ended(this, now);
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
