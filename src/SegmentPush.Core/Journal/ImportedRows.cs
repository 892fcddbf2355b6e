namespace SegmentPush.Journal;

/// <summary>The range of rows that an import file spans. Rows of others may lie in between.</summary>
/// <param name="First">Source and row of the first one.</param>
/// <param name="Last">Source and row of the last one.</param>
/// <param name="FindsById">Whether the import finds people by their ids, and creates nobody.</param>
internal readonly record struct ImportedRows((int Source, long Row) First, (int Source, long Row) Last, bool FindsById)
{
    /// <summary>Whether a row is among them.</summary>
    public bool Contains(int source, long row) => First.CompareTo((source, row)) <= 0 && Last.CompareTo((source, row)) >= 0;
}
