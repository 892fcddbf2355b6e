using System.Globalization;
using SegmentPush.Platform;

namespace SegmentPush.Streams;

/// <summary>Writes how far an export has come as one line.</summary>
internal static class ExportText
{
    public static string Of(ExportProgress progress)
    {
        string rows = progress.Profiles is { } profiles ? string.Create(CultureInfo.InvariantCulture, $", {profiles:N0} profiles") : string.Empty;
        return progress.Bytes == 0
            ? $"Export job {progress.JobId} is {progress.Status}{rows}"
            : string.Create(CultureInfo.InvariantCulture, $"Export job {progress.JobId}: {progress.Fetched / 1e6:N1} of {progress.Bytes / 1e6:N1} MB fetched{rows}");
    }
}
