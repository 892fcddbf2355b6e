using System.Globalization;
using System.Management.Automation;
using SegmentPush.Journal;
using SegmentPush.Pushes;

namespace SegmentPush.Streams;

/// <summary>Turns the events of a push into output, progress, verbose text, warnings and the error record.</summary>
/// <param name="cmdlet">The cmdlet whose streams are written, on its pipeline thread.</param>
/// <param name="isOneOfMany">Whether other pushes follow, which the error of this one doesn't stop.</param>
internal sealed class PushStreams(PSCmdlet cmdlet, bool isOneOfMany = false)
{
    private const int ActivityId = 1;

    public void Write(PushEvent happened)
    {
        switch (happened)
        {
            case PushStarted { Status: var status }:
                cmdlet.WriteVerbose(string.Create(
                    CultureInfo.InvariantCulture, $"Push {status.Id} into list {status.StaticListId} '{status.StaticListName}' of {status.Instance}."));
                break;
            case CallFinished { Report: var report }:
                cmdlet.WriteVerbose(CallText.Of(report));
                break;
            case PushWarned { Message: var message }:
                cmdlet.WriteWarning(message);
                break;
            case PushProgressed progress:
                cmdlet.WriteProgress(ProgressOf(progress));
                break;
            case PushEnded ended:
                End(ended);
                break;
        }
    }

    private void End(PushEnded ended)
    {
        var status = ended.Status;
        cmdlet.WriteProgress(new ProgressRecord(ActivityId, Activity(status), "Ended") { RecordType = ProgressRecordType.Completed });
        if (status.Rejected > 0)
        {
            string where = status.RejectPath is { } path
                ? $"they are in '{path}'"
                : $"Get-PushStatus -Id {status.ShortId} -Outcome Rejected tells why";
            cmdlet.WriteWarning(string.Create(
                CultureInfo.InvariantCulture, $"{status.Rejected} of {Counted.Rows(status.Received)} {Counted.Noun(status.Rejected, "was", "were")} rejected; {where}."));
        }

        // The status comes first: whoever catches the error still has seen how far the push came.
        cmdlet.WriteObject(status);
        if (ended.Error is not { } error) return;
        var record = ErrorRecords.From(error, status);
        if (isOneOfMany) cmdlet.WriteError(record);
        else cmdlet.ThrowTerminatingError(record);
    }

    private static ProgressRecord ProgressOf(PushProgressed progress)
    {
        var status = progress.Status;
        var text = string.Create(
            CultureInfo.CurrentCulture,
            $"{status.Received:N0} rows read, {status.Activated:N0} activated, {status.Excluded:N0} excluded, {status.Failed:N0} failed, {status.Calls:N0} calls");
        return new ProgressRecord(ActivityId, Activity(status), text)
        {
            PercentComplete = progress.Share is { } share ? (int)Math.Clamp(share * 100, 0, 100) : -1,
            SecondsRemaining = progress.TimeLeft is { } left ? (int)Math.Min(left.TotalSeconds, int.MaxValue) : -1,
        };
    }

    private static string Activity(PushStatus status) => $"Pushing people onto '{status.StaticListName}'";
}
