namespace SegmentPush.Segments;

/// <summary>A file whose bytes are not what its format says: it is damaged, or not all of it was copied.</summary>
/// <param name="path">The file.</param>
/// <param name="what">What is wrong, as the rest of a sentence that begins with the file.</param>
internal sealed class SourceDamagedException(string path, MessageText what) : SegmentPushException(
    "SourceUnreadable", Describe(path, $"{what}: it is damaged, or not all of it was copied"), "Export or copy the file again.", path)
{
    /// <summary>What is wrong, as the rest of a sentence that begins with the file.</summary>
    public MessageText What => what;

    private static MessageText Describe(string path, MessageText what) => $"'{path}' {what}.";
}
