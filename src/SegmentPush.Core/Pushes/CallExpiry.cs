using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>How long a call whose answer was lost may still run in Marketo.</summary>
internal static class CallExpiry
{
    /// <summary>As long as any call runs: one that is older than this no longer does.</summary>
    public static TimeSpan Longest => TimeLimits.OfSync;

    /// <summary>How long to wait until a call can't run any more, 90 s at most.</summary>
    /// <param name="sentAt">When it was sent.</param>
    /// <param name="now">The moment by the same clock.</param>
    public static TimeSpan WaitFor(DateTimeOffset sentAt, DateTimeOffset now) => WaitUntil(sentAt + Longest, now);

    /// <summary>How long to wait until a call can't run any more, 90 s at most.</summary>
    /// <param name="runsUntil">The moment from which it can't.</param>
    /// <param name="now">The moment by the same clock.</param>
    public static TimeSpan WaitUntil(DateTimeOffset runsUntil, DateTimeOffset now)
    {
        var wait = runsUntil - now;

        // A clock may have been ahead when the call was sent.
        return wait <= TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait;
    }

    /// <summary>Waits until a call of this process can't run any more. The time goes by a clock that nobody sets.</summary>
    /// <param name="since">How long ago it was sent.</param>
    /// <param name="time">The clock that the waiting goes by.</param>
    /// <param name="cancellation">Ends it.</param>
    public static Task WaitAsync(TimeSpan since, TimeProvider time, CancellationToken cancellation) =>
        since >= Longest ? Task.CompletedTask : DelayAsync(Longest - since, time, cancellation);

    /// <summary>Waits until a call of another process can't run any more.</summary>
    /// <param name="sentAt">When it was sent.</param>
    /// <param name="now">The moment by the same clock.</param>
    /// <param name="time">The clock that the waiting goes by.</param>
    /// <param name="tell">Is told of the waiting; null where nobody is.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task WaitAsync(
        DateTimeOffset sentAt, DateTimeOffset now, TimeProvider time, Action<MessageText>? tell, CancellationToken cancellation)
    {
        var wait = WaitFor(sentAt, now);
        if (wait == TimeSpan.Zero) return;
        tell?.Invoke($"Waiting {Math.Ceiling(wait.TotalSeconds)} s: a call that was under way when a push was stopped may still create people.");
        await DelayAsync(wait, time, cancellation).ConfigureAwait(false);
    }

    /// <summary>Waits a time after that a call can't run any more, and says so.</summary>
    /// <param name="wait">How long.</param>
    /// <param name="time">The clock that the waiting goes by.</param>
    /// <param name="cancellation">Ends it.</param>
    public static Task DelayAsync(TimeSpan wait, TimeProvider time, CancellationToken cancellation) =>
        WorkWaits.DelayAsync("A call that may still run", wait, time, cancellation);
}
