using System.Runtime.CompilerServices;
using SegmentPush.Mappings;
using SegmentPush.Segments;

namespace SegmentPush.Pushes;

/// <summary>
/// What must be known of all rows of a segment before the first one counts: the identities whose consent says no in any row or can't be read, and which of
/// several rows with one identity is the newest that can be pushed. Only the columns that say so are read, and all mapped ones of rows that share an identity.
/// </summary>
internal sealed class SegmentReview
{
    private const int LargeSegment = 100_000, RowsBetweenCollections = 1_000;

    private readonly IdentitySet _hashes;
    private readonly HashSet<Hash128> _refused = [];
    private readonly HashSet<Hash128> _unclear = [];
    private readonly Dictionary<Hash128, Newest> _newest = [];

    private SegmentReview(IdentitySet hashes) => _hashes = hashes;

    /// <summary>Number of identities whose consent says no.</summary>
    public int Refused => _refused.Count;

    /// <summary>Reads the sources once, and once more where profiles of an audience share identities.</summary>
    /// <param name="sources">The sources.</param>
    /// <param name="mappers">Map the rows of each; null for a source without any.</param>
    /// <param name="identitiesAreLookedUp">Whether each identity goes into a lookup, which can't hold commas.</param>
    /// <param name="ignoresConsent">Whether consent is not asked.</param>
    /// <param name="cancellation">Ends it.</param>
    public static SegmentReview Of(
        IReadOnlyList<PushSource> sources, IReadOnlyList<RowMapper?> mappers, bool identitiesAreLookedUp, bool ignoresConsent, CancellationToken cancellation)
    {
        var seen = new IdentitySet();
        var review = new SegmentReview(seen.Empty());
        bool comparesTimes = false;
        Read(sources, mappers, ignoresConsent, (signs, cells, key) =>
        {
            var consent = signs.Consent?.Read(cells, key) ?? ConsentAnswer.Open;
            if (consent == ConsentAnswer.No) review._refused.Add(seen.HashOf(key));
            if (consent == ConsentAnswer.NotUnderstood) review._unclear.Add(seen.HashOf(key));
            if (!signs.IsAudience || (signs.Status < 0 && signs.Qualified < 0)) return;

            // Who has left may come back by another profile, and the other way round.
            if (!seen.Add(key) || !signs.IsIn(cells)) review._newest[seen.HashOf(key)] = default;
            comparesTimes = true;
        }, cancellation);
        bool isLarge = seen.Count > LargeSegment;
        seen = seen.Empty();

        // What the review has seen would else lie beside what the push sees.
        if (isLarge) Garbage.GiveBack();
        if (!comparesTimes || review._newest.Count == 0) return review;
        for (int source = 0; source < sources.Count; source++)
        {
            if (mappers[source] is not { } mapper) continue;
            using var reader = sources[source].OpenAgain();
            if (RowSigns.Find(sources[source], reader.FindColumn, reader.FindConsents, mapper.FindsByAddress, ignoresConsent) is { IsAudience: true } signs)
                review.FindNewest(reader, mapper, signs, identitiesAreLookedUp, cancellation);
        }

        return review;
    }

    // A row that is rejected says nothing valid: an older one of the same identity counts.
    private void FindNewest(ISegmentReader reader, RowMapper mapper, RowSigns signs, bool identitiesAreLookedUp, CancellationToken cancellation)
    {
        var cells = new RowCells(reader.GetValue, reader.IsTyped);
        CellOf cellOf = reader.GetValue;
        int identity = mapper.Identity.Column;
        while (reader.Read(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            if (reader.Row % RowsBetweenCollections == 0) Garbage.BoundYoung();
            if (reader.Fault is not null || mapper.ReadIdentity(cells[identity], cells.IsTyped(identity), out var key) is not null) continue;
            var hash = _hashes.HashOf(key);
            if (!_newest.TryGetValue(hash, out var newest)) continue;
            var row = new Newest(signs.QualifiedAt(cellOf), signs.IsIn(cellOf));
            if (newest.IsOlderThan(row) && !(row.IsIn && IsRejected(signs, reader, mapper, cells, key, identitiesAreLookedUp))) _newest[hash] = row;
        }
    }

    private static bool IsRejected(
        RowSigns signs, ISegmentReader reader, RowMapper mapper, RowCells cells, ReadOnlySpan<char> key, bool identitiesAreLookedUp)
    {
        if ((identitiesAreLookedUp && key.Contains(',')) || signs.Consent?.Read(reader.GetValue, key) == ConsentAnswer.NotUnderstood) return true;
        using var text = new RowText();
        return mapper.Map(0, reader.Row, cells, text, out _) is not null;
    }

    /// <summary>Whether any row with an identity has a consent that says no.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public bool IsRefused(ReadOnlySpan<char> identity) => _refused.Count > 0 && _refused.Contains(_hashes.HashOf(identity));

    /// <summary>Whether any row with an identity has a consent that can't be read, so that nobody knows whether it says no.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public bool IsUnclear(ReadOnlySpan<char> identity) => _unclear.Count > 0 && _unclear.Contains(_hashes.HashOf(identity));

    /// <summary>Whether consent keeps everybody with an identity off the list.</summary>
    public bool HoldsBack(ReadOnlySpan<char> identity) => IsRefused(identity) || IsUnclear(identity);

    /// <summary>Whether another row with the same identity is newer, and counts instead.</summary>
    /// <param name="identity">The identity.</param>
    /// <param name="signs">The columns of the row's source.</param>
    /// <param name="cells">The row.</param>
    [MethodImpl(EveryRow.Compiled)]
    public bool IsOutdated(ReadOnlySpan<char> identity, RowSigns signs, CellOf cells) =>
        _newest.Count > 0
        && _newest.TryGetValue(_hashes.HashOf(identity), out var newest)
        && new Newest(signs.QualifiedAt(cells), signs.IsIn(cells)).IsOlderThan(newest);

    private static void Read(
        IReadOnlyList<PushSource> sources, IReadOnlyList<RowMapper?> mappers, bool ignoresConsent, Row take, CancellationToken cancellation)
    {
        for (int source = 0; source < sources.Count; source++)
        {
            if (mappers[source] is not { } mapper) continue;
            using var reader = sources[source].OpenToReview();
            int identity = reader.FindColumn(mapper.Identity.Source);
            if (identity < 0 || RowSigns.Find(sources[source], reader.FindColumn, reader.FindConsents, mapper.FindsByAddress, ignoresConsent) is not { } signs) continue;
            while (reader.Read(cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                if (reader.Row % RowsBetweenCollections == 0) Garbage.BoundYoung();
                if (reader.Fault is null && mapper.ReadIdentity(reader.GetValue(identity), reader.IsTyped(identity), out var key) is null)
                    take(signs, reader.GetValue, key);
            }
        }
    }

    private delegate void Row(RowSigns signs, CellOf cells, ReadOnlySpan<char> key);

    // A row that is in counts before one of the same time that is out.
    private readonly record struct Newest(long Ticks, bool IsIn)
    {
        public bool IsOlderThan(Newest other) => Ticks < other.Ticks || (Ticks == other.Ticks && !IsIn && other.IsIn);
    }
}
