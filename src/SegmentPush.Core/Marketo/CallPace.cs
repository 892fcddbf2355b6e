namespace SegmentPush.Marketo;

/// <summary>
/// Keeps calls within what the instance permits: so many in any 20 seconds, so many at once. When Marketo says that it
/// is too much (others use the instance too), both are halved, and come back within two minutes. During a push, all
/// processes of this user that push to the instance share one ledger of calls.
/// </summary>
internal sealed class CallPace : IDisposable
{
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly int _calls;
    private readonly int _concurrency;
    private readonly CallWindow _window;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();

    private TaskCompletionSource _changed = NewSignal();
    private IReadOnlyList<Shared> _shared = [];
    private List<DateTimeOffset> _alone = [];
    private int _underWay, _entering;
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
        _window = new CallWindow(calls, PaceRules.Window);
    }

    /// <summary>Whether calls are entered into a ledger that other processes share.</summary>
    public bool IsShared => _shared.Count > 0;

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>
    /// Calls are entered into a ledger that other processes share, until what is returned is disposed. So are those of the last seconds, which Marketo counts too.
    /// </summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="callsPerDay">Calls of all integrations on one of Marketo's days that a call may bring about at most.</param>
    /// <param name="isOfPush">Whether a push or a plan makes the calls. Calls are entered into the newest ledger of these, and into another one only where there is none.</param>
    public IDisposable Share(ICallLedger ledger, long callsPerDay, bool isOfPush = true)
    {
        var shared = new Shared(this, ledger, callsPerDay);
        List<DateTimeOffset> alone;
        lock (_lock) (alone, _alone) = (_alone, []);
        var now = _time.GetUtcNow();
        alone.RemoveAll(endedAt => endedAt <= now - PaceRules.Window);
        try
        {
            if (alone.Count > 0) ledger.Add(alone, now);
        }
        catch
        {
            lock (_lock) _alone.AddRange(alone);
            throw;
        }

        lock (_lock) _shared = isOfPush ? [.. _shared, shared] : [shared, .. _shared];
        return shared;
    }

    /// <summary>Waits until a call may be sent. Callers are served in the order they come.</summary>
    /// <exception cref="MarketoException">Only the reserve is left of the daily quota (<c>DailyReserveReached</c>).</exception>
    public async ValueTask<CallPermit> EnterAsync(MarketoCall call, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _entering);
        try
        {
            await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            Interlocked.Decrement(ref _entering);
            throw;
        }

        try
        {
            var permit = await EnterOwnAsync(cancellation).ConfigureAwait(false);
            try
            {
                await EnterLedgerAsync(permit, call, cancellation).ConfigureAwait(false);
                return permit;
            }
            catch
            {
                permit.Dispose();
                throw;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _entering);
            _turn.Release();
        }
    }

    private async ValueTask<CallPermit> EnterOwnAsync(CancellationToken cancellation)
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

    private async ValueTask EnterLedgerAsync(CallPermit permit, MarketoCall call, CancellationToken cancellation)
    {
        while (_shared is [.., var (ledger, callsPerDay)])
        {
            Task changed;
            lock (_lock) changed = _changed.Task;
            var now = _time.GetUtcNow();
            var turn = ledger.TryEnter(new CallBudget(_calls, _concurrency, callsPerDay, DailyQuota.DayOf(now), CountWanted()), now);
            if (turn.Call is { } entered)
            {
                permit.Enter(ledger, entered, now);
                return;
            }

            if (turn.UsedToday is { } used) throw DailyQuota.ReserveReached(call, used, now);
            await WaitAsync(turn.Sooner is { } sooner ? Task.WhenAny(changed, sooner) : changed, turn.Wait, cancellation).ConfigureAwait(false);
        }
    }

    // Those that wait behind this one, as far as they find a place of this process.
    private int CountWanted()
    {
        lock (_lock) return Math.Clamp(Volatile.Read(ref _entering), 1, Math.Max(1, _concurrency - _underWay + 1));
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
                _share = Math.Max(PaceRules.LeastShare, Share(now) / 2);
                _shareSince = now;
            }
        }

        refused.SlowDown(pause, _time.GetUtcNow());
    }

    public void Dispose() => _turn.Dispose();

    internal void Ended(CallPermit permit, DateTimeOffset now)
    {
        lock (_lock)
        {
            _underWay--;
            _window.Arrived(permit.Place, Now);
            if (permit.IsAlone) NoteAlone(now);
            Signal();
        }
    }

    // As many as the window has places are enough.
    private void NoteAlone(DateTimeOffset endedAt)
    {
        if (_alone.Count == _calls) _alone.RemoveAt(0);
        _alone.Add(endedAt);
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
        return new CallPermit(this, place, now, _time);
    }

    private double Share(TimeSpan now) => PaceRules.Recovered(_share, now - _shareSince);

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

    private sealed record Shared(CallPace Pace, ICallLedger Ledger, long CallsPerDay) : IDisposable
    {
        public void Deconstruct(out ICallLedger ledger, out long callsPerDay) => (ledger, callsPerDay) = (Ledger, CallsPerDay);

        public void Dispose()
        {
            lock (Pace._lock) Pace._shared = [.. Pace._shared.Where(other => !ReferenceEquals(other, this))];
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
