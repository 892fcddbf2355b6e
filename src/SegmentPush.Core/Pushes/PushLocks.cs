using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>
/// Keeps pushes of this user apart: one at a time into a list, and one at a time that creates people in an instance,
/// because Marketo makes duplicates of a person who is created twice at once.
/// </summary>
internal sealed class PushLocks : IDisposable
{
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(500);

    private readonly Stack<JournalLock> _locks = [];

    /// <summary>Takes what a push needs, and waits for it as long as the options say.</summary>
    /// <exception cref="SegmentPushException">Another push holds it (<c>ListBusy</c>, <c>InstanceBusy</c>).</exception>
    public static async Task<PushLocks> TakeAsync(
        PushJournal journal, PushTarget target, PushOptions options, CancellationToken cancellation)
    {
        var taken = new PushLocks();
        var time = options.Connection.Time;
        string instance = options.Connection.Instance;
        long started = time.GetTimestamp();
        try
        {
            // Always in this order, so that two pushes can't wait for each other.
            if (target.Creates) await TakeAsync($"create {instance}", () => Busy(null)).ConfigureAwait(false);
            await TakeAsync($"list {instance} {target.StaticList.Id}", () => Busy(target.StaticList.Id)).ConfigureAwait(false);
            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }

        async Task TakeAsync(string subject, Func<SegmentPushException> busy)
        {
            JournalLock? held;
            while ((held = JournalLock.TryTake(journal.Folder, subject)) is null)
            {
                if (time.GetElapsedTime(started) >= options.WaitForList) throw busy();
                await Task.Delay(s_lookAgain, time, cancellation).ConfigureAwait(false);
            }

            taken._locks.Push(held);
        }

        SegmentPushException Busy(long? listId)
        {
            var first = journal.GetPushes(new PushFilter { States = [PushState.Running], StaticListId = listId })
                .FirstOrDefault(push => push.Instance == instance && (listId is not null || push.PersonCreation == options.PersonCreation));
            string who = first is null ? "Another push" : $"Push {first.Id} into '{first.StaticListName}'";
            return new SegmentPushException(
                listId is null ? "InstanceBusy" : "ListBusy",
                listId is null
                    ? $"{who} is creating people in {instance}; two at a time would make duplicates."
                    : $"{who} is under way; one at a time goes into a list.",
                "Run it again when that one has ended, or let this one wait with -WaitForList.",
                first?.Id);
        }
    }

    public void Dispose()
    {
        while (_locks.TryPop(out var held)) held.Dispose();
    }
}
