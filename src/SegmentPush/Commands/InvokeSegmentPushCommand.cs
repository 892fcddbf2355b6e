using System.Management.Automation;
using System.Threading.Channels;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Parameters;
using SegmentPush.Pushes;
using SegmentPush.Pushes.Audiences;
using SegmentPush.Segments;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Puts the people of a segment on a Marketo static list.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "SegmentPush", DefaultParameterSetName = FromPath, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PushStatus), typeof(PushPlan), typeof(PersonPlan), typeof(AudiencePlan), typeof(PushSummary))]
public sealed partial class InvokeSegmentPushCommand : SegmentFileCommand
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";
    private const string FromPipeline = "InputObject";
    private const string FromPlan = "Plan";

    // Holds what is of a value type of the product's: the engine loads those types before it can find their assembly.
    private readonly Choices _choices = new();
    private readonly List<string> _pipedFiles = [];
    private SegmentDestination? _destination;
    private PushOptions? _options;
    private SegmentFiles? _files;
    private EventPump? _push;
    private PushRecords? _records;
    private PipelineSegment? _pipeline;
    private Channel<PersonPlan>? _people;
    private OutputFile? _plan;
    private bool _isPlan;
    private bool _isOver;

    /// <summary>Files with the segment, with wildcards.</summary>
    [Parameter(Position = 0, ParameterSetName = FromPath)]
    [NotBlank]
    [SupportsWildcards]
    public string[] Path { get; set => field = value ?? []; } = [];

    /// <summary>Files with the segment, taken as they are written.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath)]
    [Alias("PSPath", "LP")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [NotBlank]
    public string[] LiteralPath { get; set => field = value ?? []; } = [];

    /// <summary>The people, one object each.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = FromPipeline)]
    public PSObject? InputObject { get; set; }

    /// <summary>The list: id, ST1021, ST1021A1, its address in Marketo's UI, or its name.</summary>
    [Parameter(Position = 1)]
    [AllowEmptyString]
    [StaticListTransformation]
    [ArgumentCompleter(typeof(StaticListCompleter))]
    public string StaticList { get; set; } = string.Empty;

    /// <summary>Which column fills which field.</summary>
    [Parameter(Position = 2)]
    [NotBlank]
    [MappingTransformation]
    [ArgumentCompleter(typeof(MappingCompleter))]
    public SegmentMapping[] Mapping { get; set => field = value ?? []; } = [];

    /// <summary>File of a plan that is pushed just so, or not at all.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromPlan)]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    public string? Plan { get; set; }

    /// <summary>Makes a plan, as <c>-WhatIf</c> does, and writes it to a file.</summary>
    [Parameter(ParameterSetName = FromPath)]
    [Parameter(ParameterSetName = FromLiteralPath)]
    [Parameter(ParameterSetName = FromPipeline)]
    [NotBlank]
    public string? SavePlan { get; set; }

    /// <summary>Emits what would be done with each person, too, where nothing is done.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Name of a saved destination, instead of a list and a mapping.</summary>
    [Parameter]
    [NotBlank]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    public string? Destination { get; set; }

    /// <summary>Reads the list before, and sets aside all that is remembered of it.</summary>
    [Parameter]
    public SwitchParameter Resync { get; set; }

    /// <summary>Reads the list back afterwards.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>Lets removals through that the guard would stop.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Most people that may be taken off the list.</summary>
    [Parameter]
    [WholeNumber]
    [ValidateRange(0, int.MaxValue)]
    public int? MaxRemovals { get; set; }

    /// <summary>Most rows that may be rejected, in percent.</summary>
    [Parameter]
    [WholeNumber]
    [ValidateRange(0, 100)]
    public int? MaxRejectPercent { get; set; }

    /// <summary>Whether people may be created.</summary>
    [Parameter]
    public PersonCreation PersonCreation
    {
        get => _choices.PersonCreation;
        set => _choices.PersonCreation = value;
    }

    /// <summary>What happens with the fields of people who exist.</summary>
    [Parameter]
    public ExistingPeople ExistingPeople
    {
        get => _choices.ExistingPeople ?? PushOptions.DefaultFor(PersonCreation);
        set => _choices.ExistingPeople = value;
    }

    /// <summary>Time zone of moments in the segment that are written without an offset.</summary>
    [Parameter]
    [NotBlank]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public string? TimeZone { get; set; }

    /// <summary>Culture that dates, numbers and booleans are written in.</summary>
    [Parameter]
    [NotBlank]
    [ArgumentCompleter(typeof(CultureCompleter))]
    public string? Culture { get; set; }

    /// <summary>What happens with a value that is not right for its field.</summary>
    [Parameter]
    public BadField BadField
    {
        get => _choices.BadField;
        set => _choices.BadField = value;
    }

    /// <summary>How Marketo is reached.</summary>
    [Parameter]
    public Delivery Delivery
    {
        get => _choices.Delivery;
        set => _choices.Delivery = value;
    }

    /// <summary>Lead partition.</summary>
    [Parameter]
    [NotBlank]
    [ArgumentCompleter(typeof(PartitionCompleter))]
    public string? Partition { get; set; }

    /// <summary>Does nothing where the newest complete push of the destination had the same content and rules.</summary>
    [Parameter]
    public SwitchParameter Once { get; set; }

    /// <summary>How long to wait for another push into the same list.</summary>
    [Parameter]
    [SecondsTransformation]
    public TimeSpan WaitForList { get; set; }

    /// <summary>Share of the daily quota that is left to other integrations, in percent.</summary>
    [Parameter]
    [WholeNumber]
    [ValidateRange(0, 99)]
    public int? DailyCallReserve { get; set; }

    /// <summary>File for the rejected rows.</summary>
    [Parameter]
    [NotBlank]
    public string? RejectPath { get; set; }

    /// <summary>How the journal keeps the identities of people.</summary>
    [Parameter]
    public JournalIdentity JournalIdentity
    {
        get => _choices.JournalIdentity;
        set => _choices.JournalIdentity = value;
    }

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

    private protected override void Begin()
    {
        _takesDestinations = MayTakeDestinations();
        if (_takesDestinations) base.CheckGiven();
        else BeforePush(Prepare);
    }

    // What fails before the push begins leaves a status.
    private void BeforePush(Action step)
    {
        try
        {
            step();
        }
        catch (SegmentPushException error) when (_push is null)
        {
            LeaveStatus(error);
            throw;
        }
    }

    private protected override void Process()
    {
        if (!TakesDestination()) BeforePush(TakeIn);
    }

    private protected override void End()
    {
        if (_takesDestinations) PushDestinations();
        else EndPush();
    }

    private void EndPush()
    {
        BeforePush(() =>
        {
            if (_pipedFiles.Count > 0) CheckOutput((_files = OpenFiles()).Sources);
            CheckHasPeople();
        });
        if (_isOver) return;
        if (_audience is not null && _isPlan) WriteAudiencePlan();
        else if (_audience is not null) Begin(OpenAudience());
        else if (_files is null) BeforePush(EndPipeline);
        else if (_isPlan) WritePlan(MakePlan(_files.Take()));
        else Begin(_files.Take());
        _push?.WriteAll();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _push?.Dispose();
        _pipeline?.Dispose();
        _files?.Dispose();
        _audience?.Platform.Dispose();
        base.Dispose(disposing);
    }

    // A push of a destination that fails for want of a value leaves a status, so that this is checked once the destination is known.
    private protected override void CheckGiven()
    {
    }

    private void Prepare()
    {
        CheckPipeline();
        CheckGiven([nameof(Journal), nameof(Destination), nameof(Plan)]);
        var plan = Plan is null ? null : OpenPlan();
        var destination = _destination = plan?.Destination ?? (Destination is null ? null : FindDestination());
        base.CheckGiven();
        CheckParameters(destination);
        CheckSegment(destination);
        var now = TimeProvider.System.GetUtcNow();
        if (destination is not null && DestinationSchedule.StateAt(destination, now) is { } state)
        {
            WriteObject(NoteEnd(NotDue.StatusOf(destination, state, now)));
            _isOver = true;
            return;
        }

        _options = OptionsFor(destination, destination is null ? ConnectionOr(Connection) : ConnectionFor(destination, Connection), plan);

        // A missing file or one that would be lost is an error also for -WhatIf, and comes before the question of -Confirm.
        if (plan is not null) _files = SegmentFiles.Open(plan.Sources);
        else if (ReadsAudience) _audience = FindAudience(destination);
        else if (!IsPipeline) _files = OpenFiles();
        CheckOutput(_files?.Sources ?? []);
        Ask(destination);
    }

    // With -SavePlan a file is written and nothing is sent.
    private void Ask(SegmentDestination? destination)
    {
        var segment = _audience is null ? (MessageText)"the segment" : $"the audience '{_audience.Audience.Name}' ({_audience.Audience.Id})";
        var action = _plan is not null ? (MessageText)$"Write the plan for destination '{destination!.Name}' to '{_plan.Path}'"
            : destination is null ? (MessageText)$"Push {segment} to static list {StaticList} of {_options!.Connection.Instance}"
            : $"Push {segment} to destination '{destination.Name}', static list '{destination.StaticListName}' of {_options!.Connection.Instance}";
        bool may = Approves(action, out bool isWhatIf);
        _isPlan = isWhatIf || (may && _plan is not null);
        _isOver = !may && !isWhatIf;
        if (isWhatIf) _plan = null;
    }
}
