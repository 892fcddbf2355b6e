namespace SegmentPush.Lists;

/// <summary>A person that the snapshot knows on its list.</summary>
/// <param name="Number">Number in the snapshot.</param>
/// <param name="MarketoId">The person's id in Marketo; null where an import did not tell, or has put it in doubt.</param>
/// <param name="Key">Key of the identity.</param>
internal readonly record struct SnapshotMember(int Number, long? MarketoId, MemberKey Key)
{
    /// <summary>Whether an id is known that may be that of another person by now, so that it is not used.</summary>
    public bool IsIdInDoubt { get; init; }
}
