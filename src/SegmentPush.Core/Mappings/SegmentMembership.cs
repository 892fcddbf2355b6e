namespace SegmentPush.Mappings;

/// <summary>What a row says of its person's membership in the segment, in Adobe's words.</summary>
internal static class SegmentMembership
{
    /// <summary>Name of the map in a profile that holds the memberships.</summary>
    public const string Map = "segmentMembership";

    /// <summary>The names that exports give the column which says who is in.</summary>
    public static readonly string[] UsualColumns = ["segmentMembership.status", "segmentMembership_status"];
    private static readonly string[] s_in = ["realized", "existing", "active"];
    private static readonly string[] s_out = ["exited", "exiting", "expired"];

    /// <summary>The name of the column that says who is in and who has left.</summary>
    /// <param name="name">The user's name for it; null for the usual ones.</param>
    /// <param name="columns">The source's columns.</param>
    /// <param name="find">Gives the number of a column by its name, or -1.</param>
    /// <param name="sourceName">How messages name the source.</param>
    /// <exception cref="SegmentPushException"><c>MembershipColumnNotFound</c>.</exception>
    public static string FindColumn(string? name, IReadOnlyList<string> columns, Func<string, int> find, MessageText sourceName)
    {
        if (name is not null && find(name) >= 0) return name;
        string[] names = name is null ? UsualColumns : [name];
        int[] found = name is not null ? [] : FindUsual(columns);
        if (found.Length == 1) return columns[found[0]];
        throw new SegmentPushException(
            "MembershipColumnNotFound",
            found.Length == 0
                ? (MessageText)$"{sourceName} has no column {MessageText.AnyOf(names.Select(n => $"'{n}'"))}, which says who is in the segment and who has left it."
                : $"{sourceName} has {found.Length} columns that say who is in the segment: {string.Join(", ", found.Select(i => $"'{VisibleText.Of(columns[i])}'"))}.",
            "Export the membership status, or name its column with Set-SegmentDestination -MembershipColumn.",
            name);
    }

    /// <summary>Numbers of the columns whose names say that they hold memberships.</summary>
    public static int[] FindUsual(IReadOnlyList<string> columns) => [.. Enumerable.Range(0, columns.Count).Where(i =>
        UsualColumns.Contains(columns[i], StringComparer.OrdinalIgnoreCase) || IsNamespaced(columns[i]))];

    // segmentMembership.<namespace>.<segment id>.status
    private static bool IsNamespaced(string column) =>
        (column.StartsWith("segmentMembership.", StringComparison.OrdinalIgnoreCase) && column.EndsWith(".status", StringComparison.OrdinalIgnoreCase))
        || (column.StartsWith("segmentMembership_", StringComparison.OrdinalIgnoreCase) && column.EndsWith("_status", StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a membership.</summary>
    /// <returns>True for in, false for out, null for neither.</returns>
    public static bool? Parse(ReadOnlySpan<char> cell)
    {
        var word = cell.Trim();
        foreach (string text in s_in)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase)) return true;
        }

        foreach (string text in s_out)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase)) return false;
        }

        return null;
    }
}
