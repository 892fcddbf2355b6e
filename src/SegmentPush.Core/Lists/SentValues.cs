namespace SegmentPush.Lists;

/// <summary>What a snapshot keeps of the values that were sent for a member last: their hash, or one of these, which no hash is.</summary>
internal static class SentValues
{
    /// <summary>No values were sent.</summary>
    public const long None = 0;

    /// <summary>It is not known what was sent, so that the next row of the member is sent in any case.</summary>
    public const long Unknown = -1;
}
