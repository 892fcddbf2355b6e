namespace SegmentPush.Platform;

/// <summary>Keeps calls polite: so many at once, and so many in a second. When the platform says that it is too much, all calls wait.</summary>
/// <param name="time">The clock.</param>
/// <param name="shared">The pace that the processes of this machine share; null where this one is alone.</param>
internal sealed class PlatformPace(TimeProvider time, SharedPace? shared = null) : IDisposable
{
    /// <summary>Greatest number of calls at once.</summary>
    public const int MaxConcurrency = 4;

    /// <summary>Greatest number of calls in any second.</summary>
    public const int CallsPerSecond = 5;

    /// <summary>How long all calls wait where the server does not say for how long.</summary>
    public static TimeSpan ShortestPause { get; } = TimeSpan.FromSeconds(1);

    /// <summary>A second, and a tenth for a call that takes longer on its way than those after it.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromSeconds(1.1);

    private readonly SemaphoreSlim _places = new(MaxConcurrency);
    private readonly CallWindow _window = new(CallsPerSecond, Window);
    private readonly long _origin = time.GetTimestamp();
    private readonly Lock _lock = new();
    private TimeSpan _pausedUntil;

    /// <summary>Waits until a call may be sent, which is to be sent at once then. The place is given back by disposing what is returned.</summary>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            while (TimeToWait() is { } wait) await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
            return new Place(_places, shared is null ? null : await shared.EnterAsync(cancellation).ConfigureAwait(false));
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    /// <summary>Holds all calls back for a while.</summary>
    public async ValueTask PauseAsync(TimeSpan pause, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var until = time.GetElapsedTime(_origin) + pause;
            if (until > _pausedUntil) _pausedUntil = until;
        }

        if (shared is not null) await shared.PauseAsync(pause, cancellation).ConfigureAwait(false);
    }

    public void Dispose() => _places.Dispose();

    private TimeSpan? TimeToWait()
    {
        lock (_lock)
        {
            var now = time.GetElapsedTime(_origin);
            if (now < _pausedUntil) return _pausedUntil - now;
            if (!_window.TryTake(now, CallsPerSecond, out int place, out var nextFree)) return nextFree - now + TimeSpan.FromMilliseconds(1);
            _window.Arrived(place, now);
            return null;
        }
    }

    private sealed class Place(SemaphoreSlim places, IDisposable? shared) : IDisposable
    {
        public void Dispose()
        {
            shared?.Dispose();
            places.Release();
        }
    }
}
