using System.Runtime.CompilerServices;
using System.Text;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Parquet;

/// <summary>Which elements of a list or map are meant.</summary>
/// <param name="Index">The number of the element that is meant; -1 where that does not matter.</param>
/// <param name="Key">The key of the element that is meant; null where that does not matter.</param>
/// <param name="Keys">The column of the keys.</param>
internal sealed record ElementChoice(int Index = -1, KeyName? Key = null, ColumnReader? Keys = null)
{
    /// <summary>Whether an element is meant.</summary>
    /// <param name="element">Its number within its list or map.</param>
    /// <param name="keyEntry">The entry of its key.</param>
    [MethodImpl(EveryRow.Compiled)]
    public bool Means(int element, int keyEntry) =>
        (Index < 0 || Index == element) && (Key is null || (Keys!.HasValue(keyEntry) && IsKey(Keys.Leaf, Keys.Value(keyEntry))));

    [MethodImpl(EveryRow.Compiled)]
    private bool IsKey(ParquetLeaf leaf, ReadOnlySpan<byte> key)
    {
        if (leaf.Meaning.Kind != ValueKind.Text) key = Encoding.UTF8.GetBytes(ParquetValueJson.ToText(leaf, key));
        return Key!.Matches(key, KeyName.IsPlain(key));
    }
}

/// <summary>Goes through a row's entries of a column, and tells which of them lie in the lists' and maps' elements that are meant.</summary>
/// <param name="column">The column.</param>
/// <param name="choices">For each list and map around it, from the outside in, which elements are meant.</param>
internal sealed class ElementWalk(ColumnReader column, IReadOnlyList<ElementChoice> choices)
{
    // For each list and map, the number of the element within it, and that of the key's entry within the row.
    private readonly int[] _elements = new int[choices.Count];
    private readonly int[] _keys = new int[choices.Count];

    /// <summary>The number of the current entry.</summary>
    public int Entry { get; private set; }

    /// <summary>Goes before the first entry of the row.</summary>
    public void Start() => Entry = -1;

    /// <summary>Goes to the next entry that is meant.</summary>
    /// <returns>False after the last one.</returns>
    [MethodImpl(EveryRow.Compiled)]
    public bool Next()
    {
        while (++Entry < column.Count)
        {
            Count(column.Repetition(Entry));
            if (IsMeant()) return true;
        }

        return false;
    }

    /// <summary>The entry of a key that belongs to the current entry.</summary>
    /// <param name="level">Number of the map, from the outside in, from 0.</param>
    public int KeyEntry(int level) => _keys[level];

    // A repetition level says in which list or map a further element begins; those within begin anew.
    private void Count(int repetition)
    {
        if (repetition == 0)
        {
            Array.Clear(_elements);
            Array.Clear(_keys);
            return;
        }

        _elements[repetition - 1]++;
        _keys[repetition - 1]++;
        for (int level = repetition; level < _elements.Length; level++)
        {
            _elements[level] = 0;
            _keys[level]++;
        }
    }

    private bool IsMeant()
    {
        for (int level = 0; level < choices.Count; level++)
        {
            if (!choices[level].Means(_elements[level], _keys[level])) return false;
        }

        return true;
    }
}
