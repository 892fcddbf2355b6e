using SegmentPush.Journal;
using SegmentPush.Lists;

namespace SegmentPush.Pushes;

/// <summary>Counts the people of a list by which the guard measures the removals of a push.</summary>
internal static class GuardedList
{
    /// <summary>
    /// Counts them. People that have come with pushes that did not complete must not make the removals of the next one look fewer. Others may have taken such
    /// people off since, so that the list counts as no smaller than it was after the last completed push.
    /// </summary>
    /// <param name="journal">The pushes.</param>
    /// <param name="destination">Name of the destination.</param>
    /// <param name="list">The list.</param>
    /// <param name="onList">People on the list before the push.</param>
    /// <param name="push">The push; null where it is only planned.</param>
    public static long Count(PushJournal journal, string destination, SnapshotKey list, long onList, Guid? push)
    {
        var filter = new PushFilter { Destinations = [destination], StaticListId = list.ListId, WithoutUndos = true };
        if (journal.History.Get(filter with { States = [PushState.Completed], Last = 1 }) is not [var last] || last.Instance != list.Instance) return onList;
        if (PushReceipt.ParseList(journal.Pushes.GetReceipt(last.Id)) is not { Before: >= 0 } sums) return onList;

        // Nobody knows whether those without an outcome have come.
        long came = journal.History.Get(filter with { States = [PushState.Failed, PushState.Interrupted, PushState.Superseded, PushState.Abandoned], Since = last.Started })
            .Where(other => other.Id != push).Sum(other => other.Added + other.NotDelivered);

        // What a completed undo has taken off since was not right either.
        long size = journal.History.Get(filter with { WithoutUndos = false, States = [PushState.Completed], Since = last.Started })
            .Where(undo => undo.UndoOf is not null)
            .Select(undo => PushReceipt.ParseList(journal.Pushes.GetReceipt(undo.Id))?.After)
            .Append(sums.After ?? sums.Before + last.Added - last.Removed).OfType<long>().Min();
        return Math.Min(onList, Math.Max(size, onList - came));
    }
}
