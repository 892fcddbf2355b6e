using System.Runtime.CompilerServices;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Parquet;

/// <summary>Several values of a row in one cell, one on each line.</summary>
/// <param name="cells">The cells of the row.</param>
/// <param name="cell">The number of the cell.</param>
/// <param name="walk">Goes through the entries.</param>
internal abstract class ParquetLinesCell(RowCells cells, int cell, ElementWalk walk) : ParquetCell(cells, cell, walk)
{
    private byte[] _lines = new byte[256];
    private int _length;

    /// <summary>Begins anew.</summary>
    protected void Clear() => _length = 0;

    /// <summary>Adds a line. A value that has several would pass for more values.</summary>
    [MethodImpl(EveryRow.Compiled)]
    protected void Add(ReadOnlySpan<byte> value)
    {
        int needed = _length + value.Length + 1;
        if (needed > _lines.Length) Array.Resize(ref _lines, Math.Max(needed, 2 * _lines.Length));
        if (_length > 0) _lines[_length++] = (byte)PairedValues.Separator;
        var line = _lines.AsSpan(_length, value.Length);
        value.CopyTo(line);
        line.Replace((byte)PairedValues.Separator, (byte)' ');
        _length += value.Length;
    }

    /// <summary>Writes the lines into the cell.</summary>
    protected void Write() => Cells.SetUtf8(Cell, _lines.AsSpan(0, _length), isTyped: false);
}

/// <summary>The ids of all identities of a list, the primary one first.</summary>
/// <param name="cells">The cells of the row.</param>
/// <param name="cell">The number of the cell.</param>
/// <param name="walk">Goes through the identities' ids.</param>
/// <param name="ids">The column of the ids.</param>
/// <param name="primary">The column that marks the primary one; null where there is none.</param>
internal sealed class ParquetIdentitiesCell(RowCells cells, int cell, ElementWalk walk, ColumnReader ids, ColumnReader? primary)
    : ParquetLinesCell(cells, cell, walk)
{
    [MethodImpl(EveryRow.Compiled)]
    public override void Take()
    {
        Clear();
        AddWhere(isPrimary: true);
        AddWhere(isPrimary: false);
        Write();
    }

    private void AddWhere(bool isPrimary)
    {
        if (isPrimary && primary is null) return;
        Walk.Start();
        while (Walk.Next())
        {
            if (ids.HasValue(Walk.Entry) && !ids.Value(Walk.Entry).IsEmpty && ParquetIdentityCell.IsPrimary(primary, Walk.Entry) == isPrimary) Add(ids.Value(Walk.Entry));
        }
    }
}

/// <summary>The keys of a map in turn with a value of each element.</summary>
/// <param name="cells">The cells of the row.</param>
/// <param name="cell">The number of the cell.</param>
/// <param name="walk">Goes through the values.</param>
/// <param name="values">The column of the values.</param>
/// <param name="keys">The column of the keys.</param>
/// <param name="level">Number of the map among the lists and maps around the values, from the outside in, from 0.</param>
internal sealed class ParquetPairsCell(RowCells cells, int cell, ElementWalk walk, ColumnReader values, ColumnReader keys, int level)
    : ParquetLinesCell(cells, cell, walk)
{
    [MethodImpl(EveryRow.Compiled)]
    public override void Take()
    {
        Clear();
        Walk.Start();
        while (Walk.Next())
        {
            int key = Walk.KeyEntry(level);
            if (!values.HasValue(Walk.Entry) || !keys.HasValue(key) || keys.Value(key).IsEmpty) continue;
            Add(keys.Value(key));
            Add(values.Value(Walk.Entry));
        }

        Write();
    }
}
