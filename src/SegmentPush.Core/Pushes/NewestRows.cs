using SegmentPush.Mappings;
using SegmentPush.Segments;

namespace SegmentPush.Pushes;

/// <summary>
/// Which rows of a segment of changes count: of several with one identity the last one that can be pushed, so that nobody is put on the list
/// who has left again by the end of the same files. A row at fault says nothing valid, and does not count, nor does a row that consent keeps off the list.
/// </summary>
internal sealed class NewestRows
{
    private const int RowsAtOnce = 500;

    private readonly Dictionary<Hash128, (int Source, long Row)> _repeated = [];

    private NewestRows()
    {
    }

    /// <summary>Reads the sources once, before they are pushed.</summary>
    /// <param name="sources">The sources.</param>
    /// <param name="mappers">Map the rows of each; null for a source without any.</param>
    /// <param name="columns">The membership column of each.</param>
    /// <param name="identitiesAreLookedUp">Whether each identity goes into a lookup, which can't hold commas.</param>
    /// <param name="review">Whose consent says no or can't be read; null where nobody's is asked.</param>
    /// <param name="hashOf">Gives the hash of an identity.</param>
    /// <param name="cancellation">Ends it.</param>
    public static NewestRows Of(
        IReadOnlyList<PushSource> sources,
        IReadOnlyList<RowMapper?> mappers,
        int[] columns,
        bool identitiesAreLookedUp,
        SegmentReview? review,
        Func<ReadOnlySpan<char>, Hash128> hashOf,
        CancellationToken cancellation)
    {
        var last = new NewestRows();
        var seen = new IdentitySet();
        for (int source = 0; source < sources.Count; source++)
        {
            if (mappers[source] is not { } mapper) continue;
            using var reader = sources[source].OpenAgain();
            var cells = new RowCells(reader.GetValue, reader.IsTyped);
            var text = new RowText();
            for (int rows = 1; reader.Read(cancellation); rows++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (rows % RowsAtOnce == 0)
                {
                    text.Dispose();
                    text = new RowText();
                }

                if (reader.Fault is not null || SegmentMembership.Parse(cells[columns[source]]) is not { } isIn) continue;
                var rejection = isIn ? mapper.Map(source, reader.Row, cells, text, out var mapped) : mapper.MapLeaving(source, reader.Row, cells, text, out mapped);
                if (rejection is not null || (identitiesAreLookedUp && mapped.Identity.Span.Contains(','))) continue;
                if (isIn && review?.HoldsBack(mapped.Identity.Span) == true) continue;
                var hash = hashOf(mapped.Identity.Span);
                if (!seen.Add(hash)) last._repeated[hash] = (source, reader.Row);
            }

            text.Dispose();
        }

        return last;
    }

    /// <summary>Whether any identity comes more than once.</summary>
    public bool HasAny => _repeated.Count > 0;

    /// <summary>Whether a later row has the same identity.</summary>
    public bool IsOutdated(Hash128 hash, int source, long row) =>
        _repeated.TryGetValue(hash, out var last) && last != (source, row);
}
