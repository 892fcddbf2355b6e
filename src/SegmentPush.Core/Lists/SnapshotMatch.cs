namespace SegmentPush.Lists;

/// <summary>What the snapshot knows of a person of the segment.</summary>
/// <param name="Member">The person on the list; null for somebody who is not known to be on it.</param>
/// <param name="IsUnchanged">Whether the person is known to be on the list with just these values, so that there is nothing to do.</param>
internal readonly record struct SnapshotMatch(SnapshotMember? Member, bool IsUnchanged)
{
    /// <summary>All people on the list with the identity, where they are several; null otherwise.</summary>
    public IReadOnlyList<SnapshotMember>? Twins { get; init; }

    /// <summary>The numbers of the twins by their ids; null where there is one person.</summary>
    public IReadOnlyDictionary<long, int>? NumbersOfTwins =>
        Twins?.Where(twin => twin.MarketoId is not null).DistinctBy(twin => twin.MarketoId).ToDictionary(twin => twin.MarketoId!.Value, twin => twin.Number);
}
