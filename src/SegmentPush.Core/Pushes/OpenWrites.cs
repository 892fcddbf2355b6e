using SegmentPush.Journal;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Waits until a call of a push that was stopped can't write fields any more, so that its older values do not replace those of the push that comes next.
/// </summary>
/// <param name="journal">The journal. The caller holds the lock of the list, so that no other push into it runs.</param>
/// <param name="time">The clock of this machine.</param>
/// <param name="warn">Is told of the waiting.</param>
internal sealed class OpenWrites(PushJournal journal, TimeProvider time, Action<MessageText> warn)
{
    private const int NewestPushes = 20;

    /// <summary>Waits for other pushes into the list of one.</summary>
    /// <param name="push">That one.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task WaitAsync(PushStatus push, CancellationToken cancellation)
    {
        var wait = journal.Pushes.Get(new PushFilter { StaticListId = push.StaticListId, States = [PushState.Running, PushState.Interrupted] }, null, NewestPushes)
            .Select(other => other.Status)
            .Where(other => other.Id != push.Id && other.Instance == push.Instance && MayWrite(other))
            .Select(other => CallExpiry.WaitFor(other.StoodAt, time.GetUtcNow()))
            .DefaultIfEmpty().Max();
        if (wait == TimeSpan.Zero) return;
        warn($"Waiting {Math.Ceiling(wait.TotalSeconds)} s: a call that was under way when a push was stopped may still write fields.");
        await CallExpiry.DelayAsync(wait, time, cancellation).ConfigureAwait(false);
    }

    // A push that creates people notes its calls, and the next one that creates waits for them. Imports are waited for by their numbers.
    private static bool MayWrite(PushStatus other) =>
        other is { PersonCreation: PersonCreation.MatchExisting, ExistingPeople: ExistingPeople.Update, Delivery: not Delivery.Bulk, UndoOf: null } && MayHaveCall(other);

    // It was killed, stopped by the user, or ended by a call without an answer.
    private static bool MayHaveCall(PushStatus other) => other.State == PushState.Running || other.ErrorId is not { } error || ErrorClasses.MayHaveRun(error);
}
