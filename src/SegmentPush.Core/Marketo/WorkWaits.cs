using System.Globalization;

namespace SegmentPush.Marketo;

/// <summary>
/// What one piece of work waits for that is no call: an import, an extract, its turn. It belongs to the flow of the work, as the check of
/// <see cref="CallGuard"/> does, so that nobody is told of the waiting of another push.
/// </summary>
internal static class WorkWaits
{
    private static readonly AsyncLocal<Action<WorkWait?>?> s_tell = new();

    /// <summary>Names who is told of each wait of the current flow from now on; null is told when it is over.</summary>
    public static void Use(Action<WorkWait?>? tell) => s_tell.Value = tell;

    /// <summary>Says what is waited for now, and how that stands.</summary>
    public static void Tell(WorkWait wait) => s_tell.Value?.Invoke(wait);

    /// <summary>Says that nothing is waited for any more.</summary>
    public static void End() => s_tell.Value?.Invoke(null);

    /// <summary>Waits a known time, and says until when.</summary>
    /// <param name="what">What is waited for, in at most 30 characters.</param>
    /// <param name="wait">How long.</param>
    /// <param name="time">The clock that the waiting goes by.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task DelayAsync(MessageText what, TimeSpan wait, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            Tell(new WorkWait(what, $"until {time.GetLocalNow() + wait:HH:mm:ss}"));
            await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
        }
        finally
        {
            End();
        }
    }
}

/// <summary>What is waited for.</summary>
/// <param name="What">Its name, in at most 30 characters, such as <c>Import 1234</c>.</param>
/// <param name="State">How it stands, in at most 40 characters, such as <c>30,000 of 100,000 rows</c>.</param>
/// <param name="Share">How much of it is done, from 0 to 1; null where that is not known.</param>
internal sealed record WorkWait(MessageText What, MessageText State, double? Share = null)
{
    /// <summary>A wait with a known time and nothing else.</summary>
    /// <param name="what">What is waited for.</param>
    /// <param name="waited">How long it was waited for.</param>
    /// <param name="limit">How long it is waited for at most; infinite where there is no limit.</param>
    public static WorkWait For(MessageText what, TimeSpan waited, TimeSpan limit) => new(
        what, limit == Timeout.InfiniteTimeSpan ? (MessageText)$"{waited.TotalSeconds:0} s" : $"{waited.TotalSeconds:0} s, at most {limit.TotalSeconds:0} s");
}
