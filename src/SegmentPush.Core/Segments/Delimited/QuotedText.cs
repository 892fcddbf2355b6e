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

    /// <summary>Whether a cell of a row stands in quotes that come after blanks, also where a delimiter in the quotes cuts it apart.</summary>
    public static bool IsQuotedAfterBlanks(RowParser row)
    {
        for (int i = 0; i < row.CellCount; i++)
        {
            var raw = row.GetRaw(i);
            if (row.IsQuoted(i) || !ComesAfterBlanks(raw)) continue;
            bool isOpen = raw.Count(Dialect.Quote) == 1;
            for (int j = i; j < row.CellCount; j++)
            {
                if ((j > i ? isOpen : !isOpen) && row.GetRaw(j).TrimEnd() is [.., Dialect.Quote]) return true;
            }
        }

        return false;
    }

    /// <summary>What the quotes of a row tell, in which a quoted cell goes on: whether they are hardly text, as nothing stands in them, or what parts cells or rows.</summary>
    /// <returns>Also whether the quotes stand on several lines, so that they may belong to several rows.</returns>
    public static (bool IsHardlyText, bool IsOverLines) Look(RowParser row, Dialect dialect)
    {
        bool isOverLines = false;
        for (int i = 0; i < row.CellCount; i++)
        {
            if (!row.IsQuoted(i)) continue;
            var text = row.GetCell(i);
            bool hasLines = text.IndexOfAny('\r', '\n') >= 0;
            if (text.IsWhiteSpace() || (!hasLines && text.Contains(dialect.Delimiter))) return (true, false);
            isOverLines |= hasLines;
        }

        return (false, isOverLines);
    }

    /// <summary>Whether the lines of a row with a quoted cell of several lines may be rows themselves.</summary>
    public static RowsInCells FindRows(RowParser row, Dialect dialect, int columns)
    {
        var rest = row.Raw;
        if (row.Flaw != RowFlaw.None || columns < 2) return RowsInCells.No;
        int address = -1;
        bool isFirst = true, isQuoted = rest is [Dialect.Quote, ..], isEven = true;
        while (true)
        {
            int end = rest.IndexOfAny('\r', '\n');
            var line = end < 0 ? rest : rest[..end];
            int cells = line.Count(dialect.Delimiter) + 1;
            if (cells < 2 || cells > columns) return RowsInCells.No;
            isEven &= cells == columns;
            if (isFirst) address = LineCells.FindAddress(line, dialect.Delimiter);
            else if (address >= 0 ? !LineCells.HasAddress(line, address, dialect.Delimiter) : isQuoted && line is not [Dialect.Quote, ..]) return RowsInCells.No;
            isFirst = false;
            if (end < 0) return address >= 0 ? RowsInCells.Likely : isEven ? RowsInCells.Possible : RowsInCells.No;

            // A row of the file ends in another way.
            int length = rest[end..] is ['\r', '\n', ..] ? 2 : 1;
            if (row.End == RowEnd.ReturnFeed && length == 1) return RowsInCells.No;
            rest = rest[(end + length)..];
        }
    }
}
