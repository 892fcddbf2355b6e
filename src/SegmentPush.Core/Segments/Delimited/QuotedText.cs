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

            // A doubled quote is a character, and closes no cell.
            bool isOpen = raw.Count(Dialect.Quote) % 2 == 1;
            if (!isOpen && raw.TrimEnd() is [.., Dialect.Quote]) return true;
            for (int j = i + 1; isOpen && j < row.CellCount; j++)
            {
                if (row.GetRaw(j).TrimEnd() is [.., Dialect.Quote]) return true;
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

    /// <summary>Whether the lines of a row with a quoted cell of several lines may be rows themselves: all of them, or one that has what a row of the file has.</summary>
    /// <param name="row">The row.</param>
    /// <param name="dialect">The rules.</param>
    /// <param name="columns">Number of the header's cells.</param>
    /// <param name="headerEnd">What ends the header.</param>
    public static RowsInCells FindRows(RowParser row, Dialect dialect, int columns, RowEnd headerEnd)
    {
        if (row.Flaw is not (RowFlaw.None or RowFlaw.MalformedQuote) || columns < 2) return RowsInCells.No;
        char delimiter = dialect.Delimiter;
        var rest = row.Raw;
        var first = TakeLine(ref rest, out int end);
        int address = LineCells.FindAddress(first, delimiter), firstCells = first.Count(delimiter) + 1;
        var code = LineCells.Get(first, 0, delimiter);

        // Where rows begin with a quote, a line without one is none. Where no blank follows a row's first delimiter, a line with one is prose, unless it has an address.
        // A quote that no other one closes on its line shows nothing.
        bool isQuoted = address < 0 ? code is [Dialect.Quote, .., Dialect.Quote] : row.CellCount > 1 && AreAllQuoted(row), hasBlanks = LineCells.IsProse(first, delimiter);
        bool isAlone = address >= 0 && LineCells.IsAddressAlone(LineCells.Get(first, address, delimiter));
        bool areRows = firstCells >= 2 && firstCells <= columns, areEven = firstCells == columns, haveAddresses = address >= 0, hasRow = false;
        while (end > 0)
        {
            // A row of the file ends in another way.
            if (row.End == RowEnd.ReturnFeed && headerEnd == RowEnd.ReturnFeed && end == 1) return RowsInCells.No;
            var line = TakeLine(ref rest, out end);
            int cells = line.Count(delimiter) + 1;
            bool mayBegin = (!isQuoted || line is [Dialect.Quote, ..]) && (address >= 0 || hasBlanks || !LineCells.IsProse(line, delimiter));
            var key = LineCells.Get(line, Math.Max(address, 0), delimiter);
            bool isRow = address < 0
                ? cells == columns && (columns > 2 || LineCells.AreCodes(key, code))
                : (cells >= 2 && LineCells.IsAddressAlone(key)) || (cells == columns && key.IsWhiteSpace() && address > 0 && LineCells.AreCodes(LineCells.Get(line, 0, delimiter), code));
            hasRow |= mayBegin && isRow;
            areRows &= mayBegin && cells >= 2 && cells <= columns && (address < 0 || LineCells.MayBeAddress(key, isWhole: cells == columns));
            areEven &= cells == columns;
            haveAddresses &= isAlone ? LineCells.IsAddressAlone(key) : LineCells.IsAddress(key);
        }

        if (hasRow || (areRows && haveAddresses)) return RowsInCells.Likely;
        return areRows && areEven ? RowsInCells.Possible : RowsInCells.No;
    }

    // `length` is that of the line end, 0 where none follows.
    private static ReadOnlySpan<char> TakeLine(ref ReadOnlySpan<char> rest, out int length)
    {
        int end = rest.IndexOfAny('\r', '\n');
        length = end < 0 ? 0 : rest[end..] is ['\r', '\n', ..] ? 2 : 1;
        var line = end < 0 ? rest : rest[..end];
        rest = rest[(line.Length + length)..];
        return line;
    }

    private static bool AreAllQuoted(RowParser row)
    {
        for (int i = 0; i < row.CellCount; i++)
        {
            if (!row.IsQuoted(i)) return false;
        }

        return true;
    }
}
