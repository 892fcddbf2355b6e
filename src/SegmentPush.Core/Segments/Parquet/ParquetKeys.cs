using System.IO.Hashing;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Parquet;

/// <summary>Reads the keys of a file's maps, which only the rows tell.</summary>
/// <param name="groups">The row groups.</param>
/// <param name="columns">Give the reader of a column.</param>
internal sealed class ParquetKeys(IReadOnlyList<RowGroup> groups, Func<ParquetLeaf, ColumnReader> columns)
{
    /// <summary>The keys on the way to a map, where one of them is not known.</summary>
    public const string Unknown = "?";

    // A map with more keys has none that could be listed; one with still more is not read to its end.
    private const int KeysMost = 1_000, KeysReadMost = 20_000;

    private const int RowsBetweenChecks = 10_000;

    private readonly Dictionary<(ParquetNode Map, string Outer), Keys> _keys = [];
    private readonly HashSet<ParquetNode> _read = [];

    /// <summary>The keys of a map, in the order in which they come first.</summary>
    /// <param name="map">The map.</param>
    /// <param name="outer">The keys of the maps around it, as <see cref="Below"/> joins them.</param>
    public IReadOnlyList<string> Of(ParquetNode map, string outer) => _keys.GetValueOrDefault((map, outer))?.Names ?? [];

    /// <summary>Whether a map may have any other keys, too.</summary>
    /// <inheritdoc cref="Of"/>
    public bool IsOpen(ParquetNode map, string outer) =>
        !_read.Contains(map) || outer.Contains(Unknown, StringComparison.Ordinal) || _keys.GetValueOrDefault((map, outer))?.IsOpen == true;

    /// <summary>Whether a map has keys with an address in them, which are not listed.</summary>
    /// <inheritdoc cref="Of"/>
    public bool HasPersonal(ParquetNode map, string outer) => _keys.GetValueOrDefault((map, outer))?.HasPersonal == true;

    /// <summary>Adds a key to the keys on the way to a map. Keys that differ by case only are one.</summary>
    public static string Below(string outer, string key) => outer + "\n" + ColumnNames.FoldPath(key);

    /// <summary>Reads the keys of all maps at a place or below it.</summary>
    /// <param name="at">The place.</param>
    /// <param name="around">The lists and maps around it, from the outside in.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public void Read(ParquetNode at, ParquetNode[] around, CancellationToken cancellation)
    {
        if (ColumnNames.Fold(at.Name) == NestedColumns.KeyedByPeople) return;
        var within = at.Kind is ParquetKind.List or ParquetKind.Map ? [.. around, at] : around;
        if (at.Kind == ParquetKind.Map && TryRead(within, cancellation)) _read.Add(at);
        foreach (var child in at.Children) Read(child, within, cancellation);
    }

    // False where there are too many keys.
    private bool TryRead(ParquetNode[] around, CancellationToken cancellation)
    {
        var maps = around.Select(at => at.Kind == ParquetKind.Map ? columns(at.Children[0].Leaf!) : null).ToArray();
        var keys = maps[^1]!;
        var readers = maps.OfType<ColumnReader>().ToArray();
        var walk = new ElementWalk(keys, [.. around.Select(_ => new ElementChoice())]);
        var seen = new HashSet<ulong>();
        long rows = 0;
        foreach (var group in groups)
        {
            foreach (var reader in readers) reader.Start(group);
            for (long left = group.Rows; left > 0; left--)
            {
                if (++rows % RowsBetweenChecks == 0) cancellation.ThrowIfCancellationRequested();
                foreach (var reader in readers) reader.ReadRow();
                walk.Start();
                while (walk.Next())
                {
                    if (keys.HasValue(walk.Entry) && seen.Add(HashOf(maps, walk))) Note(around, maps, walk);
                }

                if (seen.Count > KeysReadMost) return false;
            }
        }

        return true;
    }

    // Of all keys on the way to an element, so that most elements are known at a glance.
    private static ulong HashOf(ColumnReader?[] maps, ElementWalk walk)
    {
        ulong hash = 0;
        for (int level = 0; level < maps.Length; level++)
        {
            if (maps[level] is { } keys) hash = XxHash3.HashToUInt64(keys.Value(walk.KeyEntry(level)), (long)hash + 1);
        }

        return hash;
    }

    private void Note(ParquetNode[] around, ColumnReader?[] maps, ElementWalk walk)
    {
        string outer = "";
        string? key = null;
        for (int level = 0; level < maps.Length; level++)
        {
            if (maps[level] is not { } keys) continue;
            if (key is not null) outer = Below(outer, key);
            key = ParquetValueJson.ToText(keys.Leaf, keys.Value(walk.KeyEntry(level)));
        }

        var map = (around[^1], outer);
        if (!_keys.TryGetValue(map, out var known)) _keys[map] = known = new Keys();
        known.Add(key!);
    }

    private sealed class Keys
    {
        private readonly HashSet<string> _folded = [];

        public List<string> Names { get; } = [];

        public bool IsOpen { get; private set; }

        public bool HasPersonal { get; private set; }

        public void Add(string key)
        {
            if (NestedColumns.IsPersonal(key)) HasPersonal = true;
            else if (Names.Count >= KeysMost) IsOpen = true;
            else if (_folded.Add(ColumnNames.FoldPath(key))) Names.Add(key);
        }
    }
}
