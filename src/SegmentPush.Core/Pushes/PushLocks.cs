using SegmentPush.Journal;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Keeps pushes with one journal apart: one at a time into a list, and one at a time that creates people in an instance,
/// because Marketo makes duplicates of a person who is created twice at once.
/// </summary>
internal sealed class PushLocks : IDisposable
{
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(500);

    private readonly Stack<IDisposable> _locks = [];

    /// <summary>Takes what a push needs. For a list it waits as long as the options say, for its turn to create as long as it takes.</summary>
    /// <param name="journal">The journal that the locks lie beside.</param>
    /// <param name="push">The push.</param>
    /// <param name="target">What the push is aimed at.</param>
    /// <param name="options">What it is to do.</param>
    /// <param name="tell">Is told once which push this one waits for.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="SegmentPushException">Another push goes into the list (<c>ListBusy</c>).</exception>
    public static async Task<PushLocks> TakeAsync(
        PushJournal journal, Guid push, PushTarget target, PushOptions options, Action<MessageText> tell, CancellationToken cancellation)
    {
        var taken = new PushLocks();
        var time = options.Connection.Time;
        string instance = options.Connection.Instance;
        long listId = target.StaticList.Id;
        try
        {
            // Always in this order, so that two pushes can't wait for each other. Who fails for the list never waited to create.
            await TakeAsync($"list {instance} {listId}", options.WaitForList, other => other.StaticListId == listId).ConfigureAwait(false);
            if (target.Creates)
            {
                await TakeAsync($"create {instance}", Timeout.InfiniteTimeSpan, other => other.PersonCreation == options.PersonCreation)
                    .ConfigureAwait(false);
            }

            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }

        async Task TakeAsync(string subject, TimeSpan limit, Func<PushStatus, bool> isInTheWay)
        {
            long started = time.GetTimestamp();
            IDisposable? held;
            for (bool isTold = false; (held = journal.Locks.TryTake(subject)) is null; isTold = true)
            {
                var first = journal.History.Get(new PushFilter { States = [PushState.Running] })
                    .LastOrDefault(other => other.Id != push && other.Instance == instance && isInTheWay(other));
                var who = first is null ? (MessageText)"another push" : $"push {first.ShortId} into '{first.StaticListName}'";
                if (limit != Timeout.InfiniteTimeSpan && time.GetElapsedTime(started) >= limit)
                {
                    throw new SegmentPushException(
                        "ListBusy",
                        $"One push at a time goes into a list, and {who} is under way.",
                        "Run it again when that one has ended, or let this one wait with -WaitForList.",
                        first?.Id);
                }

                WorkWaits.Tell(WorkWait.For(first is null ? (MessageText)"Waiting for another push" : $"Waiting for push {first.ShortId}", time.GetElapsedTime(started), limit));
                if (!isTold) tell(limit == Timeout.InfiniteTimeSpan ? (MessageText)$"Waiting for {who}: two that create people at once would make duplicates." : $"Waiting for {who}.");
                await Task.Delay(s_lookAgain, time, cancellation).ConfigureAwait(false);
            }

            WorkWaits.End();
            taken._locks.Push(held);
        }
    }

    public void Dispose()
    {
        while (_locks.TryPop(out var held)) held.Dispose();
    }
}
