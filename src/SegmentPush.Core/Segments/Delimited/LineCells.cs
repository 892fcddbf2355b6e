namespace SegmentPush.Segments.Delimited;

/// <summary>The cells of a line, if its quotes are text.</summary>
internal static class LineCells
{
    private const char AtSign = '@';

    /// <summary>The number of the first cell with an at sign, as addresses have it; -1 for none.</summary>
    public static int FindAddress(ReadOnlySpan<char> line, char delimiter)
    {
        int at = line.IndexOf(AtSign);
        return at < 0 ? -1 : line[..at].Count(delimiter);
    }

    /// <summary>Whether a cell has an at sign.</summary>
    public static bool HasAddress(ReadOnlySpan<char> line, int cell, char delimiter)
    {
        for (; cell > 0; cell--)
        {
            int end = line.IndexOf(delimiter);
            if (end < 0) return false;
            line = line[(end + 1)..];
        }

        int next = line.IndexOf(delimiter);
        return (next < 0 ? line : line[..next]).Contains(AtSign);
    }
}
