using SegmentPush.Platform;

namespace SegmentPush.Streams;

/// <summary>Writes how far an export has come as one line.</summary>
internal static class ExportText
{
    private const int ShownOfRun = 8;

    public static MessageText Of(ExportProgress progress)
    {
        var text = (progress.IsRun, progress.Bytes) switch
        {
            (false, 0) => (MessageText)$"Export job {progress.JobId} is {progress.Status}",
            (false, _) => $"Export job {progress.JobId}: {FetchedOf(progress)}",
            (true, 0) when progress.AwaitsManifest => $"Run {RunOf(progress)} has ended, its manifest is awaited",
            (true, 0) => $"Run {RunOf(progress)} is {progress.Status}",
            (true, _) => $"Run {RunOf(progress)}: {FetchedOf(progress)}",
        };
        return progress.Profiles is { } profiles ? $"{text}, {profiles:N0} profiles" : text;
    }

    private static MessageText FetchedOf(ExportProgress progress) => $"{progress.Fetched / 1e6:N1} of {progress.Bytes / 1e6:N1} MB fetched";

    // The line fits a window of 80 columns.
    private static string RunOf(ExportProgress progress) => progress.JobId.Length > ShownOfRun ? progress.JobId[..ShownOfRun] + "\u2026" : progress.JobId;
}
