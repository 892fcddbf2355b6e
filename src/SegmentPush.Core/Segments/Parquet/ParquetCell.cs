using System.Runtime.CompilerServices;
using System.Text;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Parquet;

/// <summary>Takes one value that is asked for out of each row.</summary>
internal abstract class ParquetCell(RowCells cells, int cell, ElementWalk walk)
{
    protected RowCells Cells => cells;

    protected int Cell => cell;

    protected ElementWalk Walk => walk;

    /// <summary>Takes the value out of the current row.</summary>
    public abstract void Take();

    /// <summary>Writes an entry's value into the cell.</summary>
    [MethodImpl(EveryRow.Compiled)]
    protected void Put(ColumnReader column, int entry)
    {
        var value = column.Value(entry);
        if (column.Leaf.Meaning.Kind == ValueKind.Text)
        {
            cells.SetUtf8(cell, value, isTyped: false);
            return;
        }

        var text = cells.Claim(ValueText.LengthMost);
        int length = ValueText.Write(column.Leaf, value, text);
        if (length < 0) cells.Reject(column.Leaf.Meaning.Kind == ValueKind.Binary ? cells.FaultsOf(cell).IsInvalid : cells.FaultsOf(cell).IsOutOfRange);
        else if (column.Leaf.Meaning.Kind == ValueKind.Float)
        {
            if (ValueText.IsMissing(text[..length])) return;
            if (text[..length].EndsWith("Infinity")) cells.Reject(cells.FaultsOf(cell).IsInfinite);
        }

        cells.Close(cell, Math.Max(0, length), isTyped: true);
    }
}

/// <summary>A value of a column; a row may have one.</summary>
internal sealed class ParquetValueCell(RowCells cells, int cell, ElementWalk walk, ColumnReader column) : ParquetCell(cells, cell, walk)
{
    [MethodImpl(EveryRow.Compiled)]
    public override void Take()
    {
        Walk.Start();
        while (Walk.Next())
        {
            if (column.HasValue(Walk.Entry)) Put(column, Walk.Entry);
        }
    }
}

/// <summary>An object, which has no text: a row that has it is at fault.</summary>
/// <param name="cells">The cells of the row.</param>
/// <param name="cell">The number of the cell.</param>
/// <param name="walk">Goes through the entries of a column within the object.</param>
/// <param name="column">That column.</param>
/// <param name="definition">The level from which on the object is not null.</param>
internal sealed class ParquetObjectCell(RowCells cells, int cell, ElementWalk walk, ColumnReader column, int definition) : ParquetCell(cells, cell, walk)
{
    public override void Take()
    {
        Walk.Start();
        while (Walk.Next())
        {
            if (column.Definition(Walk.Entry) >= definition) Cells.Reject(Cells.FaultsOf(Cell).IsObject);
        }
    }
}

/// <summary>The primary one of a list of identities, else the first one that has an id.</summary>
/// <param name="cells">The cells of the row.</param>
/// <param name="cell">The number of the cell.</param>
/// <param name="walk">Goes through the identities' ids.</param>
/// <param name="ids">The column of the ids.</param>
/// <param name="primary">The column that marks the primary one, if there is one.</param>
/// <param name="level">Number of the map of namespaces among the lists and maps around the ids, from the outside in, from 0; -1 for none.</param>
internal sealed class ParquetIdentityCell(RowCells cells, int cell, ElementWalk walk, ColumnReader ids, ColumnReader? primary, int level)
    : ParquetCell(cells, cell, walk)
{
    [MethodImpl(EveryRow.Compiled)]
    public override void Take()
    {
        int chosen = -1, space = -1;
        bool hasPrimary = false;
        Walk.Start();
        while (Walk.Next())
        {
            int entry = Walk.Entry;
            if (!ids.HasValue(entry) || ids.Value(entry).IsEmpty) continue;
            if (level >= 0 && chosen >= 0 && Walk.KeyEntry(level) != space) Cells.Reject(Cells.FaultsOf(Cell).IsTwice);
            bool isPrimary = IsPrimary(primary, entry);
            if (chosen >= 0 && (hasPrimary || !isPrimary)) continue;
            (chosen, hasPrimary) = (entry, isPrimary);
            if (level >= 0) space = Walk.KeyEntry(level);
        }

        if (chosen >= 0) Put(ids, chosen);
    }

    /// <summary>Whether an identity is the primary one: the mark lies beside the id.</summary>
    public static bool IsPrimary(ColumnReader? primary, int entry)
    {
        if (primary is null || !primary.HasValue(entry)) return false;
        var mark = primary.Value(entry);
        return primary.Leaf.Type == PhysicalType.Boolean ? mark[0] != 0 : Ascii.EqualsIgnoreCase(mark, "true"u8);
    }
}
