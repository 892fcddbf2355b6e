using System.Globalization;
using System.Management.Automation;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Pushes;

namespace SegmentPush.Streams;

/// <summary>The progress of a push: the push itself, below it the phase that it is in, and below that what it waits for. All fit a window of 80 columns.</summary>
/// <param name="cmdlet">The cmdlet whose progress it is, on its pipeline thread.</param>
/// <param name="connection">The connection that the push uses.</param>
internal sealed class PushProgress(PSCmdlet cmdlet, MarketoConnection connection)
{
    private const int PushId = 1, PhaseId = 2, WaitId = 4, None = -1, LongestName = 24;

    private readonly WaitText _wait = new(cmdlet, connection);
    private MessageText? _push, _phase, _awaited;
    private MessageText _counts = "Begins";
    private RemainingTime _waitLeft = new(TimeProvider.System, 0);
    private bool _isExport;
    private Action? _writeLast;

    /// <summary>Tells where the push stands; null until it delivers people.</summary>
    public Func<PushProgressed>? Now { get; set; }

    /// <summary>A phase begins.</summary>
    /// <param name="status">The push.</param>
    /// <param name="phase">The phase.</param>
    public void Begin(PushStatus status, MessageText phase)
    {
        WriteWait(null);
        End(PhaseId, _phase);
        _phase = phase;
        _isExport = false;
        if (_push is null) Write(PushId, _push = Activity(status), _counts);
        Write(PhaseId, phase, _counts);
    }

    /// <summary>People were settled.</summary>
    public void Write(PushProgressed progress)
    {
        var status = progress.Status;
        MessageText received = $"{Local.Rows(status.Received)}, {Local.Number(status.Failed)} failed";
        Write(PushId, _push ??= Activity(status), received, progress.Share, progress.TimeLeft);
        _counts = $"{Local.Number(status.Added)} added, {Local.Number(status.Removed)} removed, {Local.Calls(status.Calls)}";
        if (_phase is not null) Write(PhaseId, _phase, _counts);
    }

    /// <summary>The push waits for an import, or for its turn.</summary>
    /// <param name="wait">What it waits for; null where it goes on.</param>
    public void WriteWait(WorkWait? wait)
    {
        if (_awaited?.English != wait?.What.English)
        {
            End(WaitId, _awaited);
            _awaited = wait?.What;
            _waitLeft = new RemainingTime(TimeProvider.System, wait?.Share ?? 0);
        }

        if (wait is null) return;
        Write(WaitId, wait.What, wait.State, wait.Share, wait.Share is { } share ? _waitLeft.Of(share) : null);
    }

    /// <summary>The export of an audience has come further.</summary>
    public void Write(AudienceExported exported)
    {
        if (!_isExport) Begin(exported.Status, "Exporting the audience");
        _isExport = true;
        var progress = exported.Progress;
        Write(PhaseId, _phase!, ExportText.Of(progress), progress.Bytes > 0 ? (double)progress.Fetched / progress.Bytes : null);
    }

    /// <summary>Nothing has happened for a second.</summary>
    public void WriteWaiting()
    {
        // The calls before the waiting may have ended too close to each other to be told one by one.
        if (Now is not null) Write(Now());
        if (_wait.Tell() is not { } waiting)
        {
            // A host that draws a few times a second has left out what followed too soon.
            _writeLast?.Invoke();
            return;
        }

        if (_phase is not null) Write(PhaseId, _phase, waiting);
        else Write(PushId, _push ??= (MessageText)"Push", waiting);
    }

    /// <summary>The push has ended.</summary>
    public void End()
    {
        WriteWait(null);
        End(PhaseId, _phase);
        End(PushId, _push);
        (_push, _phase, _writeLast) = (null, null, null);
    }

    // A new record each time: a host that collects records would find all of them changed at the end.
    private void Write(int id, MessageText activity, MessageText status, double? share = null, TimeSpan? left = null)
    {
        Write();
        _writeLast = Write;

        void Write() => this.Write(
            id,
            CmdletTexts.Progress(id, activity, status),
            share is { } done ? (int)Math.Clamp(done * 100, 0, 100) : None,
            left is { } time ? (int)Math.Min(time.TotalSeconds, int.MaxValue) : None);
    }

    private void Write(int id, ProgressRecord record, int percent, int seconds)
    {
        record.ParentActivityId = ParentOf(id);
        record.PercentComplete = percent;
        record.SecondsRemaining = seconds;
        cmdlet.WriteProgress(record);
    }

    private void End(int id, MessageText? activity)
    {
        if (activity is null) return;
        _writeLast = null;
        var record = CmdletTexts.Progress(id, activity, "Ended");
        record.ParentActivityId = ParentOf(id);
        record.RecordType = ProgressRecordType.Completed;
        cmdlet.WriteProgress(record);
    }

    private int ParentOf(int id) => id switch
    {
        WaitId when _phase is not null => PhaseId,
        WaitId or PhaseId when _push is not null => PushId,
        _ => None,
    };

    private static MessageText Activity(PushStatus status)
    {
        string name = status.Destination ?? status.StaticListName;
        return $"Push to '{(name.Length > LongestName ? name[..(LongestName - 1)] + "\u2026" : name)}'";
    }
}
