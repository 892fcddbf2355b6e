namespace SegmentPush.Segments.Delimited;

/// <summary>
/// Tells in a file whose rows end with carriage return and line feed whether line feeds alone stand in cells. They part rows where each line could be a row with an
/// address, or, if the first line has no address, where all cells together are too many for one row.
/// </summary>
internal sealed class LoneFeeds
{
    private int _parts;
    private int _cells;
    private int _address;
    private bool _areRows;

    /// <summary>Whether a line feed alone stands in a cell.</summary>
    public bool AreInCells { get; private set; }

    /// <summary>Adds the next row.</summary>
    /// <param name="row">The row; blank ones, too.</param>
    /// <param name="columns">Number of the header's cells.</param>
    public void Add(RowParser row, int columns)
    {
        if (_parts == 0 && row.End != RowEnd.Feed) return;
        if (!row.IsBlank) AddPart(row, columns);
        if (row.End != RowEnd.Feed) Finish(columns);
    }

    /// <summary>Ends the rows that have line feeds alone between them.</summary>
    public void Finish(int columns)
    {
        bool isOneRow = _address >= 0 ? !_areRows : _cells - (_parts - 1) <= columns;
        AreInCells |= _parts > 1 && isOneRow;
        (_parts, _cells) = (0, 0);
    }

    private void AddPart(RowParser row, int columns)
    {
        if (_parts == 0) (_address, _areRows) = (FindAddress(row), true);
        else _areRows &= _address < 0 || (_address < row.CellCount && LineCells.MayBeAddress(row.GetCell(_address), isWhole: row.CellCount == columns));
        _parts++;
        _cells += row.CellCount;
    }

    private static int FindAddress(RowParser row)
    {
        for (int i = 0; i < row.CellCount; i++)
        {
            if (LineCells.IsAddress(row.GetCell(i))) return i;
        }

        return -1;
    }
}
