namespace SegmentPush.Lists;

/// <summary>A person that the snapshot knows on its list.</summary>
/// <param name="Number">Number in the snapshot.</param>
/// <param name="MarketoId">The person's id in Marketo; null where an import did not tell, or has put it in doubt.</param>
/// <param name="Key">Key of the identity.</param>
internal readonly record struct SnapshotMember(int Number, long? MarketoId, MemberKey Key)
{
    /// <summary>An id that may be that of another person by now, so that it is used only where the list shows what has become of it; null for none.</summary>
    public long? DoubtfulId { get; init; }

    /// <summary>Whether there is such an id.</summary>
    public bool IsIdInDoubt => DoubtfulId is not null;
}
