using System.Globalization;
using SegmentPush.Destinations;
using SegmentPush.Journal;

namespace SegmentPush.Pushes.InStep;

/// <summary>Stops a mirror before the first removal where the segment does not look right.</summary>
internal static class Guard
{
    /// <summary>Lets removals through, or stops them.</summary>
    /// <param name="destination">The destination, with what it lets through.</param>
    /// <param name="before">What the segment was like when it was last pushed completely.</param>
    /// <param name="extent">What it is like now.</param>
    /// <param name="endsWithLine">Whether its file ends with a line end; null where it is no file.</param>
    /// <param name="members">People on the list before the push.</param>
    /// <param name="removals">People whom the push would take off it in all.</param>
    /// <exception cref="SegmentPushException"><c>GuardStopped</c>.</exception>
    public static void Check(
        SegmentDestination destination, DestinationEntry before, SegmentExtent extent, bool? endsWithLine, long members, long removals)
    {
        if (removals == 0) return;

        // What is wrong with the segment says more than how many would go because of it.
        if (extent.People == 0) Stop("the segment has no people");
        if (extent.EndsInRow) Stop("its file ends in the middle of a row");
        if (endsWithLine == false && before.SegmentEndsWithLine == true) Stop("its file does not end with the end of a row, as the one before it did: it may have been cut off");
        if (extent.Unreadable > 0) Stop($"{Number(extent.Unreadable)} rows can't be read, so it is not known who has left");
        if (before.SegmentPeople is { } people && extent.People < people * (100.0 - destination.MaxShrinkPercent) / 100)
        {
            Stop($"the segment has {Number(extent.People)} people and had {Number(people)}, which is more than {destination.MaxShrinkPercent} % less");
        }

        Limit(destination, members, removals);

        void Stop(string why) => throw Stopped(destination, why, removals);
    }

    /// <summary>Lets a number of removals through, or stops them.</summary>
    /// <exception cref="SegmentPushException"><c>GuardStopped</c>.</exception>
    public static void Limit(SegmentDestination destination, long members, long removals)
    {
        if (removals > destination.MaxRemovals)
            throw Stopped(destination, $"more than {Number(destination.MaxRemovals.Value)} people would be taken off the list", removals);
        if (removals * 100 > members * destination.MaxRemovalPercent)
            throw Stopped(destination, $"more than {destination.MaxRemovalPercent} % of the {Number(members)} people on the list would be taken off", removals);
    }

    private static SegmentPushException Stopped(SegmentDestination destination, string why, long removals) => new(
        SegmentPushException.GuardStopped,
        $"The guard of destination '{destination.Name}' stopped before the first of {Number(removals)} removals: {why}.",
        "Look at the export and at the plan (-WhatIf); if it is right, push again with -Force.",
        destination.Name);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
