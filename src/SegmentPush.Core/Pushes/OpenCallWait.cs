using SegmentPush.Journal;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Waits for calls of other pushes into the same list that Marketo may still execute. It does not matter how such a push has ended. Its call would write older
/// values, or change the list after it was read.
/// </summary>
/// <param name="calls">Knows such calls. The caller holds the lock of the list, so that no other push into it runs.</param>
/// <param name="connection">The instance.</param>
/// <param name="warn">Is told of the waiting.</param>
internal sealed class OpenCallWait(IOpenCallStore calls, MarketoConnection connection, Action<MessageText> warn)
{
    /// <summary>Waits for the calls of other pushes into the list of a push.</summary>
    /// <param name="push">The push.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task WaitAsync(PushStatus push, CancellationToken cancellation)
    {
        if (calls.FindEnd(push.Instance, push.StaticListId, push.Id) is not { } runsUntil) return;
        var wait = CallExpiry.WaitUntil(runsUntil, connection.MarketoNow);
        if (wait > TimeSpan.Zero)
        {
            warn($"Waiting {Math.Ceiling(wait.TotalSeconds)} s: a call of another push, whose answer is not known, may still change people or the list.");
            await CallExpiry.DelayAsync(wait, connection.Time, cancellation).ConfigureAwait(false);
        }

        calls.End(push.Instance, push.StaticListId, push.Id);
    }
}
