namespace SegmentPush.Segments.Nested;

/// <summary>The errors of files that can't be read as what they are.</summary>
internal static class SourceFaults
{
    /// <summary>The file is damaged, cut off, or written in a way that nobody here understands.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What is wrong, as the rest of a sentence that begins with the file.</param>
    /// <param name="action">What to do.</param>
    public static SegmentPushException Unreadable(string path, MessageText what, MessageText action) =>
        new("SourceUnreadable", $"'{path}' {what}.", action, path);

    /// <summary>The system can't read the file.</summary>
    public static SegmentPushException NotReadable(string path, Exception cause) => new(
        "FileNotReadable",
        $"'{path}' can't be read: {cause.Message}",
        "Check who may read it, and that no other program is still writing it.",
        path,
        cause);
}
