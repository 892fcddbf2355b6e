namespace SegmentPush.Segments;

/// <summary>How a delimited file is read.</summary>
internal sealed record DelimitedFileOptions
{
    /// <summary>What stands between two cells; null to find it by looking: a comma, a semicolon or a tab.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether a file without rows is one to read, and one without a header has no columns.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>Longest row, in characters; a file with a longer one is read up to that row.</summary>
    public int MaxRowLength { get; init; } = 16 * 1024 * 1024;
}
