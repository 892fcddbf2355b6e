using SegmentPush.Platform;

namespace SegmentPush.Streams;

/// <summary>Writes how far an export has come as one line.</summary>
internal static class ExportText
{
    public static MessageText Of(ExportProgress progress)
    {
        var text = progress.Bytes == 0
            ? (MessageText)$"Export job {progress.JobId} is {progress.Status}"
            : $"Export job {progress.JobId}: {progress.Fetched / 1e6:N1} of {progress.Bytes / 1e6:N1} MB fetched";
        return progress.Profiles is { } profiles ? $"{text}, {profiles:N0} profiles" : text;
    }
}
