using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Parameters;
using SegmentPush.Platform;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>What is said of a destination when it is made and when it is changed.</summary>
public abstract class SegmentDestinationCommand : SegmentFileCommand
{
    // Holds what is of a value type of the product's: the engine loads those types before it can find their assembly.
    private readonly Choices _choices = new();
    private readonly DestinationConnections _connections;

    /// <summary>Makes the cmdlet.</summary>
    protected SegmentDestinationCommand() => _connections = new DestinationConnections(this);

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
        get => _choices.ExistingPeople;
        set => _choices.ExistingPeople = value;
    }

    /// <summary>How the list is kept in step with the segment.</summary>
    [Parameter]
    public PushMode Mode
    {
        get => _choices.Mode;
        set => _choices.Mode = value;
    }

    /// <summary>Column that says who is in the segment and who has left it.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(MembershipColumnCompleter))]
    public string? MembershipColumn { get; set; }

    /// <summary>First day on which a push does something.</summary>
    [Parameter]
    public DateTime? StartDate { get; set; }

    /// <summary>Last day on which a push does something.</summary>
    [Parameter]
    public DateTime? EndDate { get; set; }

    /// <summary>Time zone of the two dates, and of moments in the segment that are written without an offset.</summary>
    [Parameter]
    [NotBlank]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public string? TimeZone { get; set; }

    /// <summary>Culture that dates, numbers and booleans are written in.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CultureCompleter))]
    public string? Culture { get; set; }

    /// <summary>What happens with a value that is not right for its field.</summary>
    [Parameter]
    public BadField BadField
    {
        get => _choices.BadField;
        set => _choices.BadField = value;
    }

    /// <summary>Pushes people whose consent says no to marketing by email, too.</summary>
    [Parameter]
    public SwitchParameter IgnoreConsent { get; set; }

    /// <summary>Files and folders of the segment, with wildcards.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>Name or id of the audience of Experience Platform that is the segment.</summary>
    [Parameter]
    [AudienceTransformation]
    [ArgumentCompleter(typeof(AudienceCompleter))]
    public string? Audience { get; set; }

    /// <summary>Name of the saved account of Experience Platform that the pushes connect with.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PlatformAccountCompleter))]
    public string? PlatformAccount { get; set; }

    /// <summary>Which addresses of a profile of the audience are taken.</summary>
    [Parameter]
    public AudienceIdentities Identities
    {
        get => _choices.Identities;
        set => _choices.Identities = value;
    }

    /// <summary>Exports the audience without asking whether a data usage policy forbids emails to its people.</summary>
    [Parameter]
    public SwitchParameter SkipPolicyCheck { get; set; }

    /// <summary>Id of the dataflow of a file destination into the Data Landing Zone.</summary>
    [Parameter]
    public string? Through { get; set; }

    /// <summary>How many exports of the audience stay in Experience Platform.</summary>
    [Parameter]
    [WholeNumber]
    [ValidateRange(0, 1_000)]
    public int KeepExports { get; set; } = 1;

    /// <summary>The connection to Experience Platform for the check.</summary>
    [Parameter]
    [LiveConnection]
    public PlatformConnection? PlatformConnection { get; set; }

    /// <summary>Most people that one push may take off the list.</summary>
    [Parameter]
    [WholeNumber]
    public int? MaxRemovals { get; set; }

    /// <summary>Most people that one push may take off the list, in percent of the list.</summary>
    [Parameter]
    [WholeNumber]
    [ValidateRange(0, 100)]
    public int MaxRemovalPercent { get; set; } = 20;

    /// <summary>By how much a segment may be smaller than the one before it, in percent.</summary>
    [Parameter]
    [WholeNumber]
    [ValidateRange(0, 100)]
    public int MaxShrinkPercent { get; set; } = 30;

    /// <summary>Most rows of a push that may be rejected, in percent.</summary>
    [Parameter]
    [WholeNumber]
    [ValidateRange(0, 100)]
    public int MaxRejectPercent { get; set; } = 50;

    /// <summary>How Marketo is reached.</summary>
    [Parameter]
    public Delivery Delivery
    {
        get => _choices.Delivery;
        set => _choices.Delivery = value;
    }

    /// <summary>Lead partition.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PartitionCompleter))]
    public string? Partition { get; set; }

    /// <summary>What the destination is for.</summary>
    [Parameter]
    public string? Description { get; set; }

    /// <summary>Name of the saved account that its pushes connect with.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public string? Account { get; set; }

    /// <summary>The connection for the check.</summary>
    [Parameter]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    /// <summary>Where the journal is: a folder, or the address of a database.</summary>
    [Parameter]
    [NotBlank]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _connections.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Opens the journal that keeps the destinations.</summary>
    private protected PushJournal OpenJournal() => PushJournal.Open(JournalOf(Journal));

    /// <summary>A destination with all that is given, and with the rest as it is.</summary>
    /// <exception cref="SegmentPushException">There is no such account, or its file can't be used.</exception>
    private protected SegmentDestination With(SegmentDestination destination)
    {
        var form = FormOf(mayBeEmpty: true);
        return WithPeople(destination) with
        {
            Path = IsGiven(nameof(Path)) ? WholePaths() : destination.Path,
            Delimiter = IsGiven(nameof(Delimiter)) ? form.Delimiter : destination.Delimiter,
            Encoding = IsGiven(nameof(Encoding)) ? form.Encoding : destination.Encoding,
            Escape = IsGiven(nameof(Escape)) ? form.Escape : destination.Escape,
            NullText = IsGiven(nameof(NullText)) ? form.NullText : destination.NullText,
            Newest = IsGiven(nameof(Newest)) ? Newest : destination.Newest,
            Audience = IsGiven(nameof(Audience)) ? Audience : destination.Audience,
            AudienceId = IsGiven(nameof(Audience)) ? null : destination.AudienceId,
            PlatformAccount = IsGiven(nameof(PlatformAccount)) ? FindPlatformAccount()?.Name : destination.PlatformAccount,
            OrganizationId = IsGiven(nameof(Audience)) || IsGiven(nameof(PlatformAccount)) ? null : destination.OrganizationId,
            SandboxName = IsGiven(nameof(Audience)) || IsGiven(nameof(PlatformAccount)) ? null : destination.SandboxName,
            Identities = IsGiven(nameof(Identities)) ? Identities : destination.Identities,
            SkipPolicyCheck = IsGiven(nameof(SkipPolicyCheck)) ? SkipPolicyCheck : destination.SkipPolicyCheck,
            Through = IsGiven(nameof(Through)) ? Through : destination.Through,
            KeepExports = IsGiven(nameof(KeepExports)) ? KeepExports : destination.KeepExports,
        };
    }

    /// <summary>A destination with the audience as Experience Platform knows it.</summary>
    /// <exception cref="SegmentPushException">There is no connection, or no such audience.</exception>
    private protected SegmentDestination WithAudience(SegmentDestination destination)
    {
        if (!destination.HasAudience) return destination;
        using var platform = new PlatformUse(this, PlatformConnection, destination.PlatformAccount, StopToken);
        var audience = AudienceReference.ResolveAsync(platform.Connection.Audiences, destination.AudienceId ?? destination.Audience!, StopToken).GetAwaiter().GetResult();
        return destination with
        {
            Audience = audience.Name,
            AudienceId = audience.Id,
            OrganizationId = platform.Connection.OrganizationId,
            SandboxName = platform.Connection.SandboxName,
        };
    }

    /// <summary>The connection that a destination is checked with: the one given, that of its account, or the session's default.</summary>
    /// <exception cref="SegmentPushException">There is none, or it can't be had.</exception>
    private protected MarketoConnection Connect(SegmentDestination destination)
    {
        var accounts = new AccountStore();
        var account = destination.Account is not { } name ? null : Connection is null ? accounts.Get(name) : accounts.Find(name);
        return _connections.For(Connection, account, StopToken) ?? ConnectionOr(null);
    }

    // What does not say where the segment comes from.
    private SegmentDestination WithPeople(SegmentDestination destination) => destination with
    {
        PersonCreation = IsGiven(nameof(PersonCreation)) ? PersonCreation : destination.PersonCreation,
        ExistingPeople = IsGiven(nameof(ExistingPeople)) ? ExistingPeople : destination.ExistingPeople,
        Mode = IsGiven(nameof(Mode)) ? Mode : destination.Mode,
        MembershipColumn = IsGiven(nameof(MembershipColumn)) ? MembershipColumn : destination.MembershipColumn,
        StartDate = IsGiven(nameof(StartDate)) ? StartDate : destination.StartDate,
        EndDate = IsGiven(nameof(EndDate)) ? EndDate : destination.EndDate,
        TimeZone = TimeZone ?? destination.TimeZone,
        Culture = IsGiven(nameof(Culture)) ? Culture : destination.Culture,
        BadField = IsGiven(nameof(BadField)) ? BadField : destination.BadField,
        MaxRemovals = IsGiven(nameof(MaxRemovals)) ? MaxRemovals : destination.MaxRemovals,
        MaxRemovalPercent = IsGiven(nameof(MaxRemovalPercent)) ? MaxRemovalPercent : destination.MaxRemovalPercent,
        MaxShrinkPercent = IsGiven(nameof(MaxShrinkPercent)) ? MaxShrinkPercent : destination.MaxShrinkPercent,
        MaxRejectPercent = IsGiven(nameof(MaxRejectPercent)) ? MaxRejectPercent : destination.MaxRejectPercent,
        Delivery = IsGiven(nameof(Delivery)) ? Delivery : destination.Delivery,
        Partition = IsGiven(nameof(Partition)) ? Partition : destination.Partition,
        Description = IsGiven(nameof(Description)) ? Description : destination.Description,
        Account = IsGiven(nameof(Account)) ? FindAccount()?.Name : destination.Account,
        IgnoreConsent = IsGiven(nameof(IgnoreConsent)) ? IgnoreConsent : destination.IgnoreConsent,
    };

    private MarketoAccount? FindAccount() => string.IsNullOrWhiteSpace(Account) ? null : new AccountStore().Get(Account);

    private PlatformAccount? FindPlatformAccount() => string.IsNullOrWhiteSpace(PlatformAccount) ? null : new PlatformAccountStore().Get(PlatformAccount);

    // A push begins in another folder than this session.
    private IReadOnlyList<string> WholePaths() =>
        [.. (Path ?? []).Where(path => !string.IsNullOrWhiteSpace(path)).Select(path => FilePaths.OutputPath(SessionState, path))];

    private sealed class Choices
    {
        public PersonCreation PersonCreation { get; set; }

        public ExistingPeople ExistingPeople { get; set; }

        public PushMode Mode { get; set; }

        public BadField BadField { get; set; }

        public Delivery Delivery { get; set; } = Delivery.Auto;

        public AudienceIdentities Identities { get; set; }
    }
}
