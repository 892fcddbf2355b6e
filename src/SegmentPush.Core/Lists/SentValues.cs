namespace SegmentPush.Lists;

/// <summary>A snapshot keeps a hash of the values that were sent for a member last. These special values stand in its place, and no hash has them.</summary>
internal static class SentValues
{
    /// <summary>No values were sent.</summary>
    public const long None = 0;

    /// <summary>It is not known what was sent, so that the next row of the member is sent in any case.</summary>
    public const long Unknown = -1;
}
