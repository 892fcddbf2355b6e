using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Parameters;
using SegmentPush.Platform;
using SegmentPush.Pushes;
using SegmentPush.Pushes.Audiences;
using SegmentPush.Segments;

namespace SegmentPush.Commands;

/// <content>An audience of Experience Platform as the segment.</content>
public sealed partial class InvokeSegmentPushCommand
{
    private const string FromAudience = "Audience";

    private AudiencePush? _audience;

    /// <summary>Name or id of the audience that is the segment.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromAudience)]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    [AudienceTransformation]
    [ArgumentCompleter(typeof(AudienceCompleter))]
    public string? Audience { get; set; }

    /// <summary>Which addresses of a profile are taken.</summary>
    [Parameter(ParameterSetName = FromAudience)]
    public AudienceIdentities Identities
    {
        get => _choices.Identities;
        set => _choices.Identities = value;
    }

    /// <summary>Exports the audience without asking whether a data usage policy forbids emails to its people.</summary>
    [Parameter(ParameterSetName = FromAudience)]
    public SwitchParameter SkipPolicyCheck { get; set; }

    /// <summary>Id of the dataflow of a file destination into the Data Landing Zone.</summary>
    [Parameter(ParameterSetName = FromAudience)]
    [NotBlank]
    public string? Through { get; set; }

    /// <summary>Pushes people whose consent says no to marketing by email, too.</summary>
    [Parameter]
    public SwitchParameter IgnoreConsent { get; set; }

    /// <summary>The connection to Experience Platform; that of the destination's account, or the session's default, where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public PlatformConnection? PlatformConnection { get; set; }

    private bool ReadsAudience => Audience is not null || (_destination is { HasAudience: true } && Plan is null);

    private bool HasPath => SegmentPath.Count + LiteralPath.Length > 0;

    // A destination with an audience needs no file; neither does an empty pipeline.
    private bool IsPipeline => !_takesDestinations && (ParameterSetName == FromPipeline || (ParameterSetName == FromPath && !HasPath && !ReadsAudience && MyInvocation.ExpectingInput));

    // A person who pipes people in and names a file has one of them in mind. PowerShell would bind the file, and leave the pipeline out.
    private void CheckPipeline()
    {
        if (!MyInvocation.ExpectingInput || _takesDestinations) return;
        string? other = Plan is not null ? nameof(Plan) : Audience is not null ? nameof(Audience) : LiteralPath.Length > 0 ? nameof(LiteralPath) : Path.Length > 0 ? nameof(Path) : null;
        if (other is null) return;
        throw new SegmentPushException(
            "ParameterConflict",
            $"The pipeline brings a segment, and -{other} gives another one.",
            $"Leave -{other} out, or call Invoke-SegmentPush without a pipeline; -StaticList or -Destination says where to push.",
            other);
    }

    private void CheckSegment(SegmentDestination? destination)
    {
        if (destination is { HasAudience: true } && Plan is null && (Audience is not null || HasPath || (MyInvocation.ExpectingInput && !_takesDestinations)))
        {
            throw new SegmentPushException(
                "ParameterConflict",
                $"The destination '{destination.Name}' has an audience of Experience Platform as its segment, and another segment is given.",
                "Leave the other segment out; for another segment into the same list make a destination of its own.",
                destination.Name);
        }

        if (destination is { Mode.ReadsMembership: true } && Audience is not null)
        {
            throw new SegmentPushException(
                "AudienceIsWhole",
                $"The destination '{destination.Name}' has the mode Delta, which is for segments of changes, and an audience is exported whole.",
                "Use a destination with the mode Mirror or Append.",
                destination.Name);
        }

        if (ReadsAudience && (SavePlan ?? (Detailed ? nameof(Detailed) : null)) is not null)
        {
            throw new SegmentPushException(
                "AudienceHasNoRows",
                $"-{(SavePlan is null ? nameof(Detailed) : nameof(SavePlan))} needs each person, and a plan of an audience exports nobody.",
                "Export the audience with Save-PlatformAudience, and plan the push of its files with -Path.");
        }

        if (ReadsAudience && RejectPath is not null && (Through ?? destination?.Through) is not null)
        {
            throw new SegmentPushException(
                "RejectPathNotSuitable",
                "The files of a destination of Experience Platform are not kept, so that no reject file can be written of them.",
                "Get-PushStatus -Outcome Rejected tells which rows were rejected, and why.");
        }

        if (!ReadsAudience && (ParameterSetName == FromPath || _takesDestinations) && !HasPath && !IsPipeline)
        {
            throw new SegmentPushException(
                "SegmentMissing",
                "The push lacks a segment.",
                "Give files with -Path, pipe people in, or name an audience of Experience Platform with -Audience. Set-SegmentDestination keeps files or an audience with a destination.");
        }
    }

    // The audience is found before anything is asked or sent.
    private AudiencePush? FindAudience(SegmentDestination? destination)
    {
        if (!ReadsAudience) return null;
        bool isOfDestination = Audience is null;
        var identities = isOfDestination ? destination!.Identities : Identities;
        string? through = isOfDestination ? destination!.Through : Through?.Trim();
        bool skips = isOfDestination ? destination!.SkipPolicyCheck : SkipPolicyCheck;
        AudienceRequest.Check(_options!.Mapping, identities, through, skips);
        var platform = new PlatformUse(this, PlatformConnection, isOfDestination ? destination!.PlatformAccount : null, StopToken);
        try
        {
            if (isOfDestination) platform.CheckLeadsTo(destination!);
            string name = Audience ?? destination!.AudienceId ?? destination!.Audience!;
            var audience = Await(_options.Connection, stop => AudienceReference.ResolveAsync(platform.Connection.Audiences, name, stop));
            var request = AudienceRequest.Of(platform.Connection, audience, _options.Mapping, through is not null, _options.IgnoreConsent) with
            {
                Identities = identities,
                SkipPolicyCheck = skips,
                Through = through,
                Form = through is null ? null : FormToKeep(FormOf(mayBeEmpty: true).Or(destination)),
            };
            return new AudiencePush(platform, audience, request);
        }
        catch
        {
            platform.Dispose();
            throw;
        }
    }

    private static SavedForm FormToKeep(FormOptions form) => new(form.Encoding, form.Delimiter, form.Escape, form.NullText ?? [], string.Empty);

    private IReadOnlyList<PushSource> OpenAudience() =>
        [PushSource.Of(AudienceSource.Begin(JournalFolder.Ensure((_options!.Journal ?? JournalAddress.Default).LocalFolder), _audience!.Request, _audience.Platform.Connection))];

    private void WriteAudiencePlan()
    {
        var (platform, audience, request) = _audience!;
        WriteObject(Await(_options!.Connection, stop => AudiencePlan.MakeAsync(_options, request, platform.Connection, audience, stop)));
    }

    // An audience, what is asked for of it, and the platform that it is in.
    private sealed record AudiencePush(PlatformUse Platform, PlatformAudience Audience, AudienceRequest Request);
}
