using SegmentPush.Journal;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Waits until a call of a push that was stopped can't write fields any more, so that its older values do not replace those of the push that comes next.
/// </summary>
/// <param name="creates">Knows such calls. The caller holds the lock of the list, so that no other push into it runs.</param>
/// <param name="connection">The instance.</param>
/// <param name="warn">Is told of the waiting.</param>
internal sealed class OpenWrites(ICreateStore creates, MarketoConnection connection, Action<MessageText> warn)
{
    /// <summary>Waits for other pushes into the list of one.</summary>
    /// <param name="push">That one.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task WaitAsync(PushStatus push, CancellationToken cancellation)
    {
        var now = connection.MarketoNow;
        var wait = creates.GetWrites(push.Instance, push.StaticListId, push.Id, now).Where(MayRun)
            .Select(write => CallExpiry.WaitFor(write.Sent, now)).DefaultIfEmpty().Max();
        if (wait == TimeSpan.Zero) return;
        warn($"Waiting {Math.Ceiling(wait.TotalSeconds)} s: a call that was under way when a push was stopped may still write fields.");
        await CallExpiry.DelayAsync(wait, connection.Time, cancellation).ConfigureAwait(false);
    }

    // Where an error has ended the push, it says whether the call may have been executed.
    private static bool MayRun(OpenWrite write) => write.ErrorId is not { } error || ErrorClasses.MayHaveRun(error);
}
