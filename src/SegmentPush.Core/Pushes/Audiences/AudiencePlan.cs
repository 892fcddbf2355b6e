using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Platform;

namespace SegmentPush.Pushes.Audiences;

/// <summary>What a push of an audience would read and where it would go. Nothing is exported for it, so that it can't tell what becomes of each person.</summary>
public sealed record AudiencePlan
{
    /// <summary>Name of the audience.</summary>
    public required string Audience { get; init; }

    /// <summary>Its id.</summary>
    public required string AudienceId { get; init; }

    /// <summary>Name of its sandbox.</summary>
    public required string SandboxName { get; init; }

    /// <summary>Number of profiles in it at the last evaluation; null where the platform does not say.</summary>
    public long? Size { get; init; }

    /// <summary>When its people were last determined, UTC; null where the platform does not say.</summary>
    public DateTimeOffset? LastEvaluated { get; init; }

    /// <summary>How long ago that was; null where the platform does not say.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>Its labels of data usage.</summary>
    public IReadOnlyList<string> Labels { get; init => field = ShownList.Of(value); } = ShownList.Of<string>([]);

    /// <summary>Why a data usage policy would stop the push; null where none would, or none is asked.</summary>
    public string? PolicyReason { get; init; }

    /// <summary>The fields of each profile that would be exported; with a dataflow the columns that its files must have.</summary>
    public IReadOnlyList<string> Fields { get; init => field = ShownList.Of(value); } = ShownList.Of<string>([]);

    /// <summary>Id of the dataflow that the audience would be exported through; null for an export job.</summary>
    public string? Through { get; init; }

    /// <summary>The destination; null for a push for none.</summary>
    public string? Destination { get; init; }

    /// <summary>How the destination keeps its list in step; null for a push for none.</summary>
    public PushMode? Mode { get; init; }

    /// <summary>Munchkin id of the instance, or the host of its endpoint.</summary>
    public required string Instance { get; init; }

    /// <summary>REST id of the static list.</summary>
    public required long StaticListId { get; init; }

    /// <summary>Name of the static list.</summary>
    public required string StaticListName { get; init; }

    /// <summary>What the newest push of the audience into the list did; null where there was none.</summary>
    public PushStatus? LastPush { get; init; }

    /// <summary>The plan in a line.</summary>
    public override string ToString() =>
        MessageText.Say($"Plan for {Destination ?? StaticListName}: audience '{Audience}', {(Size is { } size ? Counted.Profiles(size) : "size not known")}");

    /// <summary>Makes the plan. Nothing is changed.</summary>
    /// <param name="options">What the push is to do.</param>
    /// <param name="request">The audience.</param>
    /// <param name="platform">The platform.</param>
    /// <param name="audience">The audience as the platform knows it now.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SegmentPushException">The push would end with the same error.</exception>
    internal static async Task<AudiencePlan> MakeAsync(
        PushOptions options, AudienceRequest request, PlatformConnection platform, PlatformAudience audience, CancellationToken cancellation)
    {
        var target = await PushTarget.ResolveAsync(options, cancellation).ConfigureAwait(false);
        var counted = await platform.Counts.FillAsync(audience, cancellation).ConfigureAwait(false);
        return new AudiencePlan
        {
            Audience = audience.Name,
            AudienceId = audience.Id,
            SandboxName = platform.SandboxName,
            Size = counted.Size,
            LastEvaluated = counted.LastEvaluated,
            Age = counted.LastEvaluated is { } evaluated ? platform.Time.GetUtcNow() - evaluated : null,
            Labels = audience.Labels,
            PolicyReason = request.Through is not null || request.SkipPolicyCheck ? null : await FindPolicyReasonAsync(request, platform, cancellation).ConfigureAwait(false),
            Fields = request.Fields,
            Through = request.Through,
            Destination = options.Destination?.Destination.Name,
            Mode = options.Destination?.Destination.Mode,
            Instance = options.Connection.Instance,
            StaticListId = target.StaticList.Id,
            StaticListName = target.StaticList.Name,
            LastPush = FindLast(options, target.StaticList.Id, audience.Name),
        };
    }

    private static async Task<string?> FindPolicyReasonAsync(AudienceRequest request, PlatformConnection platform, CancellationToken cancellation)
    {
        try
        {
            string? dataset = await platform.Datasets.FindAsync(cancellation).ConfigureAwait(false);
            using var export = new AudienceExport(platform, new AudienceExportOptions(request.Audience, request.Fields));
            await export.CheckPoliciesAsync(dataset, cancellation).ConfigureAwait(false);
            return null;
        }
        catch (SegmentPushException violated) when (violated.ErrorId == "PolicyViolated")
        {
            return violated.Message;
        }
    }

    private static PushStatus? FindLast(PushOptions options, long listId, string audience)
    {
        using var journal = PushJournal.OpenToRead(options.Journal ?? JournalAddress.Default);
        return options.Destination is { } destination
            ? journal.History.Get(new PushFilter { Destinations = [destination.Destination.Name], WithoutUndos = true, Last = 1 }) is [var push] ? push : null
            : journal.History.Get(new PushFilter { StaticListId = listId }).FirstOrDefault(push => push.Source is [var source, ..] && source == audience);
    }
}
