namespace SegmentPush.Platform;

/// <summary>Takes from the links of answers what is needed. The address itself is not used: a token goes to one host only.</summary>
internal static class LinkParts
{
    /// <summary>The parameter <c>start</c> of a link to the next page; null where it has none.</summary>
    public static string? StartOf(string? link) => ValueOf(link, "start");

    /// <summary>A parameter of a link; null where it has none.</summary>
    /// <param name="link">The link; null for none.</param>
    /// <param name="name">Name of the parameter.</param>
    public static string? ValueOf(string? link, string name)
    {
        int at = link?.IndexOf('?', StringComparison.Ordinal) ?? -1;
        if (at < 0) return null;
        foreach (string pair in link![(at + 1)..].Split('&'))
        {
            if (pair.StartsWith(name + "=", StringComparison.OrdinalIgnoreCase) && Uri.UnescapeDataString(pair[(name.Length + 1)..]) is { Length: > 0 } value) return value;
        }

        return null;
    }
}
