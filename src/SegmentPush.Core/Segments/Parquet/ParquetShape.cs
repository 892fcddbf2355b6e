using System.IO.Hashing;
using System.Text;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Parquet;

/// <summary>Says what a file's rows hold: what the schema says, and the keys of the maps, which only the rows tell.</summary>
internal sealed class ParquetShape
{
    // A map with more keys has none that could be listed.
    private const int KeysMost = 1_000;

    private const int RowsBetweenChecks = 10_000;

    // Keys there are people's own.
    private const string KeyedByPeople = "IDSPECIFIC";

    private readonly IReadOnlyList<RowGroup> _groups;
    private readonly Func<ParquetLeaf, ColumnReader> _columns;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<(ParquetNode Map, string Outer), MapKeys> _keys = [];

    private ParquetShape(IReadOnlyList<RowGroup> groups, Func<ParquetLeaf, ColumnReader> columns, CancellationToken cancellation) =>
        (_groups, _columns, _cancellation) = (groups, columns, cancellation);

    /// <summary>Reads the keys, and says what the rows hold.</summary>
    /// <param name="row">The places of the rows.</param>
    /// <param name="groups">The row groups.</param>
    /// <param name="columns">Give the reader of a column.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static Shape Of(ParquetNode row, IReadOnlyList<RowGroup> groups, Func<ParquetLeaf, ColumnReader> columns, CancellationToken cancellation)
    {
        var shape = new ParquetShape(groups, columns, cancellation);
        shape.ReadKeys(row, []);
        return shape.Build(row, "", "");
    }

    private sealed class MapKeys
    {
        public List<string> Names { get; } = [];

        public bool IsOpen { get; set; }
    }

    // `around` are the lists and maps around a place, from the outside in.
    private void ReadKeys(ParquetNode at, ParquetNode[] around)
    {
        if (ColumnNames.Fold(at.Name) == KeyedByPeople) return;
        var within = at.Kind is ParquetKind.List or ParquetKind.Map ? [.. around, at] : around;
        if (at.Kind == ParquetKind.Map) ReadKeys(within);
        foreach (var child in at.Children) ReadKeys(child, within);
    }

    private void ReadKeys(ParquetNode[] around)
    {
        var maps = around.Select(at => at.Kind == ParquetKind.Map ? _columns(at.Children[0].Leaf!) : null).ToArray();
        var keys = maps[^1]!;
        var read = maps.OfType<ColumnReader>().ToArray();
        var walk = new ElementWalk(keys, [.. around.Select(_ => new ElementChoice())]);
        var seen = new HashSet<ulong>();
        long rows = 0;
        foreach (var group in _groups)
        {
            foreach (var column in read) column.Start(group);
            for (long left = group.Rows; left > 0; left--)
            {
                if (++rows % RowsBetweenChecks == 0) _cancellation.ThrowIfCancellationRequested();
                foreach (var column in read) column.ReadRow();
                walk.Start();
                while (walk.Next())
                {
                    if (keys.HasValue(walk.Entry) && seen.Add(HashOf(maps, walk))) Note(around, maps, walk);
                }
            }
        }
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

        if (!_keys.TryGetValue((around[^1], outer), out var known)) _keys[(around[^1], outer)] = known = new MapKeys();
        if (known.Names.Count >= KeysMost || key!.Contains('@', StringComparison.Ordinal)) known.IsOpen = true;
        else if (!known.Names.Exists(name => ColumnNames.FoldPath(name) == ColumnNames.FoldPath(key))) known.Names.Add(key);
    }

    // Keys that differ by case only are one.
    private static string Below(string outer, string key) => outer + "\n" + ColumnNames.FoldPath(key);

    private Shape Build(ParquetNode at, string name, string outer) => at.Kind switch
    {
        ParquetKind.Leaf => new Shape(name) { HasText = true },
        ParquetKind.Struct => new Shape(name) { HasObject = true, Fields = BuildFields(at, outer) },
        ParquetKind.List => Build(at.Children[0], name, outer) with { HasList = true },
        _ => BuildMap(at, name, outer),
    };

    private Shape[] BuildFields(ParquetNode at, string outer)
    {
        var folds = at.Children.CountBy(field => ColumnNames.FoldPath(field.Name)).ToDictionary();
        return [.. at.Children.Select(field => Build(field, field.Name, outer) with { IsExact = folds[ColumnNames.FoldPath(field.Name)] > 1 })];
    }

    private Shape BuildMap(ParquetNode map, string name, string outer)
    {
        var keys = _keys.GetValueOrDefault((map, outer));
        bool isOpen = keys?.IsOpen == true || !_keys.Keys.Any(known => known.Map == map);
        return new Shape(name)
        {
            HasObject = true,
            Fields = [.. (keys?.Names ?? []).Select(key => Build(map.Children[1], key, Below(outer, key)))],
            Unlisted = isOpen ? Build(map.Children[1], "", Below(outer, "")) : null,
        };
    }
}
