using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Parquet;

/// <summary>Says what a file's rows hold.</summary>
/// <param name="keys">The keys of the file's maps.</param>
internal sealed class ParquetShape(ParquetKeys keys)
{
    /// <summary>What a place holds.</summary>
    /// <param name="at">The place.</param>
    /// <param name="name">The name by which it is found.</param>
    /// <param name="outer">The keys of the maps around it.</param>
    public Shape Of(ParquetNode at, string name, string outer) => at.Kind switch
    {
        ParquetKind.Leaf => new Shape(name) { HasText = true },
        ParquetKind.Struct => new Shape(name) { HasObject = true, Fields = FieldsOf(at, outer) },
        ParquetKind.List => Of(at.Children[0], name, outer) with { HasList = true },
        _ => OfMap(at, name, outer),
    };

    private Shape[] FieldsOf(ParquetNode at, string outer)
    {
        var folds = at.Children.CountBy(field => ColumnNames.FoldPath(field.Name)).ToDictionary();
        return [.. at.Children.Select(field => Of(field, field.Name, outer) with { IsExact = folds[ColumnNames.FoldPath(field.Name)] > 1 })];
    }

    private Shape OfMap(ParquetNode map, string name, string outer) => new(name)
    {
        HasObject = true,
        Fields = [.. keys.Of(map, outer).Select(key => Of(map.Children[1], key, ParquetKeys.Below(outer, key)))],
        Unlisted = keys.IsOpen(map, outer) || keys.HasPersonal(map, outer) ? Of(map.Children[1], "", ParquetKeys.Below(outer, ParquetKeys.Unknown)) : null,
        IsUnlistedPersonal = !keys.IsOpen(map, outer),
    };
}
