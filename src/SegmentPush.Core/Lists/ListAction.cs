namespace SegmentPush.Lists;

/// <summary>What is to be done about one person and a list.</summary>
internal enum ListAction
{
    /// <summary>Nothing.</summary>
    Leave,

    /// <summary>Add the person, who is not known to be on the list. Deliveries do that.</summary>
    Add,

    /// <summary>Take the person off the list.</summary>
    Remove,

    /// <summary>Put the person, whom others took off, on the list again.</summary>
    PutBack,

    /// <summary>Enter the person into the snapshot, which did not know it.</summary>
    Learn,

    /// <summary>Take the person out of the snapshot: the list does not hold it, or another entry stands for it.</summary>
    Forget,
}

/// <summary>What is known of one person and a list.</summary>
/// <param name="IsMember">Whether the snapshot knows the person on the list.</param>
/// <param name="IsListed">Whether the list holds the person; null where it was not read.</param>
/// <param name="Named">How the segment names the person by the identity that the snapshot knows, or by that of a person it does not know.</param>
internal readonly record struct PersonFacts(bool IsMember, bool? IsListed, NamedBy Named)
{
    /// <summary>Whether a row with another identity says that the same person is in the segment.</summary>
    public bool IsNamedOtherwise { get; init; }

    /// <summary>Whether a row of an earlier segment put the person on the list.</summary>
    public bool IsFromSegment { get; init; }

    /// <summary>Whether the id in Marketo is known.</summary>
    public bool HasId { get; init; }
}
