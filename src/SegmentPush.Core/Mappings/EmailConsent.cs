namespace SegmentPush.Mappings;

/// <summary>What a profile says about marketing by email.</summary>
internal enum ConsentAnswer
{
    /// <summary>Nothing.</summary>
    Open = 0,

    /// <summary>Yes, by the person or by default.</summary>
    Yes = 1,

    /// <summary>No, by the person or by default, or a yes that waits for its confirmation.</summary>
    No = 2,

    /// <summary>A value that Adobe's list of values does not have.</summary>
    NotUnderstood = 3,
}

/// <summary>Reads a person's consent to marketing by email from the places where Experience Platform keeps it, in Adobe's order of precedence.</summary>
internal static class EmailConsent
{
    /// <summary>Path to the consent to marketing by email.</summary>
    public const string EmailPath = "consents.marketing.email.val";

    /// <summary>Path to the consent to marketing of any kind.</summary>
    public const string AnyPath = "consents.marketing.any.val";

    /// <summary>The paths of the consents that hold for all addresses of a profile.</summary>
    public static readonly IReadOnlyList<string> Paths = [EmailPath, AnyPath];

    /// <summary>Path to the consents that hold for one identity each. The rest of the path holds the identity, which no message shows.</summary>
    public const string OfIdentityPath = "consents.idSpecific";

    // LI to PI are legal grounds other than consent: legitimate interest, contract, compliance, vital interest, public interest.
    private static readonly string[] s_yes = ["y", "dy", "LI", "CT", "CP", "VI", "PI"];
    private static readonly string[] s_open = ["", "u", "null"];

    private enum Word
    {
        Open,
        Yes,
        No,
        DefaultNo,
        Pending,
        NotUnderstood,
    }

    /// <summary>Decides by all that is known.</summary>
    /// <param name="any">Value of the consent to marketing of any kind; empty for none.</param>
    /// <param name="email">Value of the consent to marketing by email; empty for none.</param>
    /// <param name="ofIdentity">Value of the consent to marketing by email of this address alone; empty for none.</param>
    public static ConsentAnswer Decide(ReadOnlySpan<char> any, ReadOnlySpan<char> email, ReadOnlySpan<char> ofIdentity)
    {
        Word byAny = Parse(any), byEmail = Parse(email), byIdentity = Parse(ofIdentity);

        // A no to everything is above all else, and a no to email above that of one address.
        if (byAny == Word.No || IsNo(byEmail) || IsNo(byIdentity)) return ConsentAnswer.No;
        if (byAny == Word.NotUnderstood || byEmail == Word.NotUnderstood || byIdentity == Word.NotUnderstood) return ConsentAnswer.NotUnderstood;
        if (byEmail == Word.Yes || byIdentity == Word.Yes) return ConsentAnswer.Yes;

        // A default holds where nothing finer is said.
        return byAny switch
        {
            Word.DefaultNo => ConsentAnswer.No,
            Word.Yes => ConsentAnswer.Yes,
            _ => ConsentAnswer.Open,
        };
    }

    /// <summary>Whether a value is one of Adobe's, or empty.</summary>
    public static bool IsUnderstood(ReadOnlySpan<char> value) => Parse(value) != Word.NotUnderstood;

    /// <summary>The one of two values of one consent that permits less: a no, else one that is not understood, else a yes.</summary>
    public static ReadOnlySpan<char> StricterOf(ReadOnlySpan<char> one, ReadOnlySpan<char> other) => Strictness(Parse(one)) >= Strictness(Parse(other)) ? one : other;

    private static int Strictness(Word word) => IsNo(word) ? 3 : word == Word.NotUnderstood ? 2 : word == Word.Yes ? 1 : 0;

    private static bool IsNo(Word word) => word is Word.No or Word.DefaultNo or Word.Pending;

    private static Word Parse(ReadOnlySpan<char> cell)
    {
        var text = cell.Trim();
        return IsOneOf(text, s_open) ? Word.Open
            : text.Equals("n", StringComparison.OrdinalIgnoreCase) ? Word.No
            : text.Equals("dn", StringComparison.OrdinalIgnoreCase) ? Word.DefaultNo
            : text.Equals("p", StringComparison.OrdinalIgnoreCase) ? Word.Pending
            : IsOneOf(text, s_yes) ? Word.Yes
            : Word.NotUnderstood;
    }

    private static bool IsOneOf(ReadOnlySpan<char> text, string[] words)
    {
        foreach (string word in words)
        {
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
