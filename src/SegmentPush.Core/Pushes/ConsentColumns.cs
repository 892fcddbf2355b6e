using SegmentPush.Mappings;
using SegmentPush.Segments;

namespace SegmentPush.Pushes;

/// <summary>The columns of a source that hold its people's consent to marketing by email.</summary>
/// <param name="Any">The column of the consent to marketing of any kind; -1 for none.</param>
/// <param name="Email">The column of the consent to marketing by email; -1 for none.</param>
/// <param name="OfIdentities">The column of consents that hold for one address each; -1 for none.</param>
/// <param name="Name">The name of the first of these columns, for messages.</param>
internal sealed record ConsentColumns(int Any, int Email, int OfIdentities, string Name)
{
    /// <summary>Finds the columns.</summary>
    /// <param name="find">Finds a column by its name or path; -1 for none.</param>
    /// <param name="findPairs">Finds the consents of addresses; -1 for none.</param>
    /// <returns>Null where the source tells nothing of consent.</returns>
    /// <exception cref="SegmentPushException">Several columns have one of the names (<c>SourceColumnAmbiguous</c>).</exception>
    public static ConsentColumns? Find(Func<string, int> find, Func<int> findPairs)
    {
        int email = find(EmailConsent.EmailPath), any = find(EmailConsent.AnyPath), pairs = findPairs();
        if (email < 0 && any < 0 && pairs < 0) return null;
        return new ConsentColumns(any, email, pairs, email >= 0 || any < 0 ? EmailConsent.EmailPath : EmailConsent.AnyPath);
    }

    /// <summary>What the current row says.</summary>
    /// <param name="cells">Its cells.</param>
    /// <param name="identity">The person's identity; empty where the row has none.</param>
    public ConsentAnswer Read(CellOf cells, ReadOnlySpan<char> identity) => EmailConsent.Decide(
        Any < 0 ? default : cells(Any),
        Email < 0 ? default : cells(Email),
        OfIdentities < 0 ? default : PairedValues.Find(cells(OfIdentities), identity));

    /// <summary>Why a row is rejected whose consent can't be read.</summary>
    public Rejection NotUnderstood() => new(
        "ConsentUnknown",
        MessageText.Say($"The consent '{Name}' must be one of y, n, p, u, dy, dn, LI, CT, CP, VI and PI; correct it, or push with -IgnoreConsent."),
        Name,
        0);
}
