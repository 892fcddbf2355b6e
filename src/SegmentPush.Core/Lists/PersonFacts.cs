namespace SegmentPush.Lists;

/// <summary>What is known of one person and a list.</summary>
/// <param name="IsMember">Whether the snapshot knows the person on the list.</param>
/// <param name="IsListed">Whether the list holds the person; null where it was not read.</param>
/// <param name="Named">How the segment names the person by the identity that the snapshot knows, or by that of a person it does not know.</param>
internal readonly record struct PersonFacts(bool IsMember, bool? IsListed, NamedBy Named)
{
    /// <summary>Whether a row with another identity says that the same person is in the segment.</summary>
    public bool IsNamedOtherwise { get; init; }

    /// <summary>Whether another person on the list has the identity by now. Then a row that says who is in the segment names that one.</summary>
    public bool IsIdentityTaken { get; init; }

    /// <summary>Whether another entry of the snapshot stands for the same person: that of the present identity, one that a row names, or a newer one.</summary>
    public bool HasBetterEntry { get; init; }

    /// <summary>Whether a row of an earlier segment put the person on the list.</summary>
    public bool IsFromSegment { get; init; }

    /// <summary>Whether the id in Marketo is known. An id in doubt counts, too.</summary>
    public bool HasId { get; init; }

    /// <summary>Whether an earlier process of the push has sent the removal of the person, and no answer is known.</summary>
    public bool MayBeOff { get; init; }
}
