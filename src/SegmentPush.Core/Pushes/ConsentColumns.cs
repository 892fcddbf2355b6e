using SegmentPush.Mappings;
using SegmentPush.Segments;

namespace SegmentPush.Pushes;

/// <summary>The columns of a source that hold its people's consent to marketing by email.</summary>
/// <param name="Any">The column of the consent to marketing of any kind; -1 for none.</param>
/// <param name="Email">The column of the consent to marketing by email; -1 for none.</param>
/// <param name="OfIdentities">The column of consents that hold for one address each; -1 for none.</param>
/// <param name="FindsByAddress">Whether people are found by their addresses.</param>
internal sealed record ConsentColumns(int Any, int Email, int OfIdentities, bool FindsByAddress)
{
    /// <summary>Finds the columns.</summary>
    /// <param name="find">Finds a column by its name or path; -1 for none.</param>
    /// <param name="findPairs">Finds the consents of addresses; -1 for none.</param>
    /// <param name="findsByAddress">Whether people are found by their addresses.</param>
    /// <returns>Null where the source tells nothing of consent.</returns>
    /// <exception cref="SegmentPushException">Several columns have one of the names (<c>SourceColumnAmbiguous</c>).</exception>
    public static ConsentColumns? Find(Func<string, int> find, Func<int> findPairs, bool findsByAddress)
    {
        int email = find(EmailConsent.EmailPath), any = find(EmailConsent.AnyPath), pairs = findPairs();
        return email < 0 && any < 0 && pairs < 0 ? null : new ConsentColumns(any, email, pairs, findsByAddress);
    }

    /// <summary>What the current row says.</summary>
    /// <param name="cells">Its cells.</param>
    /// <param name="identity">The person's identity; empty where the row has none.</param>
    public ConsentAnswer Read(CellOf cells, ReadOnlySpan<char> identity) =>
        EmailConsent.Decide(AnyOf(cells), EmailOf(cells), OfIdentity(cells, identity));

    /// <summary>Why the current row is rejected, whose consent can't be read.</summary>
    /// <param name="cells">Its cells.</param>
    /// <param name="identity">The person's identity; empty where the row has none.</param>
    public Rejection NotUnderstood(CellOf cells, ReadOnlySpan<char> identity)
    {
        string name = EmailConsent.IsUnderstood(AnyOf(cells)) ? EmailConsent.IsUnderstood(EmailOf(cells)) ? EmailConsent.OfIdentityPath : EmailConsent.EmailPath : EmailConsent.AnyPath;
        return new Rejection(
            "ConsentUnknown",
            MessageText.Say($"The consent '{name}' must be one of y, n, p, u, dy, dn, LI, CT, CP, VI and PI; correct it, or push with -IgnoreConsent."),
            name,
            0);
    }

    /// <summary>Why a row is rejected whose person has a consent in another row that can't be read.</summary>
    public static Rejection NotUnderstoodElsewhere() => new(
        "ConsentUnknown",
        MessageText.Say($"Another row with the same identity has a consent that can't be read; correct it there, or push with -IgnoreConsent."),
        EmailConsent.EmailPath,
        0);

    private ReadOnlySpan<char> AnyOf(CellOf cells) => Any < 0 ? default : cells(Any);

    private ReadOnlySpan<char> EmailOf(CellOf cells) => Email < 0 ? default : cells(Email);

    // A profile may have an address in several spellings. Where people are found by something else, nobody knows to which of their addresses Marketo sends:
    // a no for one of them counts.
    private ReadOnlySpan<char> OfIdentity(CellOf cells, ReadOnlySpan<char> identity)
    {
        var rest = OfIdentities < 0 ? default : cells(OfIdentities);
        ReadOnlySpan<char> strictest = default;
        while (!rest.IsEmpty)
        {
            var address = PairedValues.TakeLine(ref rest).Trim();
            var value = PairedValues.TakeLine(ref rest);
            if (!FindsByAddress || address.Equals(identity, StringComparison.OrdinalIgnoreCase)) strictest = EmailConsent.StricterOf(strictest, value);
        }

        return strictest;
    }
}
