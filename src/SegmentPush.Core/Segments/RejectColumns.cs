namespace SegmentPush.Segments;

/// <summary>
/// The columns that a reject file has after the segment's own, and how its cells are written: a spreadsheet must not take
/// them for formulas, and they must come back as they were.
/// </summary>
internal static class RejectColumns
{
    /// <summary>Row number, code and reason.</summary>
    public static IReadOnlyList<string> Names { get; } = ["_Row", "_Code", "_Reason"];

    /// <summary>Number of the segment's own columns, without those of an earlier reject file.</summary>
    public static int CountOwn(IReadOnlyList<string> columns) => AreIn(columns) ? columns.Count - Names.Count : columns.Count;

    /// <summary>Whether a segment is a reject file.</summary>
    public static bool AreIn(IReadOnlyList<string> columns) =>
        columns.Count > Names.Count && columns.TakeLast(Names.Count).SequenceEqual(Names, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a cell needs an apostrophe before it, so that a spreadsheet takes it for a text.</summary>
    public static bool NeedsMark(ReadOnlySpan<char> cell)
    {
        // One that looks as if it had been marked gets another, so that every mark can be taken off again.
        var unmarked = cell.TrimStart('\'');
        return unmarked is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..];
    }

    /// <summary>The cell without the mark.</summary>
    public static ReadOnlySpan<char> TakeMarkOff(ReadOnlySpan<char> cell) =>
        cell is ['\'', ..] && NeedsMark(cell) ? cell[1..] : cell;
}
