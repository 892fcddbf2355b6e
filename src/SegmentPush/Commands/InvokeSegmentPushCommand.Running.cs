using System.Management.Automation;
using System.Threading.Channels;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Segments;
using SegmentPush.Segments.Rejects;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <content>The push itself: files or a pipeline, pushed or planned.</content>
public sealed partial class InvokeSegmentPushCommand
{
    private SegmentFiles OpenFiles()
    {
        var destination = _options!.Destination?.Destination;
        var files = SegmentFiles.Open(
            SegmentFiles.Find(SessionState, SegmentPath, LiteralPath, WriteWarning, _pipedFiles),
            FormOf(mayBeEmpty: destination is not null).Or(destination),
            SegmentFiles.NewestOf(SaidNewest, destination),
            WriteWarning,
            StopToken);
        foreach (var source in files.Sources)
        {
            WriteVerbose($"{source.Name}: {source.FormDescription}.");
            if (NullTexts.WarningFor(source, _options.Mapping) is { } warning) WriteWarning(warning);
        }

        return files;
    }

    private void Begin(IReadOnlyList<PushSource> sources) =>
        _push = new EventPump(Push.RunAsync(_options!, sources, StopToken), new PushStreams(this, _options!.Connection, _takesDestinations, status => NoteEnd(status), Records), StopToken);

    private void TakeIn()
    {
        if (_isOver || !IsPipeline) return;
        if (PathOf(InputObject!.BaseObject) is { } path)
        {
            if (_pipeline is not null) throw MixedPipeline();
            _pipedFiles.Add(path);
            return;
        }

        if (_pipedFiles.Count > 0) throw MixedPipeline();
        _pipeline ??= NewPipeline();
        _pipeline.Add(InputObject!);
    }

    // Files of Get-Item and Resolve-Path, and those that Get-SegmentFile looked at.
    private static string? PathOf(object item) => item switch
    {
        FileSystemInfo file => file.FullName,
        PathInfo { Provider.Name: "FileSystem" } path => path.ProviderPath,
        SegmentFile file => file.Path,
        _ => null,
    };

    // Properties that no field is filled from are read only to be written again; the one that says who has left is found later.
    private PipelineSegment NewPipeline() => new(new PipelineOptions
    {
        Mapped = [.. _options!.Mapping.Where(entry => !entry.IsConstant).Select(entry => entry.Source)],
        Read = _options.ColumnsRead(),
        Membership = _options.Destination?.Destination is { Mode.ReadsMembership: true } delta ? new PipelineMembership(delta.MembershipColumn) : null,
        MarksTypes = _options.Values.Culture is not null,
        Identity = SegmentPush.Mappings.Mapping.IdentityOf(_options.Mapping)?.Source,
        IgnoresConsent = _options.IgnoreConsent,
        KeepsAll = RejectPath is not null,
        NullText = FormOf(mayBeEmpty: true).Or(_destination).NullText,
        Journal = _options.Journal,
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

    // An empty pipeline is an empty segment, which a destination may have, as an empty file is.
    private void CheckHasPeople()
    {
        if (_isOver || _files is not null || _audience is not null || _pipeline is not null || _destination is not null) return;
        throw new SegmentPushException(
            "SegmentEmpty", "No objects came through the pipeline.", "Check the command before Invoke-SegmentPush; nothing was sent.");
    }

    private void EndPipeline()
    {
        _pipeline ??= NewPipeline();
        _pipeline.Complete();
        if (_pipeline.Planning is { } planning) WritePlan(planning);
    }

    private Task<PushPlan> MakePlan(IReadOnlyList<PushSource> sources)
    {
        if (Detailed) _people = Channel.CreateUnbounded<PersonPlan>();
        Task<PushPlan> Make() => Task.Run(() => PushPlanner.PlanAsync(_options!, sources, StopToken, _people?.Writer));
        return _plan is null ? Make() : Task.Run(() => PlanFile.SaveAsync(_plan, _options!, sources, Make, StopToken));
    }

    private void WritePlan(Task<PushPlan> planning)
    {
        try
        {
            WritePeople();
        }
        finally
        {
            // Select-Object -First takes no more people, and the file is wanted all the same.
            if (_plan is not null) Task.WaitAny(planning);
        }

        WriteObject(Await(_options!.Connection, _ => planning));
    }

    private void WritePeople()
    {
        if (_people is null) return;
        var rows = new PlannedRows();
        foreach (var person in Stream(_options!.Connection, _people.Reader.ReadAllAsync(StopToken))) WriteObject(rows.Add(person), enumerateCollection: true);
        WriteObject(rows.Rest(), enumerateCollection: true);
    }

    // A scheduled task that could not even begin must be seen in Get-PushStatus and Get-SegmentDestination.
    private void LeaveStatus(SegmentPushException error)
    {
        if (_isPlan || SavePlan is not null || IsWhatIf()) return;
        Records.NoteFailure(error, _destination?.Name ?? Destination);
        try
        {
            new FailedStart
            {
                Journal = JournalOf(Journal),
                Destination = _destination,
                StaticList = _destination is null && StaticList.Length > 0 ? StaticListReference.Parse(StaticList) : null,
                Instance = _options?.Connection.Instance,
                Source = (Audience ?? _destination?.Audience ?? _destination?.AudienceId) is { } audience && _files is null ? [audience] : _files is not null ? [.. _files.Sources.Select(source => source.Name)] : [.. SegmentPath, .. LiteralPath, .. _pipedFiles],
            }.Save(error);
        }
        catch (SegmentPushException e)
        {
            WriteVerbose($"The failure is not in the journal: {e.Text}");
        }
    }

    // Shows what has happened while rows come.
    private void Pulse()
    {
        if (_pipeline?.Planning is { IsFaulted: true } planning) planning.GetAwaiter().GetResult();
        _push?.WriteAvailable();
        StopToken.ThrowIfCancellationRequested();
    }
}
