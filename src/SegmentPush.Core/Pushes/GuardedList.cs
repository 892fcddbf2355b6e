using SegmentPush.Journal;
using SegmentPush.Lists;

namespace SegmentPush.Pushes;

/// <summary>What the guard compares a push of a destination with, by the pushes and undos before it.</summary>
internal static class GuardedList
{
    private static readonly PushState[] s_unfinished = [PushState.Failed, PushState.Interrupted, PushState.Superseded, PushState.Abandoned];

    /// <summary>
    /// Counts the people of the list by which the removals of a push are measured. People that have come with pushes that did not complete must not make
    /// them look fewer. Others may have taken such people off since, so that the list counts as no smaller than the last completed push and the undos since
    /// have left it. Before the first completed push, it counts as no smaller than the first push found it.
    /// </summary>
    /// <param name="journal">The pushes.</param>
    /// <param name="destination">Name of the destination.</param>
    /// <param name="list">The list.</param>
    /// <param name="onList">People on the list before the push.</param>
    /// <param name="push">The push; null where it is only planned.</param>
    public static long Count(PushJournal journal, string destination, SnapshotKey list, long onList, Guid? push)
    {
        var last = FindLast(journal, destination, list);
        if (last is not null && last.Instance != list.Instance) return onList;

        // A push that is older than the last completed one may have gone on after it.
        PushStatus[] since =
        [
            .. journal.History.Get(FilterOf(destination, list) with { States = [PushState.Completed, .. s_unfinished], StoodSince = last?.StoodAt })
                .Where(other => other.Id != push && other.Id != last?.Id && other.Instance == list.Instance),
        ];
        PushStatus[] unfinished = [.. since.Where(other => other.UndoOf is null && s_unfinished.Contains(other.State))];
        if ((last is null ? unfinished.Min(other => SumsOf(journal, other)?.Before) : AfterOf(journal, last)) is not (> 0 and var size)) return onList;

        // The newest one comes first in the history.
        foreach (var undo in since.Where(other => other.UndoOf is not null).Reverse()) size = Math.Min(size + undo.Added, AfterOf(journal, undo) ?? long.MaxValue);

        // Nobody knows whether those without an outcome have come.
        long came = unfinished.Sum(other => other.Added + other.NotDelivered);
        return Math.Min(onList, Math.Max(size, onList - came));
    }

    /// <summary>The segment with which the segment of a push is compared: the last one that was pushed completely. One that was undone was not right.</summary>
    /// <param name="journal">The pushes.</param>
    /// <param name="entry">The destination.</param>
    /// <param name="list">The list.</param>
    public static LastSegment FindLastSegment(PushJournal journal, DestinationEntry entry, SnapshotKey list)
    {
        bool isUndone = FindLast(journal, entry.Name, list) is { } last
            && journal.History.Get(FilterOf(entry.Name, list) with { StoodSince = last.StoodAt }).Any(undo => undo.UndoOf == last.Id);
        return new LastSegment(isUndone ? null : entry.SegmentPeople, entry.SegmentEndsWithLine);
    }

    private static PushStatus? FindLast(PushJournal journal, string destination, SnapshotKey list) =>
        journal.History.Get(FilterOf(destination, list) with { WithoutUndos = true, States = [PushState.Completed], Last = 1 }) is [var last] ? last : null;

    private static PushFilter FilterOf(string destination, SnapshotKey list) => new() { Destinations = [destination], StaticListId = list.ListId };

    private static long? AfterOf(PushJournal journal, PushStatus push) => SumsOf(journal, push) is { } sums ? sums.After ?? sums.Before + push.Added - push.Removed : null;

    private static ListSums? SumsOf(PushJournal journal, PushStatus push) => PushReceipt.ParseList(journal.Pushes.GetReceipt(push.Id)) is { Before: >= 0 } sums ? sums : null;
}
