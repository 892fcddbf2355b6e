using SegmentPush.Mappings;
using SegmentPush.Segments;

namespace SegmentPush.Pushes.InStep;

/// <summary>
/// Which rows of a segment of changes count: of several with one identity the last one, so that nobody is put on the list who
/// has left again by the end of the same files.
/// </summary>
internal sealed class LastRows
{
    private readonly Dictionary<Hash128, (int Source, long Row)> _repeated = [];

    private LastRows()
    {
    }

    /// <summary>Reads the sources once, before they are pushed.</summary>
    /// <param name="sources">The sources.</param>
    /// <param name="mappers">Map the rows of each; null for a source without any.</param>
    /// <param name="hashOf">Gives the hash of an identity.</param>
    /// <param name="cancellation">Ends it.</param>
    public static LastRows Of(
        IReadOnlyList<PushSource> sources, IReadOnlyList<RowMapper?> mappers, Func<ReadOnlySpan<char>, Hash128> hashOf, CancellationToken cancellation)
    {
        var last = new LastRows();
        var seen = new IdentitySet();
        for (int source = 0; source < sources.Count; source++)
        {
            if (mappers[source] is not { } mapper) continue;
            using var reader = sources[source].OpenAgain();
            var cells = new RowCells(reader.GetValue, reader.IsTyped);
            while (reader.Read(cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                if (reader.Fault is not null) continue;
                var identity = mapper.KeyOf(cells);
                if (identity.IsEmpty) continue;
                var hash = hashOf(identity);
                if (!seen.Add(hash)) last._repeated[hash] = (source, reader.Row);
            }
        }

        return last;
    }

    /// <summary>Whether any identity comes more than once.</summary>
    public bool HasAny => _repeated.Count > 0;

    /// <summary>Whether a later row has the same identity.</summary>
    public bool IsOutdated(Hash128 hash, int source, long row) =>
        _repeated.TryGetValue(hash, out var last) && last != (source, row);
}
