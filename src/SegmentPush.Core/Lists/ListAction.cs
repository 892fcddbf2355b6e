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

    /// <summary>Put the person, who was taken off by others, on the list again.</summary>
    PutBack,

    /// <summary>Enter the person into the snapshot, which did not know it.</summary>
    Learn,

    /// <summary>Take the person out of the snapshot: the list does not hold it, or another entry stands for it.</summary>
    Forget,

    /// <summary>Count the person as removed, and forget it: an earlier process of the push took the person off, and did not learn that it had.</summary>
    CountRemoved,
}

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

/// <summary>What the list tells of an identity by which an import of the push may have put somebody on it. An import tells no id.</summary>
internal enum ImportedIdentity
{
    /// <summary>The person is a member that the snapshot also knew by another identity.</summary>
    KnownOtherwise,

    /// <summary>The member with the identity is gone, and a person that the snapshot did not know has it by now.</summary>
    Replaced,

    /// <summary>The member has another identity by now, and a person that the snapshot did not know has the old one.</summary>
    LeftBehind,
}

/// <summary>A member with the identity of somebody that an import of the push may have put on the list.</summary>
/// <param name="Number">Number in the snapshot.</param>
/// <param name="Identity">What the list tells of the identity.</param>
internal readonly record struct ImportedMember(int Number, ImportedIdentity Identity);
