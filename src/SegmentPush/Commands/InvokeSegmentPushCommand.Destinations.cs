using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <content>Destinations that come through the pipeline: each is pushed with the segment that it keeps, and none stops the others.</content>
public sealed partial class InvokeSegmentPushCommand
{
    private static readonly string s_deserialized = "Deserialized." + typeof(SegmentDestination).FullName;

    private readonly List<string> _destinations = [];
    private readonly List<DestinationEnding> _endings = [];

    // From the start until the first object that is no destination.
    private bool _takesDestinations;

    // Files that the destination keeps, where no other segment is given.
    private IReadOnlyList<string> SegmentPath => Path.Length > 0 || _destination is null || Plan is not null || Audience is not null || LiteralPath.Length > 0
        || (MyInvocation.ExpectingInput && !_takesDestinations) ? Path : _destination.Path;

    // Nothing but the pipeline says where to push, so that it may bring destinations.
    private bool MayTakeDestinations() => MyInvocation.ExpectingInput && Plan is null && Destination is null && Audience is null
        && StaticList.Length == 0 && Mapping.Length == 0 && Path.Length + LiteralPath.Length == 0;

    // Whether the object of the pipeline is a destination, which is pushed once all have come.
    private bool TakesDestination()
    {
        string? name = InputObject is null ? null : NameOf(InputObject);
        if (name is null && !_takesDestinations) return false;
        if (name is not null && !_takesDestinations)
        {
            throw new SegmentPushException(
                "ParameterConflict",
                $"The destination '{name}' came through the pipeline, and the parameters name another target.",
                "Leave -Destination, -StaticList and -Mapping out; a destination says all of that itself.",
                name);
        }

        if (name is not null)
        {
            if (!_destinations.Contains(name, StringComparer.OrdinalIgnoreCase)) _destinations.Add(name);
            return true;
        }

        if (_destinations.Count > 0)
        {
            throw new SegmentPushException(
                "MixedPipeline", "The pipeline brought destinations and other objects.", "Pipe destinations only, or people or files with -Destination. Nothing was sent.");
        }

        _takesDestinations = false;
        BeforePush(Prepare);
        return false;
    }

    // A destination from a job or a file has lost its type, and kept its properties.
    private static string? NameOf(System.Management.Automation.PSObject item) =>
        item.BaseObject is SegmentDestination destination ? destination.Name
        : item.TypeNames.Contains(s_deserialized) ? item.Properties["Name"]?.Value as string
        : null;

    private void PushDestinations()
    {
        CheckForMany();
        if (_destinations.Count == 0)
        {
            WriteVerbose("No destination came through the pipeline, so there is nothing to push.");
            return;
        }

        var started = TimeProvider.System.GetUtcNow();
        foreach (string name in _destinations) PushOne(name);
        if (IsWhatIf()) return;
        WriteObject(PushSummary.Of(_endings, started, TimeProvider.System.GetUtcNow()));
    }

    // One file can't take the plans or rejected rows of several pushes.
    private void CheckForMany()
    {
        if ((SavePlan is not null ? nameof(SavePlan) : RejectPath is not null ? nameof(RejectPath) : null) is not { } name) return;
        throw new SegmentPushException(
            "ParameterConflict",
            $"-{name} is one file, and several destinations may come through the pipeline.",
            $"Leave -{name} out, or push one destination with -Destination.",
            name);
    }

    private void PushOne(string name)
    {
        StopToken.ThrowIfCancellationRequested();
        Destination = name;
        int before = _endings.Count;
        try
        {
            BeforePush(Prepare);
            if (!_isOver) EndPush();
            if (_endings.Count == before) _endings.Add(new DestinationEnding(name, null, null, ExitCodes.Done));
        }
        catch (SegmentPushException error) when (error.ErrorId != NoAnswer)
        {
            _endings.Add(new DestinationEnding(name, null, error.ErrorId, error.ExitCode));
            WriteError(ErrorRecords.From(error, error.Target ?? name));
        }
        finally
        {
            Forget();
        }
    }

    private PushStatus NoteEnd(PushStatus status)
    {
        if (_takesDestinations) _endings.Add(DestinationEnding.Of(Destination!, status));
        return status;
    }

    // What belongs to one push only.
    private void Forget()
    {
        _push?.Dispose();
        _files?.Dispose();
        _audience?.Platform.Dispose();
        _push = null;
        _files = null;
        _audience = null;
        _people = null;
        _options = null;
        _destination = null;
        _isOver = _isPlan = false;
    }
}
