namespace SegmentPush.Lists;

/// <summary>A member with what is noted of it.</summary>
/// <param name="Member">The member.</param>
/// <param name="Named">How the segment names the identity.</param>
/// <param name="IsListed">Whether the list was seen to hold the person with this identity.</param>
/// <param name="IsFromSegment">Whether a row of a segment has put the person on the list.</param>
internal readonly record struct KnownMember(SnapshotMember Member, NamedBy Named, bool IsListed, bool IsFromSegment)
{
    /// <summary>Of several members with one identity, a row leads to the one with the highest rank.</summary>
    public uint Rank { get; init; }

    /// <summary>What is known of the member.</summary>
    /// <param name="isListed">Whether the list holds the person; null where it was not read.</param>
    public PersonFacts FactsWhere(bool? isListed) => new(IsMember: true, isListed, Named)
    {
        IsFromSegment = IsFromSegment,
        HasId = (Member.MarketoId ?? Member.DoubtedId) is not null,
    };
}
