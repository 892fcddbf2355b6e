namespace SegmentPush;

/// <summary>A kind of file that is written: what it is called, which files it may replace, and the ids of its errors.</summary>
/// <param name="Name">What messages call it, such as <c>plan</c>.</param>
internal sealed record OutputKind(MessageText Name)
{
    /// <summary>Id of the error where a file is there already.</summary>
    public string ExistsId { get; init; } = "FileExists";

    /// <summary>Id of the error where it would be one of the files that are read.</summary>
    public string IsSourceId { get; init; } = "OutputIsSource";

    /// <summary>Id of the error where it can't be written.</summary>
    public string NotWritableId { get; init; } = "FileNotWritable";

    /// <summary>What to do where a file is there already.</summary>
    public MessageText ExistsAction { get; init; } = "Give another path, or -Force to replace the file.";

    /// <summary>Whether a file that exists may be replaced without being asked for it, as an older one of the same kind.</summary>
    public Func<string, bool> IsReplaceable { get; init; } = _ => false;

    /// <summary>The error of a file that exists and would be lost.</summary>
    public SegmentPushException Exists(string path) => new(ExistsId, $"The {Name} was not written: there is a file '{path}', which would be lost.", ExistsAction, path);

    /// <summary>The error of a file that would be one of those that are read.</summary>
    public SegmentPushException IsSource(string path) =>
        new(IsSourceId, $"'{path}' is a file of the segment itself, so the {Name} can't go there.", $"Give the {Name} another name.", path);

    /// <summary>The error of a file that can't be written.</summary>
    public SegmentPushException NotWritable(string path, MessageText why, Exception? cause) => new(
        NotWritableId, $"The {Name} '{path}' can't be written: {why}", "Give a file, in a folder that this user may write to.", path, cause);
}
