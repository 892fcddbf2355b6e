namespace SegmentPush.Journal;

/// <summary>Errors about snapshots that can't be used as they are.</summary>
internal static class SnapshotErrors
{
    /// <summary>The error for a generation that is not the newest one any more.</summary>
    public static SegmentPushException Outdated() => new(
        "SnapshotOutdated",
        "What was known of the list does not hold any more: its destination has been removed or moved, or another push has read the list anew.",
        "Push the segment again.");

    /// <summary>The error where the numbers of members are used up.</summary>
    public static SegmentPushException Full() => new(
        "SnapshotFull", "So many people have joined the list that the snapshot has no number left for another one.", "Push once with -Resync, which numbers the people anew.");
}
