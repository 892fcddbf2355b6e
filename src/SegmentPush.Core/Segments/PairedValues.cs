namespace SegmentPush.Segments;

/// <summary>A cell that holds several values, one on each line: values of a list, or names in turn with what belongs to them.</summary>
internal static class PairedValues
{
    /// <summary>Where a profile has the consents that hold for one address each, and the name of the column that a spool keeps them in.</summary>
    public const string ConsentsOfAddresses = "consents.idSpecific.Email";

    /// <summary>What stands between two of them.</summary>
    public const char Separator = '\n';

    /// <summary>Takes the first value off.</summary>
    public static ReadOnlySpan<char> TakeLine(scoped ref ReadOnlySpan<char> cell)
    {
        int end = cell.IndexOf(Separator);
        var line = end < 0 ? cell : cell[..end];
        cell = end < 0 ? default : cell[(end + 1)..];
        return line;
    }
}
