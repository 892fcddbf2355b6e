namespace SegmentPush.Segments;

/// <summary>A cell that holds several values, one on each line: values of a list, or names in turn with what belongs to them.</summary>
internal static class PairedValues
{
    /// <summary>Where a profile has the consents that hold for one address each, and the name of the column that a spool keeps them in.</summary>
    public const string ConsentsOfAddresses = "consents.idSpecific.Email";

    /// <summary>What stands between two of them.</summary>
    public const char Separator = '\n';

    /// <summary>Takes off all pairs up to the next one of a name, compared without case. A cell may have several.</summary>
    /// <param name="cell">The cell; what is left of it.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">The value that belongs to the name.</param>
    /// <returns>False where the cell does not have the name any more.</returns>
    public static bool TryTake(scoped ref ReadOnlySpan<char> cell, scoped ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        value = default;
        while (!cell.IsEmpty && !name.IsEmpty)
        {
            var at = TakeLine(ref cell);
            value = TakeLine(ref cell);
            if (at.Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
        }

        value = default;
        return false;
    }

    /// <summary>Takes the first value off.</summary>
    public static ReadOnlySpan<char> TakeLine(scoped ref ReadOnlySpan<char> cell)
    {
        int end = cell.IndexOf(Separator);
        var line = end < 0 ? cell : cell[..end];
        cell = end < 0 ? default : cell[(end + 1)..];
        return line;
    }
}
