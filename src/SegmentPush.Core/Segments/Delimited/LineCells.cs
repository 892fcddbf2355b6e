using System.Buffers;
using System.Text;

namespace SegmentPush.Segments.Delimited;

/// <summary>The cells of a line, if its quotes are text.</summary>
internal static class LineCells
{
    private const char AtSign = '@';

    private static readonly SearchValues<char> s_blanks = SearchValues.Create([' ', '\t', '\u00A0']);

    /// <summary>Whether a cell has an at sign, as addresses have it.</summary>
    public static bool IsAddress(ReadOnlySpan<char> cell) => cell.Contains(AtSign);

    /// <summary>Whether a cell in the column of addresses leaves it possible that its line is a row: it is an address, or a row with all its cells has none.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="isWhole">Whether the line has as many cells as the header.</param>
    public static bool MayBeAddress(ReadOnlySpan<char> cell, bool isWhole) => IsAddress(cell) || (isWhole && cell.IsWhiteSpace());

    /// <summary>Whether a cell holds an address and no other word. A quote that only follows the address closes a cell that began before.</summary>
    public static bool IsAddressAlone(ReadOnlySpan<char> cell)
    {
        var text = cell.Trim();
        if (text is [.., Dialect.Quote] and not [Dialect.Quote, ..]) return false;
        text = text.Trim(Dialect.Quote);
        return text.IndexOf(AtSign) is > 0 and var at && at < text.Length - 1 && !text.ContainsAny(s_blanks);
    }

    /// <summary>Whether two cells are codes or numbers of one form, such as <c>CRM-7</c> and <c>CRM-12</c>, in three characters or more, one of them a digit.</summary>
    public static bool AreCodes(ReadOnlySpan<char> one, ReadOnlySpan<char> other) =>
        FormOf(one) is { Length: > 0 } form && FormOf(other) == form;

    // A letter for each run of letters and digits, as ids of random digits have them in any order; nothing where the cell is no code.
    private static string FormOf(ReadOnlySpan<char> cell)
    {
        var text = cell.Trim().Trim(Dialect.Quote);
        if (text.Length is < 3 or > 40 || !text.ContainsAnyInRange('0', '9') || text.ContainsAny(s_blanks)) return "";
        if (!text.ContainsAnyExceptInRange('0', '9')) return "0";
        var form = new StringBuilder();
        foreach (char c in text)
        {
            char kind = char.IsLetterOrDigit(c) ? 'a' : c;
            if (form.Length == 0 || form[^1] != kind) form.Append(kind);
        }

        return form.ToString();
    }

    /// <summary>Whether a blank follows the first delimiter of a line, as in a sentence.</summary>
    public static bool IsProse(ReadOnlySpan<char> line, char delimiter) => line.IndexOf(delimiter) is >= 0 and var at && at + 1 < line.Length && s_blanks.Contains(line[at + 1]);

    /// <summary>The number of the first cell that is an address, or else of the first one with an at sign; -1 for none.</summary>
    public static int FindAddress(ReadOnlySpan<char> line, char delimiter)
    {
        var rest = line;
        for (int i = 0; ; i++)
        {
            int end = rest.IndexOf(delimiter);
            if (IsAddressAlone(end < 0 ? rest : rest[..end])) return i;
            if (end < 0) break;
            rest = rest[(end + 1)..];
        }

        int at = line.IndexOf(AtSign);
        return at < 0 ? -1 : line[..at].Count(delimiter);
    }

    /// <summary>A cell; empty where the line has fewer.</summary>
    public static ReadOnlySpan<char> Get(ReadOnlySpan<char> line, int cell, char delimiter)
    {
        for (; cell > 0; cell--)
        {
            int end = line.IndexOf(delimiter);
            if (end < 0) return default;
            line = line[(end + 1)..];
        }

        int next = line.IndexOf(delimiter);
        return next < 0 ? line : line[..next];
    }
}
