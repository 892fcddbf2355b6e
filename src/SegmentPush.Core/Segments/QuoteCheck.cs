using System.Runtime.CompilerServices;

namespace SegmentPush.Segments;

/// <summary>Whether the quotes of a row say without doubt where its cells end (RFC 4180).</summary>
internal static class QuoteCheck
{
    private static readonly RowFault s_malformed = new(
        "MalformedQuote", "A quoted cell goes on after its closing quote; write a quote within a cell twice.", HasCells: false);

    private static readonly RowFault s_unclosed = new(
        "UnclosedQuote",
        "A quoted cell of this row is never closed, so the rest of the file could not be told apart; close the quote and push the file again.",
        HasCells: false);

    /// <summary>Checks a row.</summary>
    /// <param name="row">The row as it stands in the file, with its line end.</param>
    /// <param name="delimiter">What stands between two cells.</param>
    /// <returns>What is wrong with it, or null.</returns>
    [MethodImpl(EveryRow.Compiled)]
    public static RowFault? Check(ReadOnlySpan<char> row, char delimiter)
    {
        if (!row.Contains('"')) return null;
        while (true)
        {
            if (row is not ['"', ..])
            {
                // A quote within a cell that does not begin with one is a character like any other.
                int end = row.IndexOf(delimiter);
                if (end < 0) return null;
                row = row[(end + 1)..];
                continue;
            }

            row = row[1..];
            while (true)
            {
                int quote = row.IndexOf('"');
                if (quote < 0) return s_unclosed;
                row = row[(quote + 1)..];
                if (row is not ['"', ..]) break;
                row = row[1..];
            }

            if (row is [] or ['\r'] or ['\n'] or ['\r', '\n']) return null;
            if (row[0] != delimiter) return s_malformed;
            row = row[1..];
        }
    }
}
