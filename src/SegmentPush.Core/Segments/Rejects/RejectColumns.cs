using System.Buffers;

namespace SegmentPush.Segments.Rejects;

/// <summary>
/// The columns that a reject file has after the segment's own, and the mark that keeps a spreadsheet from running a cell as a formula. The
/// name of a column with marked cells ends with an apostrophe, so that the marks are taken off again however the rows come back.
/// </summary>
internal static class RejectColumns
{
    private const char Mark = '\'';

    private static readonly SearchValues<char> s_ofNumbers = SearchValues.Create("0123456789 .,()-/");

    /// <summary>Row number, code and reason.</summary>
    public static IReadOnlyList<string> Names { get; } = ["_Row", "_Code", "_Reason"];

    /// <summary>Number of the segment's own columns, without those of an earlier reject file.</summary>
    public static int CountOwn(IReadOnlyList<string> columns) => AreIn(columns) ? columns.Count - Names.Count : columns.Count;

    /// <summary>Whether a segment is a reject file.</summary>
    public static bool AreIn(IReadOnlyList<string> columns) =>
        columns.Count > Names.Count && columns.TakeLast(Names.Count).SequenceEqual(Names, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a column's name says that some of its cells are marked.</summary>
    public static bool IsMarked(ReadOnlySpan<char> column) => column is [_, .., Mark];

    /// <summary>The name of a column that has marked cells.</summary>
    public static string MarkName(string column) => column + Mark;

    /// <summary>The name of a column without the sign for marked cells.</summary>
    public static string TakeMarkOffName(string column) => IsMarked(column) ? column[..^1].TrimEnd() : column;

    /// <summary>
    /// Whether a spreadsheet would run a cell as a formula. A phone number or a negative number is none. A cell that looks as if it had been
    /// marked gets another mark, so that every mark can be taken off again.
    /// </summary>
    public static bool NeedsMark(ReadOnlySpan<char> cell)
    {
        var unmarked = cell.TrimStart(Mark);
        return unmarked is ['=' or '@' or '\t' or '\r' or '\n', ..] || (unmarked is ['+' or '-', _, ..] && !IsNumber(unmarked[1..]));
    }

    /// <summary>The cell without the mark.</summary>
    public static ReadOnlySpan<char> TakeMarkOff(ReadOnlySpan<char> cell) =>
        cell is [Mark, ..] && NeedsMark(cell) ? cell[1..] : cell;

    // Digits, and what stands between those of a phone number or of a decimal one.
    private static bool IsNumber(ReadOnlySpan<char> text) =>
        text.IndexOfAnyInRange('0', '9') >= 0 && !text.ContainsAnyExcept(s_ofNumbers);
}
