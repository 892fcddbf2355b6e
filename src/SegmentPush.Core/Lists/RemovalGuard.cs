using System.Globalization;

namespace SegmentPush.Lists;

/// <summary>Decides whether a mirror or an undo may take people off a list, where the segment or the number of removals does not look right.</summary>
internal static class RemovalGuard
{
    /// <summary>
    /// Finds out why the removals of a mirror must not begin. All reasons are named, so that nobody lets one through and meets the next.
    /// </summary>
    /// <param name="limits">What the guard permits.</param>
    /// <param name="last">The last segment.</param>
    /// <param name="extent">The segment.</param>
    /// <param name="all">The removals.</param>
    /// <param name="former">The removals of those people alone who have not come with pushes that did not complete; null where nobody has come with such pushes.</param>
    /// <returns>The reasons as a part of a sentence; null where the removals may begin.</returns>
    public static MessageText? FindReason(GuardLimits limits, LastSegment last, SegmentExtent extent, RemovalShare all, RemovalShare? former)
    {
        if (all.Removals == 0) return null;

        // Then nothing else needs to be said.
        if (extent.People == 0) return "the segment has no people";
        return Joined([.. ReasonsOf(limits, last, extent), .. ReasonsOf(limits, all, former)]);
    }

    /// <summary>Finds out why so many removals must not begin.</summary>
    /// <inheritdoc cref="FindReason(GuardLimits, LastSegment, SegmentExtent, RemovalShare, RemovalShare?)"/>
    public static MessageText? FindReason(GuardLimits limits, RemovalShare all) => Joined([.. ReasonsOf(limits, all, former: null)]);

    private static IEnumerable<MessageText> ReasonsOf(GuardLimits limits, LastSegment last, SegmentExtent extent)
    {
        if (extent.EndsInRow) yield return "its file ends in the middle of a row";
        if (extent.EndsWithLine == false && last.EndsWithLine == true) yield return "its file does not end with the end of a row, as the one before it did: it may have been cut off";
        if (extent.Missing > 0) yield return MessageText.Plural(
            extent.Missing,
            $"{extent.Missing:N0} person of the export is missing in its files, so it is not known who has left",
            $"{extent.Missing:N0} people of the export are missing in its files, so it is not known who has left");
        if (extent.Unreadable > 0) yield return MessageText.Plural(
            extent.Unreadable, $"{extent.Unreadable:N0} row can't be read, so it is not known who has left", $"{extent.Unreadable:N0} rows can't be read, so it is not known who has left");
        if (extent.Nameless > 0) yield return MessageText.Plural(
            extent.Nameless,
            $"{extent.Nameless:N0} row has no identity that can be read, so it is not known who has left",
            $"{extent.Nameless:N0} rows have no identity that can be read, so it is not known who has left");
        if (last.People is { } people && extent.People < people * (100.0 - limits.MaxShrinkPercent) / 100)
            yield return $"the segment has {Counted.People(extent.People)} and had {people:N0}, which is more than {limits.MaxShrinkPercent}% less";
    }

    private static IEnumerable<MessageText> ReasonsOf(GuardLimits limits, RemovalShare all, RemovalShare? former)
    {
        if (all.Removals > limits.MaxRemovals) yield return $"more than {Counted.People(limits.MaxRemovals.Value)} would be taken off the list";

        // With 100 everything is let through, also where the list was not known to have anybody.
        if (limits.MaxRemovalPercent >= 100) yield break;
        if (IsTooLarge(all))
            yield return $"more than {limits.MaxRemovalPercent}% of the {Counted.People(all.People)} on the list at the beginning would be taken off";
        else if (former is { } share && IsTooLarge(share))
            yield return $"more than {limits.MaxRemovalPercent}% of the {Counted.People(share.People)} that were on the list before unfinished pushes would be taken off";

        bool IsTooLarge(RemovalShare share) => share.Removals * 100 > share.People * limits.MaxRemovalPercent;
    }

    /// <summary>The error of a push that the guard stops.</summary>
    /// <param name="destination">Name of the destination, or of the list where there is none.</param>
    /// <param name="reason">Why.</param>
    /// <param name="removals">People that would have been removed.</param>
    public static SegmentPushException Stopped(string destination, MessageText reason, long removals) => new(
        SegmentPushException.GuardStopped,
        $"The guard of destination '{destination}' stopped before the first of {Counted.Removals(removals)}: {reason}.",
        "Look at the export and at the plan (-WhatIf); if it is right, push it with Invoke-SegmentPush -Force.",
        destination);

    /// <summary>What a plan says of a push that the guard would stop.</summary>
    /// <inheritdoc cref="Stopped"/>
    public static MessageText WouldStop(string destination, MessageText reason, long removals) =>
        $"The guard of destination '{destination}' would stop before the first of {Counted.Removals(removals)}: {reason}.";

    /// <summary>What a plan says instead where <c>-Force</c> goes into it: nobody may let the removals through without having read of them.</summary>
    /// <param name="wouldStop">What it would say without.</param>
    public static MessageText LetThrough(MessageText wouldStop) => $"{wouldStop} -Force lets them through.";

    private static MessageText? Joined(MessageText[] reasons) => reasons.Length == 0 ? null : reasons.Aggregate((all, next) => $"{all}; {next}");
}
