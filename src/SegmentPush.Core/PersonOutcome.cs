namespace SegmentPush;

/// <summary>What became of one person of a segment.</summary>
public enum PersonOutcome
{
    /// <summary>The push ended before this person's turn; counted under failed.</summary>
    NotDelivered = 0,

    /// <summary>Put on the list.</summary>
    Added = 1,

    /// <summary>Known to have been on the list already.</summary>
    AlreadyMember = 2,

    /// <summary>Taken off the list.</summary>
    Removed = 3,

    /// <summary>To be taken off, but was not on the list.</summary>
    NotMember = 4,

    /// <summary>Nobody in Marketo has this identity.</summary>
    Unmatched = 5,

    /// <summary>An earlier row has the same identity.</summary>
    Duplicate = 6,

    /// <summary>The row, or Marketo's answer for it, is at fault; code and reason say why.</summary>
    Rejected = 7,

    /// <summary>The profile of the audience has no identity that could find the person.</summary>
    NoIdentity = 8,

    /// <summary>The person's consent says no to marketing by email, in this row or in another one with the same identity.</summary>
    NoConsent = 9,
}
