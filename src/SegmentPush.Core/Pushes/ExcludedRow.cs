namespace SegmentPush.Pushes;

/// <summary>Why a row does not count, although it can be read.</summary>
/// <param name="Code">Stable name of the reason.</param>
/// <param name="Text">The reason in a sentence.</param>
internal sealed record ExcludedRow(string Code, MessageText Text)
{
    /// <summary>The text in the language of the user.</summary>
    public string Reason => Text.ToString();

    /// <summary>A profile that is not in the audience any more.</summary>
    public static readonly ExcludedRow Exited = new("Exited", "The profile has left the audience.");

    /// <summary>A profile without an identity.</summary>
    public static readonly ExcludedRow NoIdentity = new("NoIdentity", "The profile has no identity that could find the person in Marketo.");

    /// <summary>A person who says no.</summary>
    public static readonly ExcludedRow NoConsent = new("NoConsent", "The person's consent says no to marketing by email.");

    /// <summary>A person who says no in another row.</summary>
    public static readonly ExcludedRow NoConsentElsewhere = new("NoConsent", "Another row with the same identity says no to marketing by email.");

    /// <summary>A profile that shares its identity with a newer one.</summary>
    public static readonly ExcludedRow Older = new("SameIdentity", "Another profile with the same identity has qualified later, and counts.");
}
