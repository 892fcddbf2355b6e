using SegmentPush.Mappings;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Mappings;

/// <summary>Binds mappings to plain columns.</summary>
internal static class BoundMapping
{
    public static RowMapper Bind(this Mapping mapping, IReadOnlyList<string> columns, string sourceName, MappingUse use) =>
        mapping.Bind(columns, name => ColumnNames.Find(columns, name), sourceName, use);
}
