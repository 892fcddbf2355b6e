using SegmentPush.Mappings;
using SegmentPush.Segments;

namespace SegmentPush.Pushes;

/// <summary>The columns of a source that say which of its rows count: membership in an audience, and consent.</summary>
/// <param name="Consent">The columns of the consent; null where there are none, or they are not asked.</param>
/// <param name="Status">The column of the membership in the audience; -1 for none.</param>
/// <param name="Qualified">The column of the time at which the person came into the audience or left it; -1 for none.</param>
/// <param name="IsAudience">Whether the rows are profiles of an audience.</param>
internal sealed record RowSigns(ConsentColumns? Consent, int Status, int Qualified, bool IsAudience)
{
    /// <summary>A source without such columns.</summary>
    public static readonly RowSigns None = new(null, -1, -1, IsAudience: false);

    /// <summary>Finds the columns of a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="find">Finds a column by its name; -1 for none.</param>
    /// <param name="findConsents">Finds the consents of addresses; -1 for none.</param>
    /// <param name="findsByAddress">Whether people are found by their addresses.</param>
    /// <param name="ignoresConsent">Whether consent is not asked.</param>
    /// <returns>Null where all rows of the source count.</returns>
    /// <exception cref="SegmentPushException">A name matches several columns (<c>SourceColumnAmbiguous</c>).</exception>
    public static RowSigns? Find(PushSource source, Func<string, int> find, Func<int> findConsents, bool findsByAddress, bool ignoresConsent)
    {
        if (source.IsEmpty) return null;
        var consent = ignoresConsent ? null : ConsentColumns.Find(find, findConsents, findsByAddress);
        if (source.Audience is not { } audience) return consent is null ? null : new RowSigns(consent, -1, -1, IsAudience: false);
        var (status, qualified) = audience.Request.Membership.Find(source.Reader.Columns, find);
        return new RowSigns(consent, status, qualified, IsAudience: true);
    }

    /// <summary>Whether the person of the current row is in the audience: without a membership, too.</summary>
    public bool IsIn(CellOf cells) => Status < 0 || SegmentMembership.Parse(cells(Status)) != false;

    /// <summary>When the person of the current row came into the audience or left it, as ticks UTC; 0 where the row does not say.</summary>
    public long QualifiedAt(CellOf cells) => Qualified < 0 ? 0 : QualificationTime.Parse(cells(Qualified));
}
