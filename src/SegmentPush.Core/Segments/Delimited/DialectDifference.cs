namespace SegmentPush.Segments.Delimited;

/// <summary>The first cell that two readings of a text take for something else.</summary>
internal static class DialectDifference
{
    /// <summary>Finds it.</summary>
    /// <param name="text">Opens the text.</param>
    /// <param name="one">The rules of one reading.</param>
    /// <param name="other">Those of the other one.</param>
    /// <param name="maxRowLength">Longest row, in characters.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The row, 0 for the header, the line on which it begins, and the column, from 0; null where both readings are the same.</returns>
    public static (long Row, long Line, int Column)? Find(DelimitedText text, Dialect one, Dialect other, int maxRowLength, CancellationToken cancellation)
    {
        using var rows = text.Open(one, maxRowLength);
        using var others = text.Open(other, maxRowLength);
        for (long row = 0; ; row++)
        {
            bool isThere = ReadRow(rows), isOtherThere = ReadRow(others);
            if (!isThere && !isOtherThere) return null;
            if (isThere != isOtherThere) return (row, isThere ? rows.Line : others.Line, 0);
            if (FindOtherCell(rows, others) is { } column) return (row, rows.Line, column);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static bool ReadRow(RowParser rows)
    {
        while (rows.Read())
        {
            if (!DialectTrial.IsEmpty(rows)) return true;
        }

        return false;
    }

    private static int? FindOtherCell(RowParser one, RowParser other)
    {
        int both = Math.Min(one.CellCount, other.CellCount);
        for (int i = 0; i < both; i++)
        {
            // \N means no value by any rules.
            if (!one.GetCell(i).SequenceEqual(other.GetCell(i)) && one.GetRaw(i) is not @"\N") return i;
        }

        return one.CellCount == other.CellCount ? null : both;
    }
}
