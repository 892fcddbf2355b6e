namespace SegmentPush.Marketo;

/// <summary>
/// Keeps calls within what the instance permits: so many in any 20 seconds, so many at once. When Marketo says that it
/// is too much (others use the instance too), both are halved, and come back within two minutes.
/// </summary>
internal sealed class CallPace : IDisposable
{
    // Marketo's window is 20 s by its own clock and counts arrivals; the rest is for the way there.
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(20.25);
    private static readonly TimeSpan s_fullRecovery = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(1);
    private const double LeastShare = 0.125;

    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly int _calls;
    private readonly int _concurrency;
    private readonly CallWindow _window;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();

    private TaskCompletionSource _changed = NewSignal();
    private int _underWay;
    private double _share = 1;
    private TimeSpan _shareSince;
    private TimeSpan _pausedUntil;

    /// <summary>Makes a pace.</summary>
    /// <param name="calls">Calls in any 20 seconds.</param>
    /// <param name="concurrency">Calls at once.</param>
    /// <param name="time">The clock.</param>
    public CallPace(int calls, int concurrency, TimeProvider time)
    {
        _time = time;
        _origin = time.GetTimestamp();
        _calls = calls;
        _concurrency = concurrency;
        _window = new CallWindow(calls, s_window);
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Waits until a call may be sent. Callers are served in the order they come.</summary>
    public async ValueTask<CallPermit> EnterAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            while (true)
            {
                Task changed;
                TimeSpan wait;
                lock (_lock)
                {
                    if (TryEnter(out wait) is { } permit)
                    {
                        return permit;
                    }

                    changed = _changed.Task;
                }

                await WaitAsync(changed, wait, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Halves the pace because Marketo refused a call as too many.</summary>
    /// <param name="refused">The refused call; calls that were sent before the last halving do not halve it again.</param>
    /// <param name="pause">How long Marketo asks for no calls at all; null where it does not say.</param>
    public void SlowDown(CallPermit refused, TimeSpan? pause)
    {
        lock (_lock)
        {
            var now = Now;
            if (pause is { } time && now + time > _pausedUntil)
            {
                _pausedUntil = now + time;
            }

            if (refused.Granted >= _shareSince)
            {
                _share = Math.Max(LeastShare, Share(now) / 2);
                _shareSince = now;
            }
        }
    }

    public void Dispose() => _turn.Dispose();

    internal void Sent(CallPermit permit)
    {
        lock (_lock)
        {
            _window.Sent(permit.Place, Now);
            Signal();
        }
    }

    internal void Ended()
    {
        lock (_lock)
        {
            _underWay--;
            Signal();
        }
    }

    private CallPermit? TryEnter(out TimeSpan wait)
    {
        var now = Now;
        if (now < _pausedUntil)
        {
            wait = _pausedUntil - now;
            return null;
        }

        var share = Share(now);
        wait = share < 1 ? s_lookAgain : TimeSpan.MaxValue;
        if (_underWay >= Math.Max(1, (int)(_concurrency * share)))
        {
            return null;
        }

        if (!_window.TryTake(now, Math.Max(1, (int)(_calls * share)), out var place, out var nextFree))
        {
            var untilFree = nextFree == TimeSpan.MaxValue ? nextFree : nextFree - now;
            wait = untilFree < wait ? untilFree : wait;
            return null;
        }

        _underWay++;
        return new CallPermit(this, place, now);
    }

    private double Share(TimeSpan now) => Math.Min(1, _share + ((now - _shareSince) / s_fullRecovery));

    private async Task WaitAsync(Task changed, TimeSpan wait, CancellationToken cancellation)
    {
        if (wait == TimeSpan.MaxValue)
        {
            await changed.WaitAsync(cancellation).ConfigureAwait(false);
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var delay = Task.Delay(wait, _time, stop.Token);
        await Task.WhenAny(changed, delay).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
