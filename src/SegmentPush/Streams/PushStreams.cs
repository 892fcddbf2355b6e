using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using SegmentPush.Completion;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Pushes;

namespace SegmentPush.Streams;

/// <summary>Turns the events of a push into output, progress, verbose text, warnings and the error record.</summary>
/// <param name="cmdlet">The cmdlet whose streams are written, on its pipeline thread.</param>
/// <param name="connection">The connection that the push uses.</param>
/// <param name="isOneOfMany">Whether other pushes follow, which the error of this one doesn't stop.</param>
/// <param name="ended">Is told how the push ended, before its status is written.</param>
/// <param name="records">What is kept of the push outside the journal; null for nothing.</param>
internal sealed class PushStreams(PSCmdlet cmdlet, MarketoConnection connection, bool isOneOfMany = false, Action<PushStatus>? ended = null, PushRecords? records = null)
{
    private static readonly string[] s_tags = ["SegmentPush"];

    private readonly PushProgress _progress = new(cmdlet, connection);

    /// <summary>Nothing has happened for a second.</summary>
    public void WriteWaiting() => _progress.WriteWaiting();

    /// <summary>The push has ended without an event that says so.</summary>
    private void EndProgress()
    {
        if (!cmdlet.Stopping) _progress.End();
    }

    /// <summary>Says how a push goes on that was stopped. The streams of a cmdlet that is stopping take nothing more, so the host says it.</summary>
    private void TellStopped(PushEnded ended)
    {
        if (HowToGoOn(ended) is not { } text) return;
        try
        {
            cmdlet.Host.UI.WriteWarningLine(text.ToString());
        }
        catch (Exception e) when (e is HostException or InvalidOperationException or NotImplementedException)
        {
            // Nobody is there to read it.
        }
    }

    private MessageText? HowToGoOn(PushEnded ended)
    {
        var stopped = ended.Status;
        if (stopped.UndoOf is { } undone) return $"The undo was stopped. It is done again as a whole with: Undo-SegmentPush -Id {PushIds.Short(undone)}{Journal}";
        if (stopped.CanBeResumed && ended.Stop == PushStop.StoppedInPipeline)
            return $"The push was stopped before the last object of the pipeline had come. Push the segment again; or deliver the rows that had come with: Resume-SegmentPush -Id {stopped.ShortId}{Journal}";
        if (stopped.CanBeResumed) return $"The push was stopped. It goes on with: Resume-SegmentPush -Id {stopped.ShortId}{Journal}";
        return null;
    }

    /// <summary>The push could not begin.</summary>
    public void EndWithoutBeginning(Exception fault)
    {
        EndProgress();
        if (fault is SegmentPushException error) records?.NoteFailure(error, null);
    }

    /// <summary>The push has ended because the user, or another command of its pipeline, stopped it.</summary>
    public void EndStopped(PushEnded end)
    {
        records?.Note(end);
        TellStopped(end);
    }

    public void Write(PushEvent happened)
    {
        records?.Note(happened);
        switch (happened)
        {
            case PushStarted { Status: var status }:
                cmdlet.Tell($"Push {status.ShortId} into list {status.StaticListId} '{status.StaticListName}' of {status.Instance}.");
                cmdlet.Inform(
                    status.UndoOf is { } undone
                        ? (MessageText)$"Push {status.ShortId} into static list '{status.StaticListName}' ({status.StaticListId}), undo of {PushIds.Short(undone)}, began."
                        : $"Push {status.ShortId} into static list '{status.StaticListName}' ({status.StaticListId}) began.",
                    s_tags);
                break;
            case PushPhaseBegan { Status: var status, Text: var text }:
                cmdlet.Inform($"Push {status.ShortId}: {text}.", s_tags);
                _progress.Begin(status, text);
                break;
            case AudienceExported exported:
                _progress.Write(exported);
                break;
            case CallFinished { Report: var report }:
                cmdlet.Tell(CallText.Of(report));
                break;
            case PushWarned { Message: var message }:
                cmdlet.Warn(message);
                break;
            case PushMeasured { Now: var now }:
                _progress.Now = now;
                break;
            case PushProgressed progress:
                _progress.Write(progress);
                break;
            case PushWaits { Wait: var wait }:
                _progress.WriteWait(wait);
                break;
            case PushEnded ended:
                End(ended);
                break;
        }
    }

    private void End(PushEnded end)
    {
        var status = end.Status;
        ended?.Invoke(status);
        if (cmdlet.Stopping)
        {
            TellStopped(end);
            return;
        }

        _progress.End();
        cmdlet.Inform($"{status.Describe()}.", s_tags);
        if (status.Rejected > 0)
        {
            var rejected = MessageText.Plural(
                status.Rejected,
                $"{Counted.Number(status.Rejected)} of {Counted.Rows(status.Rows)} was rejected",
                $"{Counted.Number(status.Rejected)} of {Counted.Rows(status.Rows)} were rejected");
            cmdlet.Warn(status.RejectPath is { } path
                ? MessageText.Plural(status.Rejected, $"{rejected}; it is in '{path}'.", $"{rejected}; they are in '{path}'.")
                : $"{rejected}; Get-PushStatus -Id {status.ShortId} -Outcome Rejected{Journal} tells why.");
        }

        // The status comes first: a script that catches the error has already seen how far the push came.
        cmdlet.WriteObject(ShownPush.Of(status));
        if (end.Error is not { } error) return;
        var record = ErrorRecords.From(error, status);
        if (isOneOfMany) cmdlet.WriteError(record);
        else cmdlet.ThrowTerminatingError(record);
    }

    private string Journal => cmdlet.MyInvocation.BoundParameters.TryGetValue("Journal", out object? path)
        ? $" -Journal {CompletionText.Quote($"{path}")}"
        : string.Empty;
}
