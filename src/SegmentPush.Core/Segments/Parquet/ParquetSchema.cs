namespace SegmentPush.Segments.Parquet;

/// <summary>Builds the places of a file's rows from its schema, by the rules of Parquet's logical types, older ones included.</summary>
internal sealed class ParquetSchema
{
    private const int DepthMost = 100;

    private readonly IReadOnlyList<SchemaElement> _elements;
    private readonly ParquetSource _source;
    private int _next;
    private int _columns;

    private ParquetSchema(IReadOnlyList<SchemaElement> elements, ParquetSource source) => (_elements, _source) = (elements, source);

    /// <summary>Builds the places.</summary>
    /// <param name="elements">The schema's elements.</param>
    /// <param name="source">The file, for errors.</param>
    /// <param name="columns">Number of columns.</param>
    /// <returns>The row.</returns>
    public static ParquetNode Build(IReadOnlyList<SchemaElement> elements, ParquetSource source, out int columns)
    {
        var schema = new ParquetSchema(elements, source);
        var root = schema.Take();
        var fields = schema.BuildChildren(root, new Level(0, 0), DepthMost);
        if (schema._next != elements.Count) throw schema.Malformed();
        columns = schema._columns;
        return new ParquetNode("", ParquetKind.Struct, fields, definition: 0);
    }

    private readonly record struct Level(int Definition, int Repetition)
    {
        public Level Enter(Repetition repetition) => repetition switch
        {
            Parquet.Repetition.Required => this,
            Parquet.Repetition.Optional => this with { Definition = Definition + 1 },
            _ => new Level(Definition + 1, Repetition + 1),
        };
    }

    private ParquetNode BuildField(Level around, int depth)
    {
        var element = Take();
        if (element.Repetition != Repetition.Repeated) return BuildOne(element, around.Enter(element.Repetition), depth);

        // A field that repeats by itself is a list that is never null.
        var level = around.Enter(Repetition.Repeated);
        return List(element.Name, BuildOne(element, level, depth), around.Definition, level);
    }

    private ParquetNode BuildOne(SchemaElement element, Level level, int depth)
    {
        if (element.Type is { } type) return BuildLeaf(element, type, level);
        if (depth == 0 || element.Children <= 0) throw Malformed();
        bool isMap = element.Converted is ConvertedType.Map or ConvertedType.MapKeyValue || element.Logical?.Kind == LogicalKind.Map;
        bool isList = element.Converted == ConvertedType.List || element.Logical?.Kind == LogicalKind.List;
        if ((isMap || isList) && element.Children == 1 && _next < _elements.Count && _elements[_next].Repetition == Repetition.Repeated)
            return isMap ? BuildMap(element, level, depth - 1) : BuildList(element, level, depth - 1);
        return new ParquetNode(element.Name, ParquetKind.Struct, BuildChildren(element, level, depth - 1), level.Definition);
    }

    private ParquetNode BuildList(SchemaElement list, Level level, int depth)
    {
        var repeated = Take();
        var within = level.Enter(Repetition.Repeated);

        // Older writers have the element itself repeat.
        bool isElement = repeated.Type is not null || repeated.Children != 1 || repeated.Name == "array" || repeated.Name == list.Name + "_tuple"
            || repeated.Logical is not null || repeated.Converted is not null;
        var element = isElement ? BuildOne(repeated, within, depth) : BuildField(within, depth);
        return List(list.Name, element, level.Definition, within);
    }

    private ParquetNode BuildMap(SchemaElement map, Level level, int depth)
    {
        var repeated = Take();
        var within = level.Enter(Repetition.Repeated);
        if (repeated.Type is not null || repeated.Children is < 1 or > 2) throw Malformed();
        var children = BuildChildren(repeated, within, depth);

        // A map without values is a list of its keys.
        if (children.Length == 1) return List(map.Name, children[0], level.Definition, within);
        if (children[0].Leaf is null) throw Malformed();
        return new ParquetNode(map.Name, ParquetKind.Map, children, level.Definition)
        {
            ElementDefinition = within.Definition,
            ElementRepetition = within.Repetition,
        };
    }

    private static ParquetNode List(string name, ParquetNode element, int definition, Level within) =>
        new(name, ParquetKind.List, [element], definition) { ElementDefinition = within.Definition, ElementRepetition = within.Repetition };

    private ParquetNode[] BuildChildren(SchemaElement parent, Level level, int depth)
    {
        if (parent.Children < 0 || parent.Children > _elements.Count) throw Malformed();
        var children = new ParquetNode[parent.Children];
        for (int i = 0; i < children.Length; i++) children[i] = BuildField(level, depth);
        return children;
    }

    private ParquetNode BuildLeaf(SchemaElement element, PhysicalType type, Level level)
    {
        int width = type switch
        {
            PhysicalType.Boolean => 1,
            PhysicalType.Int32 or PhysicalType.Float => 4,
            PhysicalType.Int64 or PhysicalType.Double => 8,
            PhysicalType.Int96 => 12,
            PhysicalType.ByteArray => 0,
            PhysicalType.FixedByteArray when element.TypeLength > 0 => element.TypeLength,
            _ => throw Malformed(),
        };

        var leaf = new ParquetLeaf(_columns++, type, width, ValueMeaning.Of(element, type), level.Definition, level.Repetition);
        return new ParquetNode(element.Name, ParquetKind.Leaf, [], level.Definition) { Leaf = leaf };
    }

    private SchemaElement Take() => _next < _elements.Count ? _elements[_next++] : throw Malformed();

    private SegmentPushException Malformed() => _source.Damaged("has a schema that is not valid");
}
