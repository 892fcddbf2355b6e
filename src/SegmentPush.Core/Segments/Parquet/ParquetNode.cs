namespace SegmentPush.Segments.Parquet;

/// <summary>Kinds of places in the rows of a Parquet file.</summary>
internal enum ParquetKind
{
    /// <summary>A value.</summary>
    Leaf,

    /// <summary>An object with fields.</summary>
    Struct,

    /// <summary>A list; its one child is the element.</summary>
    List,

    /// <summary>An object whose fields differ from row to row; its children are the key and the value.</summary>
    Map,
}

/// <summary>A place in the rows of a Parquet file.</summary>
/// <param name="name">Its name within the object around it.</param>
/// <param name="kind">Its kind.</param>
/// <param name="children">The places within it.</param>
/// <param name="definition">The definition level from which on it is not null.</param>
internal sealed class ParquetNode(string name, ParquetKind kind, IReadOnlyList<ParquetNode> children, int definition)
{
    private ParquetLeaf[]? _leaves;

    public string Name => name;

    public ParquetKind Kind => kind;

    public IReadOnlyList<ParquetNode> Children => children;

    public int Definition => definition;

    /// <summary>For a list or map, the definition level from which on it has an element.</summary>
    public int ElementDefinition { get; init; }

    /// <summary>For a list or map, the repetition level of a further element.</summary>
    public int ElementRepetition { get; init; }

    /// <summary>The column of a value.</summary>
    public ParquetLeaf? Leaf { get; init; }

    /// <summary>The columns of all values at this place or below it.</summary>
    public ReadOnlySpan<ParquetLeaf> Leaves => _leaves ??= Leaf is not null ? [Leaf] : [.. children.SelectMany(child => child.Leaves.ToArray())];
}

/// <summary>A column.</summary>
/// <param name="Column">Its number in a row group.</param>
/// <param name="Type">How its values are stored.</param>
/// <param name="Width">Bytes of a value; 0 where they differ.</param>
/// <param name="Meaning">What its values mean.</param>
/// <param name="MaxDefinition">The definition level of a value that is not null.</param>
/// <param name="MaxRepetition">Number of lists and maps around it.</param>
internal sealed record ParquetLeaf(int Column, PhysicalType Type, int Width, ValueMeaning Meaning, int MaxDefinition, int MaxRepetition);
