namespace SegmentPush.Platform;

/// <summary>Takes from the links of answers what is needed. The address itself is not used: a token goes to one host only.</summary>
internal static class LinkParts
{
    /// <summary>The parameter <c>start</c> of a link to the next page; null where it has none.</summary>
    public static string? StartOf(string? link)
    {
        int at = link?.IndexOf('?', StringComparison.Ordinal) ?? -1;
        if (at < 0) return null;
        foreach (string pair in link![(at + 1)..].Split('&'))
        {
            if (pair.StartsWith("start=", StringComparison.OrdinalIgnoreCase) && Uri.UnescapeDataString(pair["start=".Length..]) is { Length: > 0 } start) return start;
        }

        return null;
    }
}
