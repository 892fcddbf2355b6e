namespace SegmentPush.Segments.Delimited;

/// <summary>
/// Tells in a file whose rows end with carriage return and line feed whether line feeds alone stand in cells. A line feed between two whole rows ends a
/// row. Of a row that was cut apart, one part at most has as many cells as the header.
/// </summary>
internal sealed class LoneFeeds
{
    private int _rows;
    private int _whole;

    /// <summary>Whether a line feed alone stands in a cell.</summary>
    public bool AreInCells { get; private set; }

    /// <summary>Adds the next row.</summary>
    /// <param name="cells">Number of its cells; 0 where it is nobody.</param>
    /// <param name="columns">Number of the header's cells.</param>
    /// <param name="end">What ends it.</param>
    public void Add(int cells, int columns, RowEnd end)
    {
        if (cells > 0) _rows++;
        if (cells >= columns) _whole++;
        if (end != RowEnd.Feed) Finish();
    }

    /// <summary>Ends the rows that have line feeds alone between them.</summary>
    public void Finish()
    {
        AreInCells |= _rows > 1 && _whole <= 1;
        (_rows, _whole) = (0, 0);
    }
}
