using SegmentPush.Journal;
using SegmentPush.Lists;

namespace SegmentPush.Pushes;

/// <summary>What the guard compares a push of a destination with: what the completed pushes before it have left.</summary>
internal static class GuardHistory
{
    private static readonly PushState[] s_unfinished = [PushState.Failed, PushState.Interrupted, PushState.Superseded, PushState.Abandoned];

    /// <summary>
    /// The people that have come with pushes of a destination that did not complete, unless one has completed since: they must not make the removals of
    /// a push look fewer. Null where there are no such pushes.
    /// </summary>
    /// <param name="journal">The pushes.</param>
    /// <param name="destination">Name of the destination.</param>
    /// <param name="list">The list.</param>
    /// <param name="push">The push that is guarded; null where it is only planned.</param>
    public static AddedPeople? FindAdded(PushJournal journal, string destination, SnapshotKey list, Guid? push)
    {
        // A push that is older than the last completed one may have gone on after it.
        var completed = FindLast(journal, destination, list)?.StoodAt;
        var unfinished = journal.History.Get(FilterOf(destination, list) with { WithoutUndos = true, States = s_unfinished, StoodSince = completed });
        Guid[] ids = [.. unfinished.Where(other => completed is null || other.Changed >= completed).Select(other => other.Id).Where(id => id != push)];
        return ids.Length == 0 ? null : journal.ListEdits.GetAdded(ids);
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
