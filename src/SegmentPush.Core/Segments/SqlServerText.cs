using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace SegmentPush.Segments;

/// <summary>Lines that SQL Server's programs write around the rows of a result, which are nobody.</summary>
internal static partial class SqlServerText
{
    /// <summary>Whether the text of a row begins like such a line. This is asked of every row.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public static bool MayBeLine(ReadOnlySpan<char> row)
    {
        int at = 0;
        while (at < row.Length && (row[at] is ' ' or '"')) at++;
        return at < row.Length && (row[at] is '-' or '(' || (row[at] == 'C' && row[at..].StartsWith("Completion ", StringComparison.Ordinal)));
    }

    /// <summary>Whether a cell holds nothing but hyphens.</summary>
    public static bool IsHyphens(ReadOnlySpan<char> cell) => cell.Trim() is ['-', ..] text && !text.ContainsAnyExcept('-');

    /// <summary>Whether a cell is the line after the rows: <c>(3 rows affected)</c>, <c>Completion time: 2026-11-01T02:00:00</c>.</summary>
    public static bool IsEnd(ReadOnlySpan<char> cell) => cell.TrimStart() is ['(' or 'C', ..] && End().IsMatch(cell);

    /// <summary>
    /// Whether a row is such a line: each cell underlines the name of its column with at least as many hyphens, or the first cell says that the rows
    /// have ended and the others are blank.
    /// </summary>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="cells">Number of cells.</param>
    /// <param name="cell">Gives a cell.</param>
    public static bool IsLine(IReadOnlyList<string> columns, int cells, Cell cell)
    {
        if (cells == 0) return false;
        bool isEnd = IsEnd(cell(0));
        if (!isEnd && cells != columns.Count) return false;
        for (int i = isEnd ? 1 : 0; i < cells; i++)
        {
            var text = cell(i);
            bool isOfLine = isEnd ? text.IsWhiteSpace() : IsHyphens(text) && text.Trim().Length >= columns[i].Length;
            if (!isOfLine) return false;
        }

        return true;
    }

    /// <summary>Gives a cell of a row.</summary>
    public delegate ReadOnlySpan<char> Cell(int column);

    [GeneratedRegex(@"\A\s*(\(\d+ rows?(\(s\))? affected\)|Completion time: \d{4}-\d\d-\d\dT[\d:.]+([+-][\d:]+|Z)?)\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex End();
}
