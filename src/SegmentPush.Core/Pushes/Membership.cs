using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>How the rows of a destination's segment tell who is on its list, and who leaves.</summary>
/// <param name="Hash">Makes the hashes by which its snapshot knows people, for the thread that reads.</param>
/// <param name="HasExits">Whether rows say by a membership column who is in and who has left.</param>
/// <param name="Column">The user's name of that column; null for the usual ones.</param>
/// <param name="KeyOf">How the journal keeps an identity; null for as it is.</param>
internal sealed record Membership(RowHash Hash, bool HasExits, string? Column, Func<string, string>? KeyOf = null)
{
    /// <summary>Finds the membership column of each source, and which of its rows count.</summary>
    /// <returns>Null where all rows are in.</returns>
    /// <exception cref="SegmentPushException"><c>MembershipColumnNotFound</c>.</exception>
    public MembershipOfRows? Bind(
        IReadOnlyList<PushSource> sources, IReadOnlyList<RowMapper?> mappers, bool identitiesAreLookedUp, SegmentReview? review, CancellationToken cancellation)
    {
        if (!HasExits) return null;
        string[] names = [.. sources.Select(source => source.IsEmpty ? "" : SegmentMembership.FindColumn(Column, source.Reader.Columns, source.FindColumn, source.Description))];
        int[] columns = [.. sources.Select((source, i) => source.IsEmpty ? -1 : source.FindColumn(names[i]))];
        return new MembershipOfRows(columns, names, NewestRows.Of(sources, mappers, columns, identitiesAreLookedUp, review, Hash.OfIdentity, cancellation));
    }
}

/// <summary>Which rows of a segment of changes name somebody who is in, and which somebody who has left.</summary>
/// <param name="columns">The membership column of each source.</param>
/// <param name="names">Its name.</param>
/// <param name="last">Which rows count.</param>
internal sealed class MembershipOfRows(int[] columns, string[] names, NewestRows last)
{
    /// <summary>Whether the current row's person is in; null where the row does not say.</summary>
    public bool? IsIn(int source, RowCells cells) => SegmentMembership.Parse(cells[columns[source]]);

    /// <summary>Why a row is rejected that does not say it.</summary>
    public Rejection Unknown(int source, RowCells cells) => new(
        "MembershipUnknown",
        cells[columns[source]].IsWhiteSpace()
            ? MessageText.Say($"The membership is empty; '{names[source]}' must say realized, existing or active (in the segment), or exited, exiting or expired (left it).")
            : MessageText.Say($"The membership must be realized, existing or active (in the segment), or exited, exiting or expired (left it); correct '{names[source]}'."),
        names[source],
        cells[columns[source]].Length);

    /// <summary>Whether a later row has the same identity.</summary>
    public bool IsOutdated(in MappedRow row) => last.HasAny && last.IsOutdated(row.IdentityHash, row.Source, row.Row);
}
