using SegmentPush.Journal;
using SegmentPush.Lists;

namespace SegmentPush.Pushes;

/// <summary>What the guard compares a push of a destination with: what the completed pushes before it have left.</summary>
internal static class GuardedList
{
    private static readonly PushState[] s_unfinished = [PushState.Failed, PushState.Interrupted, PushState.Superseded, PushState.Abandoned];

    /// <summary>
    /// Counts the people of the list by which the removals of a push are measured. Those that have come with pushes that did not complete must not make them
    /// look fewer, unless a completed push has left them on the list since.
    /// </summary>
    /// <param name="journal">The pushes.</param>
    /// <param name="destination">Name of the destination.</param>
    /// <param name="list">The list.</param>
    /// <param name="push">The push; null where it is only planned.</param>
    /// <param name="onList">People on the list before the push.</param>
    /// <param name="people">These people, as far as they are known.</param>
    public static long Count(PushJournal journal, string destination, SnapshotKey list, Guid? push, long onList, IEnumerable<SnapshotMember> people)
    {
        // A push that is older than the last completed one may have gone on after it.
        var filter = FilterOf(destination, list) with { WithoutUndos = true };
        Guid[] unfinished = [.. journal.History.Get(filter with { States = s_unfinished, StoodSince = FindLast(journal, destination, list)?.StoodAt }).Select(other => other.Id).Where(id => id != push)];
        if (unfinished.Length == 0) return onList;
        var added = journal.Rows.GetAdded(unfinished);
        long left = onList - people.Count(added.Has);
        return left > 0 ? left : onList;
    }

    /// <summary>The segment with which the segment of a push is compared: the last one that was pushed completely. One that was undone was not right.</summary>
    /// <param name="journal">The pushes.</param>
    /// <param name="entry">The destination.</param>
    /// <param name="list">The list.</param>
    public static LastSegment FindLastSegment(PushJournal journal, DestinationEntry entry, SnapshotKey list) =>
        new(FindLast(journal, entry.Name, list) is { } last && IsUndone(journal, last) ? null : entry.SegmentPeople, entry.SegmentEndsWithLine);

    // An undo that has changed nobody, or was undone itself, leaves the segment as it was.
    private static bool IsUndone(PushJournal journal, PushStatus push)
    {
        var undos = journal.History.Get(new PushFilter { StaticListId = push.StaticListId, StoodSince = push.StoodAt });
        return undos.Any(undo => undo.UndoOf == push.Id && undo.Added + undo.Removed > 0
            && !undos.Any(other => other.UndoOf == undo.Id && other.State == PushState.Completed));
    }

    // The one that completed last, also where it began before another one.
    private static PushStatus? FindLast(PushJournal journal, string destination, SnapshotKey list)
    {
        var filter = FilterOf(destination, list) with { WithoutUndos = true, States = [PushState.Completed] };
        return journal.History.Get(filter with { Last = 1 }) is [var newest] ? journal.History.Get(filter with { StoodSince = newest.StoodAt }).MaxBy(other => other.StoodAt) : null;
    }

    private static PushFilter FilterOf(string destination, SnapshotKey list) => new() { Destinations = [destination], Instance = list.Instance, StaticListId = list.ListId };
}
