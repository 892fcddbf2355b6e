using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Segments;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Puts the people of a segment on a Marketo static list.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "SegmentPush", DefaultParameterSetName = FromPath, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PushStatus), typeof(PushPlan))]
public sealed class InvokeSegmentPushCommand : MarketoCommand
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";
    private const string FromPipeline = "InputObject";

    // Holds what is of a value type of the product's: the engine loads those types before it can find their assembly.
    private readonly Choices _choices = new();
    private PushOptions? _options;
    private SegmentFiles? _files;
    private EventPump? _push;
    private PipelineSegment? _pipeline;
    private bool _isPlan;
    private bool _isDeclined;

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
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [StaticListTransformation]
    [ArgumentCompleter(typeof(StaticListCompleter))]
    public string StaticList { get; set; } = string.Empty;

    /// <summary>Which column fills which field.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNullOrEmpty]
    [MappingTransformation]
    public SegmentMapping[] Mapping { get; set; } = [];

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
    public char? Delimiter { get; set; }

    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter]
    public MarketoConnection? Connection { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Run(() =>
    {
        _options = new PushOptions
        {
            Connection = ConnectionOr(Connection),
            StaticList = StaticListReference.Parse(StaticList),
            Mapping = Mapping,
            PersonCreation = PersonCreation,
            ExistingPeople = ExistingPeople,
            Delivery = Delivery,
            Bulk = BulkOptions.FromEnvironment(),
            Partition = Partition,
            WaitForList = WaitForList,
            DailyCallReserve = DailyCallReserve,
            JournalIdentity = JournalIdentity,
            JournalFolder = JournalFolderOf(JournalPath),
            RejectPath = RejectPath is null ? null : GetUnresolvedProviderPathFromPSPath(RejectPath),
        };

        // A missing file is an error also for -WhatIf, and comes before the question of -Confirm.
        if (ParameterSetName != FromPipeline) _files = SegmentFiles.Open(SessionState, Path, LiteralPath, Delimiter);
        string action = $"Push the segment to static list {StaticList} of {_options.Connection.Instance}";
        if (ShouldProcess(action + ".", action + "?", "Confirm", out var reason)) return;
        _isPlan = reason == ShouldProcessReason.WhatIf;
        _isDeclined = !_isPlan;
    });

    /// <inheritdoc/>
    protected override void ProcessRecord() => Run(() =>
    {
        if (_isDeclined || ParameterSetName != FromPipeline) return;
        if (_pipeline is null)
        {
            // Columns that nobody mapped are read only to be written again.
            _pipeline = PipelineSegment.Of(InputObject!, RejectPath is null ? Mapping.Select(entry => entry.Source) : null, _options!.JournalFolder);
            if (!_isPlan) Begin([_pipeline.Source]);
            else _pipeline.Planning = Task.Run(() => PushPlanner.PlanAsync(_options!, [_pipeline.Source], StopToken));
        }

        _pipeline.Add(InputObject!, Pulse);
    });

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        if (_isDeclined) return;
        if (ParameterSetName == FromPipeline) EndPipeline();
        else if (_isPlan) WriteObject(Await(_options!.Connection, stop => PushPlanner.PlanAsync(_options, _files!.Take(), stop)));
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

    private void Begin(IReadOnlyList<PushSource> sources) =>
        _push = new EventPump(Push.RunAsync(_options!, sources, StopToken), new PushStreams(this));

    private void EndPipeline()
    {
        if (_pipeline is null)
        {
            throw new SegmentPushException(
                "SegmentEmpty", "No objects came through the pipeline.", "Check the command before Invoke-SegmentPush; nothing was sent.");
        }

        _pipeline.Complete();
        if (_pipeline.Planning is { } planning) WriteObject(Await(_options!.Connection, _ => planning));
    }

    // Shows what has happened while rows come.
    private void Pulse()
    {
        if (_pipeline!.Planning is { IsFaulted: true } planning) planning.GetAwaiter().GetResult();
        _push?.WriteAvailable();
        StopToken.ThrowIfCancellationRequested();
    }

    private sealed class Choices
    {
        public PersonCreation PersonCreation { get; set; }

        public ExistingPeople? ExistingPeople { get; set; }

        public Delivery Delivery { get; set; } = Delivery.Auto;

        public JournalIdentity JournalIdentity { get; set; }
    }
}
