using System.Management.Automation;
using System.Threading.Channels;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Segments;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Puts the people of a segment on a Marketo static list.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "SegmentPush", DefaultParameterSetName = FromPath, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PushStatus), typeof(PushPlan), typeof(PersonPlan))]
public sealed class InvokeSegmentPushCommand : MarketoCommand
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";
    private const string FromPipeline = "InputObject";
    private const string FromPlan = "Plan";

    // Holds what is of a value type of the product's: the engine loads those types before it can find their assembly.
    private readonly Choices _choices = new();
    private readonly FileParameters _form = new();
    private readonly List<string> _pipedFiles = [];
    private PushOptions? _options;
    private SegmentFiles? _files;
    private EventPump? _push;
    private PipelineSegment? _pipeline;
    private Channel<PersonPlan>? _people;
    private Action? _takeIn;
    private bool _isPlan;
    private bool _isOver;

    /// <summary>Files with the segment, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPath)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Files with the segment, taken as they are written.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The people, one object each.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = FromPipeline)]
    public PSObject? InputObject { get; set; }

    /// <summary>The list: id, ST1021, ST1021A1, its address in Marketo's UI, or its name.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [StaticListTransformation]
    [ArgumentCompleter(typeof(StaticListCompleter))]
    public string StaticList { get; set; } = string.Empty;

    /// <summary>Which column fills which field.</summary>
    [Parameter(Position = 2)]
    [ValidateNotNullOrEmpty]
    [MappingTransformation]
    public SegmentMapping[] Mapping { get; set; } = [];

    /// <summary>File of a plan that is pushed just so, or not at all.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromPlan)]
    [ValidateNotNullOrEmpty]
    public string? Plan { get; set; }

    /// <summary>Makes a plan, as <c>-WhatIf</c> does, and writes it to a file.</summary>
    [Parameter(ParameterSetName = FromPath)]
    [Parameter(ParameterSetName = FromLiteralPath)]
    [ValidateNotNullOrEmpty]
    public string? SavePlan { get; set; }

    /// <summary>Emits what would be done with each person, too, where nothing is done.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Name of a saved destination, instead of a list and a mapping.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
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
    [ValidateRange(0, int.MaxValue)]
    public int? MaxRemovals { get; set; }

    /// <summary>Most rows that may be rejected, in percent.</summary>
    [Parameter]
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
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public string? TimeZone { get; set; }

    /// <summary>Culture that dates, numbers and booleans are written in.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
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
    [ValidateNotNullOrEmpty]
    public string? Partition { get; set; }

    /// <summary>How long to wait for another push into the same list.</summary>
    [Parameter]
    public TimeSpan WaitForList { get; set; }

    /// <summary>Share of the daily quota that is left to other integrations, in percent.</summary>
    [Parameter]
    [ValidateRange(0, 99)]
    public int? DailyCallReserve { get; set; }

    /// <summary>File for the rejected rows.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RejectPath { get; set; }

    /// <summary>How the journal keeps the identities of people.</summary>
    [Parameter]
    public JournalIdentity JournalIdentity
    {
        get => _choices.JournalIdentity;
        set => _choices.JournalIdentity = value;
    }

    /// <summary>Folder of the journal.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>Delimiter of the files; found by looking where none is given.</summary>
    [Parameter(ParameterSetName = FromPath)]
    [Parameter(ParameterSetName = FromLiteralPath)]
    [Parameter(ParameterSetName = FromPipeline)]
    public char? Delimiter { get; set; }

    /// <summary>Encoding of the files; found by looking where none is given.</summary>
    [Parameter(ParameterSetName = FromPath)]
    [Parameter(ParameterSetName = FromLiteralPath)]
    [Parameter(ParameterSetName = FromPipeline)]
    [ValidateNotNullOrEmpty]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public string? Encoding { get; set; }

    /// <summary>How the files write a quote inside a quoted cell; found by looking where none is given.</summary>
    [Parameter(ParameterSetName = FromPath)]
    [Parameter(ParameterSetName = FromLiteralPath)]
    [Parameter(ParameterSetName = FromPipeline)]
    public CellEscape Escape
    {
        get => _form.Escape ?? default;
        set => _form.Escape = value;
    }

    /// <summary>Texts that mean no value where they stand without quotes.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string[]? NullText { get; set; }

    /// <summary>Takes the newest complete export where there are several.</summary>
    [Parameter(ParameterSetName = FromPath)]
    [Parameter(ParameterSetName = FromLiteralPath)]
    [Parameter(ParameterSetName = FromPipeline)]
    public SwitchParameter Newest { get; set; }

    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter]
    public MarketoConnection? Connection { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Run(() =>
    {
        var plan = Plan is null ? null : OpenPlan();
        var destination = plan?.Destination ?? (Destination is null ? null : FindDestination());
        CheckParameters(destination);
        var now = TimeProvider.System.GetUtcNow();
        if (destination is not null && DestinationSchedule.StateAt(destination, now) is { } state)
        {
            WriteObject(NotDue.StatusOf(destination, state, now));
            _isOver = true;
            return;
        }

        _options = OptionsFor(destination, destination is null ? ConnectionOr(Connection) : ConnectionFor(destination, Connection), plan);

        // A missing file is an error also for -WhatIf, and comes before the question of -Confirm.
        if (plan is not null) _files = SegmentFiles.Open(plan.Sources);
        else if (ParameterSetName != FromPipeline) _files = OpenFiles();
        if (SavePlan is not null)
        {
            _isPlan = true;
            return;
        }

        string action = destination is null
            ? $"Push the segment to static list {StaticList} of {_options.Connection.Instance}"
            : $"Push the segment to destination '{destination.Name}', static list '{destination.StaticListName}' of {_options.Connection.Instance}";
        if (ShouldProcess(action + ".", action + "?", "Confirm", out var reason)) return;
        _isPlan = reason == ShouldProcessReason.WhatIf;
        _isOver = !_isPlan;
    });

    /// <inheritdoc/>
    protected override void ProcessRecord() => Run(_takeIn ??= TakeIn);

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        if (_isOver) return;
        if (_pipedFiles.Count > 0) _files = OpenFiles();
        if (_files is null) EndPipeline();
        else if (_isPlan) WritePlan(MakePlan(_files!.Take()));
        else Begin(_files!.Take());
        _push?.WriteAll();
    });

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _push?.Dispose();
        _pipeline?.Dispose();
        _files?.Dispose();
        base.Dispose(disposing);
    }

    // A mirror is of one whole export; the exports of other days would keep people on the list who have left since.
    private SegmentFiles OpenFiles()
    {
        var destination = _options!.Destination?.Destination;
        var files = SegmentFiles.Open(
            SegmentFiles.Find(SessionState, Path, LiteralPath, WriteWarning, _pipedFiles),
            _form.ToOptions(Encoding, Delimiter, NullText, mayBeEmpty: destination is not null),
            Newest ? NewestExport.Asked : destination?.Mode == PushMode.Mirror ? NewestExport.WhereTold : NewestExport.NotAsked,
            WriteWarning,
            StopToken);
        foreach (var source in files.Sources)
        {
            WriteVerbose($"{source.Name}: {source.FormDescription}.");
            if (NullTexts.WarningFor(source, _options.Mapping) is { } warning) WriteWarning(warning);
        }

        return files;
    }

    private PlanFile OpenPlan()
    {
        using var journal = PushJournal.Open(JournalFolderOf(JournalPath));
        return PlanFile.Open(GetUnresolvedProviderPathFromPSPath(Plan!), journal);
    }

    private SegmentDestination FindDestination()
    {
        using var journal = PushJournal.Open(JournalFolderOf(JournalPath));
        var destination = DestinationStore.GetUncounted(journal, Destination!);
        return destination with
        {
            MaxRemovals = MaxRemovals ?? destination.MaxRemovals,
            MaxRejectPercent = MaxRejectPercent ?? destination.MaxRejectPercent,
        };
    }

    private void CheckParameters(SegmentDestination? destination)
    {
        string[] ofDestination =
        [
            nameof(StaticList), nameof(Mapping), nameof(PersonCreation), nameof(ExistingPeople), nameof(Partition), nameof(TimeZone), nameof(Culture), nameof(BadField),
        ];
        string[] onlyWithDestination = [nameof(Resync), nameof(Verify), nameof(Force), nameof(MaxRemovals)];
        if (destination is null) onlyWithDestination = [.. onlyWithDestination, nameof(SavePlan)];
        if (Plan is not null) ofDestination = [.. ofDestination, nameof(Destination), .. onlyWithDestination, nameof(Delivery), nameof(MaxRejectPercent)];
        if ((destination is null ? onlyWithDestination : ofDestination).FirstOrDefault(MyInvocation.BoundParameters.ContainsKey) is { } name)
        {
            throw new SegmentPushException(
                "ParameterConflict",
                destination is null ? $"-{name} is for a push to a destination."
                    : Plan is null ? $"The destination '{destination.Name}' says itself what -{name} would say."
                    : $"The plan says itself what -{name} would say.",
                destination is null ? "Give -Destination, or leave it out."
                    : Plan is null ? $"Leave -{name} out, or change the destination with Set-SegmentDestination."
                    : $"Leave -{name} out, or make another plan.",
                name);
        }

        if (destination is null && (StaticList.Length == 0 || Mapping.Length == 0))
        {
            throw new SegmentPushException(
                "TargetMissing",
                $"The push lacks -{(StaticList.Length == 0 ? nameof(StaticList) : nameof(Mapping))}.",
                "Give -StaticList and -Mapping, or the name of a saved destination with -Destination.");
        }
    }

    private PushOptions OptionsFor(SegmentDestination? destination, MarketoConnection connection, PlanFile? plan) => new()
    {
        Connection = connection,
        StaticList = destination is null ? StaticListReference.Parse(StaticList) : StaticListReference.Of(destination.StaticListId, destination.StaticListName),
        Mapping = destination?.Mapping ?? Mapping,
        PersonCreation = destination?.PersonCreation ?? PersonCreation,
        ExistingPeople = destination?.ExistingPeople ?? ExistingPeople,
        Values = new ValuesRequest(TimeZone ?? DestinationSchedule.LocalZone, Culture, BadField).Rules(),
        Delivery = plan is not null ? plan.Delivery : destination is null || MyInvocation.BoundParameters.ContainsKey(nameof(Delivery)) ? Delivery : destination.Delivery,
        Bulk = BulkOptions.FromEnvironment(),
        Partition = destination is null ? Partition : destination.Partition,
        WaitForList = WaitForList,
        DailyCallReserve = DailyCallReserve,
        JournalIdentity = JournalIdentity,
        JournalFolder = JournalFolderOf(JournalPath),
        MaxRejectPercent = destination?.MaxRejectPercent ?? MaxRejectPercent ?? SegmentDestination.DefaultMaxRejectPercent,
        RejectPath = RejectPath is null ? null : GetUnresolvedProviderPathFromPSPath(RejectPath),
        Destination = destination is null ? null : new DestinationOptions(destination)
        {
            Force = plan?.Force ?? Force,
            Verify = plan?.Verify ?? (MyInvocation.BoundParameters.ContainsKey(nameof(Verify)) ? Verify : destination.Mode == PushMode.Mirror),
            Resync = plan?.Resync ?? Resync,
            PlannedList = plan?.ListDigest,
        },
    };

    private void Begin(IReadOnlyList<PushSource> sources) =>
        _push = new EventPump(Push.RunAsync(_options!, sources, StopToken), new PushStreams(this));

    private void TakeIn()
    {
        if (_isOver || ParameterSetName != FromPipeline) return;
        if (InputObject!.BaseObject is FileSystemInfo file)
        {
            if (_pipeline is not null) throw MixedPipeline();
            _pipedFiles.Add(file.FullName);
            return;
        }

        if (_pipedFiles.Count > 0) throw MixedPipeline();
        _pipeline ??= NewPipeline();
        _pipeline.Add(InputObject!);
    }

    // Properties that no field is filled from are read only to be written again; the one that says who has left is found later.
    private PipelineSegment NewPipeline() => new(new PipelineOptions
    {
        Mapped = [.. _options!.Mapping.Where(entry => !entry.IsConstant).Select(entry => entry.Source)],
        Read = _options.Destination?.Destination.Mode == PushMode.Delta ? null : _options.ColumnsRead(),
        MarksTypes = _options.Values.Culture is not null,
        Identity = _options.Mapping.FirstOrDefault(entry => entry.Identity is not null || string.Equals(entry.Target, "email", StringComparison.OrdinalIgnoreCase))?.Source,
        KeepsAll = RejectPath is not null || _options.Destination?.Destination.Mode == PushMode.Delta,
        NullText = NullText,
        JournalFolder = _options.JournalFolder,
        Begin = BeginPipeline,
        Pulse = Pulse,
        Warn = WriteWarning,
    });

    private void BeginPipeline(PushSource source)
    {
        if (_isPlan) _pipeline!.Planning = MakePlan([source]);
        else Begin([source]);
    }

    private static SegmentPushException MixedPipeline() => new(
        "MixedPipeline", "The pipeline brought files and people.", "Pipe files, or objects with a person's properties, but not both.");

    private void EndPipeline()
    {
        // An empty pipeline is an empty segment, which a destination may have, as an empty file is.
        if (_pipeline is null && _options!.Destination is null)
        {
            throw new SegmentPushException(
                "SegmentEmpty", "No objects came through the pipeline.", "Check the command before Invoke-SegmentPush; nothing was sent.");
        }

        _pipeline ??= NewPipeline();
        _pipeline.Complete();
        if (_pipeline.Planning is { } planning) WritePlan(planning);
    }

    private Task<PushPlan> MakePlan(IReadOnlyList<PushSource> sources)
    {
        if (Detailed) _people = Channel.CreateUnbounded<PersonPlan>();
        Task<PushPlan> Make() => Task.Run(() => PushPlanner.PlanAsync(_options!, sources, StopToken, _people?.Writer));
        return SavePlan is null
            ? Make()
            : Task.Run(() => PlanFile.SaveAsync(GetUnresolvedProviderPathFromPSPath(SavePlan), _options!, sources, Make, StopToken));
    }

    private void WritePlan(Task<PushPlan> planning)
    {
        if (_people is not null)
        {
            foreach (var person in Stream(_options!.Connection, _people.Reader.ReadAllAsync(StopToken))) WriteObject(person);
        }

        WriteObject(Await(_options!.Connection, _ => planning));
    }

    // Shows what has happened while rows come.
    private void Pulse()
    {
        if (_pipeline?.Planning is { IsFaulted: true } planning) planning.GetAwaiter().GetResult();
        _push?.WriteAvailable();
        StopToken.ThrowIfCancellationRequested();
    }

    private sealed class Choices
    {
        public PersonCreation PersonCreation { get; set; }

        public ExistingPeople? ExistingPeople { get; set; }

        public BadField BadField { get; set; }

        public Delivery Delivery { get; set; } = Delivery.Auto;

        public JournalIdentity JournalIdentity { get; set; }
    }
}
