using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Parameters;
using SegmentPush.Platform;
using SegmentPush.Pushes;
using SegmentPush.Pushes.Audiences;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Goes on with pushes that were stopped before all of their people were delivered.</summary>
[Cmdlet(VerbsLifecycle.Resume, "SegmentPush", DefaultParameterSetName = ById, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PushStatus))]
public sealed class ResumeSegmentPushCommand : MarketoCommand
{
    private const string ById = "Id";
    private const string ByLast = "Last";

    private EventPump? _push;
    private PushRecords? _records;

    /// <summary>Ids of pushes.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ById, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [PushIdTransformation]
    [ArgumentCompleter(typeof(PushIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>The newest push that was interrupted or has failed; with a number behind it, as many of the newest.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByLast)]
    [BareSwitch]
    public SwitchParameter Last { get; set; }

    /// <summary>How many of the newest pushes.</summary>
    [Parameter(Position = 0, ParameterSetName = ByLast)]
    [WholeNumber]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <summary>Resumes a push also where a newer push of its destination has completed since.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>How long to wait for another push into the same list.</summary>
    [Parameter]
    [SecondsTransformation]
    public TimeSpan WaitForList { get; set; }

    /// <summary>Share of the daily quota that is left to other integrations, in percent.</summary>
    [Parameter]
    [WholeNumber]
    [ValidateRange(0, 99)]
    public int? DailyCallReserve { get; set; }

    /// <summary>Where the journal is: a folder, or the address of a database.</summary>
    [Parameter]
    [NotBlank]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    /// <summary>How long to wait for the database of a shared journal where it can't be reached.</summary>
    [Parameter]
    [SecondsTransformation]
    public TimeSpan? JournalTimeout { get; set; }

    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    /// <summary>The connection to Experience Platform, for a push of an audience; that of the destination's account, or the session's default, where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public PlatformConnection? PlatformConnection { get; set; }

    /// <summary>File for a log of JSON lines.</summary>
    [Parameter]
    [NotBlank]
    public string? LogPath { get; set; }

    /// <summary>Writes an entry for each push into the system's log.</summary>
    [Parameter]
    public SwitchParameter EventLog { get; set; }

    private PushRecords Records => _records ??= new PushRecords(this) { Path = LogPath, HasEntry = EventLog };

    /// <inheritdoc/>
    private protected override bool HasOwnLedger => true;

    private protected override void Process()
    {
        foreach (var id in Last ? FindLast() : FindIds(Id, Journal)) Resume(id);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _push?.Dispose();
        base.Dispose(disposing);
    }

    private List<Guid> FindLast()
    {
        using var journal = ReadJournal(Journal);
        List<Guid> found =
        [
            .. journal.History.Get(new PushFilter { States = [PushState.Interrupted, PushState.Failed] }).Where(push => push.CanBeResumed).Take(Count).Select(push => push.Id),
        ];
        return found.Count > 0 ? found : throw new SegmentPushException(
            "NothingToResume", "The journal has no push that can be resumed. An undo that was interrupted is run again as a whole, and pushes that have failed would fail again in the same way.", "Get-PushStatus -Last 10 shows the newest.");
    }

    private void Resume(Guid id)
    {
        PushStatus push;
        MarketoConnection connection;
        PlatformUse? platform;
        try
        {
            push = FindPush(id, Journal);
            connection = ConnectionFor(push, Connection, JournalOf(Journal));
            if (IsWhatIf() && PushErrors.FindReasonAgainstResume(push, Force) is { } refusal) throw refusal;
            platform = FindPlatform(push);
        }
        catch (SegmentPushException error) when (error.ErrorId != "NotConnected")
        {
            WriteError(ErrorRecords.From(error, id));
            return;
        }

        if (!ShouldProcess($"push {push.ShortId} into {push.Into}", "Resume"))
        {
            platform?.Dispose();
            return;
        }

        var options = new ResumeOptions
        {
            Connection = connection,
            Platform = platform?.Connection,
            Bulk = BulkOptions.FromEnvironment(),
            WaitForList = WaitForList,
            DailyCallReserve = DailyCallReserve,
            Journal = JournalOf(Journal, JournalTimeout),
            EvenIfSuperseded = Force,
        };
        try
        {
            _push = new EventPump(Push.ResumeAsync(options, id, StopToken), new PushStreams(this, connection, isOneOfMany: true, records: Records), StopToken);
            _push.WriteAll();
        }
        catch (SegmentPushException error)
        {
            WriteError(ErrorRecords.From(error, id));
        }
        finally
        {
            _push?.Dispose();
            _push = null;
            platform?.Dispose();
        }
    }

    // A push of files needs none. Whether it leads to the right sandbox, the push checks.
    private PlatformUse? FindPlatform(PushStatus push)
    {
        using var journal = ReadJournal(Journal);
        var destination = push.Destination is { } name && journal.Destinations.Find(name) is not null ? SavedDestinations.GetUncounted(journal, name) : null;
        string? account = PlatformConnection is null ? destination?.PlatformAccount : null;
        if (account is null && (PlatformConnection ?? SessionConnection.Platform) is null) return null;
        bool isNeeded = AudienceSource.IsReadBy(journal, push);
        return isNeeded ? new PlatformUse(this, PlatformConnection, account, StopToken) : null;
    }
}
