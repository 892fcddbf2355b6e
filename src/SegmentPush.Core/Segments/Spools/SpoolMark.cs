using System.Text;

namespace SegmentPush.Segments.Spools;

/// <summary>The last cell of a row in a spool. It says which values were no text, what is wrong with the row's object, or that no more rows come.</summary>
internal static class SpoolMark
{
    /// <summary>Name of its column.</summary>
    public const string Column = "_SegmentPush.Mark";

    /// <summary>The mark that ends the rows.</summary>
    public const string End = ".";

    private const char Typed = '=';

    /// <summary>The mark of a row with values that were no text in the sender's program.</summary>
    /// <param name="isTyped">Tells for each column.</param>
    public static string OfTyped(ReadOnlySpan<bool> isTyped)
    {
        var mark = new StringBuilder().Append(Typed);
        foreach (bool typed in isTyped) mark.Append(typed ? '1' : '0');
        return mark.ToString();
    }

    /// <summary>Whether a mark says that the value of a column was no text in the sender's program.</summary>
    public static bool IsTyped(string mark, int column) => mark is [Typed, ..] && mark[column + 1] == '1';

    /// <summary>Whether a mark says what is wrong with a row.</summary>
    public static bool IsFault(string mark) => mark is not ([] or [Typed, ..]);

    /// <summary>Reads the mark of a row.</summary>
    /// <returns>Null for the mark that ends the rows.</returns>
    public static string? Read(ReadOnlySpan<char> cell) => cell.SequenceEqual(End) ? null : cell.ToString();
}
