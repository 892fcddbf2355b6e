namespace SegmentPush.Marketo;

/// <summary>How long Marketo executes a call that changes something, before it gives the call up.</summary>
internal static class TimeLimits
{
    /// <summary>Of Sync Leads.</summary>
    public static TimeSpan OfSync { get; } = TimeSpan.FromSeconds(90);

    /// <summary>Of the upload of an import file. The import runs longer.</summary>
    public static TimeSpan OfUploads => OfSync;

    /// <summary>Of calls that change who is on a list.</summary>
    public static TimeSpan OfLists { get; } = TimeSpan.FromSeconds(30);
}
