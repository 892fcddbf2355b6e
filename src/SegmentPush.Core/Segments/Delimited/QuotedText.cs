using System.Globalization;

namespace SegmentPush.Segments.Delimited;

/// <summary>Tells by what stands in quotes, and before them, whether they are those of a cell.</summary>
internal static class QuotedText
{
    /// <summary>Whether a character before a quote is one that nobody sees: a blank of any kind, or a mark without width.</summary>
    public static bool IsBlank(char c) => char.IsWhiteSpace(c) || (!char.IsAscii(c) && char.GetUnicodeCategory(c) == UnicodeCategory.Format);

    /// <summary>Whether a quote comes after the blanks with which a cell begins.</summary>
    public static bool ComesAfterBlanks(ReadOnlySpan<char> cell)
    {
        int at = 0;
        while (at < cell.Length && IsBlank(cell[at])) at++;
        return at < cell.Length && cell[at] == Dialect.Quote;
    }

    /// <summary>Whether the quotes of a row, in which a quoted cell goes on, are hardly text: nothing stands in them, or what would part cells or rows.</summary>
    public static bool IsHardlyText(RowParser row, Dialect dialect)
    {
        for (int i = 0; i < row.CellCount; i++)
        {
            if (!row.IsQuoted(i)) continue;
            var text = row.GetCell(i);
            if (text.IsWhiteSpace() || text.Contains(dialect.Delimiter) || text.IndexOfAny('\r', '\n') >= 0) return true;
        }

        return false;
    }

    /// <summary>Whether a row with one quoted cell has as many cells on each of its lines as the header has, if its two quotes are none of a cell.</summary>
    public static bool IsOfRows(RowParser row, Dialect dialect, int columns)
    {
        var rest = row.Raw;
        if (row.Flaw != RowFlaw.None || columns < 2 || rest.Count(Dialect.Quote) != 2) return false;
        while (true)
        {
            int end = rest.IndexOfAny('\r', '\n');
            var line = end < 0 ? rest : rest[..end];
            if (line.Count(dialect.Delimiter) + 1 != columns) return false;
            if (end < 0) return true;
            rest = rest[(end + (rest[end..] is ['\r', '\n', ..] ? 2 : 1))..];
        }
    }
}
