using System.Globalization;
using System.Management.Automation;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Pushes;

namespace SegmentPush.Streams;

/// <summary>The progress of a push: the push itself, and below it the phase that it is in. Both fit a window of 80 columns.</summary>
/// <param name="cmdlet">The cmdlet whose progress it is, on its pipeline thread.</param>
/// <param name="connection">The connection that the push uses.</param>
internal sealed class PushProgress(PSCmdlet cmdlet, MarketoConnection connection)
{
    private const int PushId = 1, PhaseId = 2, LongestName = 24;

    private readonly WaitText _wait = new(cmdlet, connection);
    private ProgressRecord? _push, _phase;
    private string _counts = "Begins";
    private string? _export;

    /// <summary>A phase begins.</summary>
    /// <param name="status">The push.</param>
    /// <param name="phase">The phase.</param>
    /// <param name="isSame">Whether the phase goes on where it is the one of now.</param>
    public void Begin(PushStatus status, string phase, bool isSame = false)
    {
        if (isSame && _phase?.Activity == phase) return;
        _export = null;
        _push ??= new ProgressRecord(PushId, Activity(status), _counts);
        cmdlet.WriteProgress(_push);
        if (_phase is not null) End(_phase);
        _phase = new ProgressRecord(PhaseId, phase, _counts) { ParentActivityId = PushId };
        cmdlet.WriteProgress(_phase);
    }

    /// <summary>People were settled.</summary>
    public void Write(PushProgressed progress)
    {
        var status = progress.Status;
        _push ??= new ProgressRecord(PushId, Activity(status), _counts);
        _push.PercentComplete = progress.Share is { } share ? (int)Math.Clamp(share * 100, 0, 100) : -1;
        _push.SecondsRemaining = progress.TimeLeft is { } left ? (int)Math.Min(left.TotalSeconds, int.MaxValue) : -1;
        _push.StatusDescription = string.Create(CultureInfo.CurrentCulture, $"{status.Received:N0} {Counted.Noun(status.Received, "row")}, {status.Failed:N0} failed");
        cmdlet.WriteProgress(_push);
        _counts = string.Create(
            CultureInfo.CurrentCulture, $"{status.Added:N0} added, {status.Removed:N0} removed, {status.Calls:N0} {Counted.Noun(status.Calls, "call")}");
        if (_phase is null) return;
        _phase.StatusDescription = _counts;
        cmdlet.WriteProgress(_phase);
    }

    /// <summary>The export of an audience has come further.</summary>
    public void Write(AudienceExported exported)
    {
        Begin(exported.Status, "Exporting the audience", isSame: true);
        _phase!.StatusDescription = _export = ExportText.Of(exported.Progress);
        _phase.PercentComplete = exported.Progress.Bytes > 0 ? (int)(100 * exported.Progress.Fetched / exported.Progress.Bytes) : -1;
        cmdlet.WriteProgress(_phase);
    }

    /// <summary>Nothing has happened for a second.</summary>
    public void WriteWaiting()
    {
        if (_export is not null || _wait.Tell() is not { } waiting) return;
        if (_phase is null)
        {
            cmdlet.WriteProgress(new ProgressRecord(PushId, "Push", waiting));
            return;
        }

        _phase.StatusDescription = waiting;
        cmdlet.WriteProgress(_phase);
    }

    /// <summary>The push has ended.</summary>
    public void End()
    {
        if (_phase is not null) End(_phase);
        End(_push ?? new ProgressRecord(PushId, "Push", "Ended"));
        (_push, _phase) = (null, null);
    }

    private void End(ProgressRecord record)
    {
        record.RecordType = ProgressRecordType.Completed;
        cmdlet.WriteProgress(record);
    }

    private static string Activity(PushStatus status)
    {
        string name = status.Destination ?? status.StaticListName;
        return $"Push to '{(name.Length > LongestName ? name[..(LongestName - 1)] + "\u2026" : name)}'";
    }
}
