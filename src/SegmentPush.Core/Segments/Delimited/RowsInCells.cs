namespace SegmentPush.Segments.Delimited;

/// <summary>Whether the lines of a quoted cell may be rows, so that two quotes that are text would swallow people.</summary>
internal enum RowsInCells
{
    /// <summary>They are lines of a cell.</summary>
    No,

    /// <summary>Each line has as many cells as the header, and nothing tells the lines from rows.</summary>
    Possible,

    /// <summary>Each line has an address where the first one has it.</summary>
    Likely,
}
