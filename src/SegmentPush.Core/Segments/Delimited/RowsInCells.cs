namespace SegmentPush.Segments.Delimited;

/// <summary>Whether the lines of a quoted cell may be rows, so that two quotes that are text would swallow people.</summary>
internal enum RowsInCells
{
    /// <summary>They are lines of a cell.</summary>
    No,

    /// <summary>Each line has as many cells as the header, and nothing tells the lines from rows.</summary>
    Possible,

    /// <summary>One line could be a row: it has an address where the first one has it, and another cell; or it has as many cells as the header, where the first one has no address.</summary>
    Likely,
}
