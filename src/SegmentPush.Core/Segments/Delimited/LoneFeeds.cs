namespace SegmentPush.Segments.Delimited;

/// <summary>
/// Tells in a file whose rows end with carriage return and line feed whether line feeds alone stand in cells. They part rows where each row has its address, or
/// where all cells together are too many for one row.
/// </summary>
internal sealed class LoneFeeds
{
    private int _parts;
    private int _cells;
    private int _address;
    private bool _hasAddresses;
    private bool _areInCells;
    private bool _partRows;

    /// <summary>Whether line feeds alone stand in cells, and none of them parts rows.</summary>
    public bool AreInCells => _areInCells && !_partRows;

    /// <summary>Adds the next row.</summary>
    /// <param name="row">The row; blank ones, too.</param>
    /// <param name="dialect">The rules.</param>
    /// <param name="columns">Number of the header's cells.</param>
    public void Add(RowParser row, Dialect dialect, int columns)
    {
        if (_parts == 0 && row.End != RowEnd.Feed) return;
        if (_parts == 0) _address = LineCells.FindAddress(row.Raw, dialect.Delimiter);
        else _hasAddresses |= _address >= 0 && LineCells.HasAddress(row.Raw, _address, dialect.Delimiter);
        _parts++;
        _cells += row.CellCount;
        if (row.End != RowEnd.Feed) Finish(columns);
    }

    /// <summary>Ends the rows that have line feeds alone between them.</summary>
    public void Finish(int columns)
    {
        if (_parts > 1)
        {
            bool isOneRow = _address >= 0 ? !_hasAddresses : _cells - (_parts - 1) <= columns;
            _areInCells |= isOneRow;
            _partRows |= !isOneRow;
        }

        (_parts, _cells, _hasAddresses) = (0, 0, false);
    }
}
