using SegmentPush.Mappings;

namespace SegmentPush.Destinations;

/// <summary>
/// Where the people of a segment go, and how: saved under a name, so that a scheduled task need only say that name.
/// It holds no secret.
/// </summary>
public sealed record SegmentDestination
{
    internal const int DefaultMaxRejectPercent = 50;

    internal const int DefaultMaxRemovalPercent = 20;

    internal const int DefaultKeepExports = 1;

    /// <summary>Its name; two that differ in case only are the same.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, in the user's words.</summary>
    public string? Description { get; init; }

    /// <summary>Name of the saved account that it connects with; null where each push brings its connection.</summary>
    public string? Account { get; init; }

    /// <summary>Name of the saved account of Experience Platform that its pushes connect with; null where each push brings its connection.</summary>
    public string? PlatformAccount { get; init; }

    /// <summary>Organization ID of its audience; null where it has none, or before the first check.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Name of the sandbox of its audience; null where it has none, or before the first check.</summary>
    public string? SandboxName { get; init; }

    /// <summary>Name of the audience that is its segment when it was last checked; null where each push brings its segment.</summary>
    public string? Audience { get; init; }

    /// <summary>Id of the audience; null where it is found by its name.</summary>
    public string? AudienceId { get; init; }

    /// <summary>Which addresses of a profile of the audience are taken.</summary>
    public AudienceIdentities Identities { get; init; }

    /// <summary>Whether the audience is exported without asking whether a data usage policy forbids emails to its people.</summary>
    public bool SkipPolicyCheck { get; init; }

    /// <summary>Id of the dataflow of a file destination that the audience is exported through; null for an export job.</summary>
    public string? Through { get; init; }

    /// <summary>How many of its exports stay in Experience Platform; older ones are deleted after a push.</summary>
    /// <value>The default is 1.</value>
    public int KeepExports { get; init; } = DefaultKeepExports;

    /// <summary>Files and folders of its segment, with wildcards; empty where each push brings its segment, and with an audience.</summary>
    public IReadOnlyList<string> Path { get; init => field = ShownList.Of(value); } = ShownList.Of<string>([]);

    /// <summary>Character between two cells of its files; null where it is found by looking.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Name or code page of the encoding of its files, as <c>Import-Csv -Encoding</c> takes it; null where it is found by looking.</summary>
    public string? Encoding { get; init; }

    /// <summary>How its files write a quote inside a quoted cell; null where it is found by looking.</summary>
    public CellEscape? Escape { get; init; }

    /// <summary>Unquoted texts of its segment that mean no value; empty for none, null for those that are usual for the kind of file.</summary>
    public IReadOnlyList<string>? NullText { get; init => field = value is null ? null : ShownList.Of(value); }

    /// <summary>Whether a push takes the newest complete export where there are several. A mirror does so in any case.</summary>
    public bool Newest { get; init; }

    /// <summary>Munchkin id of the instance, or the host of its endpoint.</summary>
    public required string Instance { get; init; }

    /// <summary>REST id of the static list.</summary>
    public required long StaticListId { get; init; }

    /// <summary>Name of the static list when the destination was last checked.</summary>
    public required string StaticListName { get; init; }

    /// <summary>Which column fills which field, and which one finds the person.</summary>
    public required IReadOnlyList<SegmentMapping> Mapping { get; init => field = ShownList.Of(value); }

    /// <summary>Whether people may be created.</summary>
    public PersonCreation PersonCreation { get; init; }

    /// <summary>What happens with the fields of people who exist.</summary>
    public ExistingPeople ExistingPeople { get; init; }

    /// <summary>How Marketo is reached.</summary>
    public Delivery Delivery { get; init; } = Delivery.Auto;

    /// <summary>Lead partition; null for the instance's own rules.</summary>
    public string? Partition { get; init; }

    /// <summary>How the list is kept in step with the segment.</summary>
    public PushMode Mode { get; init; }

    /// <summary>Column that says who is in the segment and who has left it; null for the usual names. For <see cref="PushMode.Delta"/> only.</summary>
    public string? MembershipColumn { get; init; }

    /// <summary>First day on which a push does something; null for no such day.</summary>
    public DateTime? StartDate { get; init => field = DayOf(value); }

    /// <summary>Last day on which a push does something; null for ever.</summary>
    public DateTime? EndDate { get; init => field = DayOf(value); }

    /// <summary>Time zone of the two dates, and of moments in the segment that are written without an offset, such as <c>Europe/Paris</c>.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Culture that dates, numbers and booleans are written in, such as <c>de-DE</c>; null for ISO and invariant forms only.</summary>
    public string? Culture { get; init; }

    /// <summary>What happens with a value that is not right for its field.</summary>
    public BadField BadField { get; init; }

    /// <summary>Whether people are pushed whose consent says no to marketing by email.</summary>
    public bool IgnoreConsent { get; init; }

    /// <summary>Most people that one push may take off the list; null for no such number. For <see cref="PushMode.Mirror"/> only.</summary>
    public int? MaxRemovals { get; init; }

    /// <summary>Most people that one push may take off the list, in percent of the list.</summary>
    /// <value>The default is 20.</value>
    public int MaxRemovalPercent { get; init; } = DefaultMaxRemovalPercent;

    /// <summary>By how much a segment may be smaller than the one before it, in percent.</summary>
    /// <value>The default is 30.</value>
    public int MaxShrinkPercent { get; init; } = 30;

    /// <summary>Most rows of a push that may be rejected, in percent of all. With more the push ends with an error, and a mirror takes nobody off.</summary>
    /// <value>The default is 50.</value>
    public int MaxRejectPercent { get; init; } = DefaultMaxRejectPercent;

    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When it was changed last, UTC.</summary>
    public DateTimeOffset Changed { get; init; }

    /// <summary>People on its list as far as its pushes know.</summary>
    public int Members { get; init; }

    /// <summary>Id of its newest push; null where none was begun.</summary>
    public Guid? LastPush { get; init; }

    /// <summary>When its newest push was started, UTC; null where none was begun.</summary>
    public DateTimeOffset? LastStarted { get; init; }

    /// <summary>State of its newest push; null where none was begun.</summary>
    public PushState? LastState { get; init; }

    /// <summary>Id of the error that ended its newest push, such as <c>GuardStopped</c>; null where none did.</summary>
    public string? LastError { get; init; }

    /// <summary>Whether its segment is an audience of Experience Platform.</summary>
    internal bool HasAudience => (AudienceId ?? Audience) is not null;

    /// <inheritdoc/>
    public override string ToString() => Name;

    // A whole day, in no zone of its own.
    private static DateTime? DayOf(DateTime? moment) => moment is { } given ? DateTime.SpecifyKind(given.Date, DateTimeKind.Unspecified) : null;
}
