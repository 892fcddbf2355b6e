namespace SegmentPush.Segments.Nested;

/// <summary>One of a source's first rows, to be shown.</summary>
/// <param name="Row">Its number.</param>
/// <param name="Values">Name and text of each column; empty where there is no value, or none that is text.</param>
/// <param name="Fault">What is wrong with the row if every column is mapped; null for nothing.</param>
internal sealed record SampleRow(long Row, IReadOnlyList<KeyValuePair<string, string>> Values, RowFault? Fault);

/// <summary>Reads the first rows of a source.</summary>
internal static class SegmentSample
{
    /// <summary>Reads rows with all of their columns.</summary>
    /// <param name="reader">A reader that has not read anything yet.</param>
    /// <param name="rows">How many rows to read at most.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static IReadOnlyList<SampleRow> Read(ISegmentReader reader, int rows, CancellationToken cancellation = default)
    {
        var columns = reader.Columns.Select(name => (Name: name, Number: NumberOf(reader, name))).ToArray();
        var sample = new List<SampleRow>();
        while (sample.Count < rows && reader.Read(cancellation))
        {
            // Of a nested row the values are known although one of them may be at fault.
            bool hasValues = reader.Fault is null || reader is INestedRow;
            sample.Add(new SampleRow(
                reader.Row,
                [.. columns.Select(column => KeyValuePair.Create(column.Name, hasValues && column.Number >= 0 ? reader.GetValue(column.Number).ToString() : ""))],
                reader.Fault));
        }

        return sample;
    }

    // No mapping can mean one of several columns of the same name.
    private static int NumberOf(ISegmentReader reader, string name)
    {
        try
        {
            return reader.FindColumn(name);
        }
        catch (SegmentPushException e) when (e.ErrorId == "SourceColumnAmbiguous")
        {
            return -1;
        }
    }
}
