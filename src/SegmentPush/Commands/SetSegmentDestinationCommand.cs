using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Parameters;
using SegmentPush.Pushes;

namespace SegmentPush.Commands;

/// <summary>Changes a saved destination.</summary>
[Cmdlet(VerbsCommon.Set, "SegmentDestination", SupportsShouldProcess = true)]
[OutputType(typeof(SegmentDestination))]
public sealed class SetSegmentDestinationCommand : SegmentDestinationCommand
{
    private static readonly string[] s_ofInstance =
        [nameof(StaticList), nameof(Mapping), nameof(PersonCreation), nameof(ExistingPeople), nameof(Partition)];

    private static readonly string[] s_ofForm = [nameof(Delimiter), nameof(Encoding), nameof(Escape), nameof(NullText), nameof(Newest)];

    private static readonly string[] s_ofAudience = [nameof(Audience), nameof(PlatformAccount), nameof(Identities), nameof(SkipPolicyCheck), nameof(Through)];

    private static readonly string[] s_settings =
    [
        .. s_ofInstance, nameof(Mode), nameof(MembershipColumn), nameof(StartDate), nameof(EndDate), nameof(TimeZone), nameof(Culture),
        nameof(BadField), nameof(MaxRemovals), nameof(MaxRemovalPercent), nameof(MaxShrinkPercent), nameof(MaxRejectPercent),
        nameof(Delivery), nameof(Description), nameof(Account), nameof(IgnoreConsent), nameof(Path), .. s_ofForm, .. s_ofAudience, nameof(KeepExports),
    ];

    /// <summary>Name of the destination.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    public string Name { get; set; } = string.Empty;

    /// <summary>The list: id, ST1021, ST1021A1, its address in Marketo's UI, or its name.</summary>
    [Parameter]
    [AllowEmptyString]
    [StaticListTransformation]
    [ArgumentCompleter(typeof(StaticListCompleter))]
    public string? StaticList { get; set; }

    /// <summary>Which column fills which field.</summary>
    [Parameter]
    [NotBlank]
    [MappingTransformation]
    [ArgumentCompleter(typeof(MappingCompleter))]
    public SegmentMapping[]? Mapping { get; set; }

    /// <summary>Emits the destination.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Begin()
    {
        if (s_settings.Any(IsGiven)) return;
        throw new SegmentPushException(
            "NothingToSet", "No parameter says what is to be changed.", $"Give one, such as -EndDate; there are: {string.Join(", ", s_settings.Select(name => "-" + name))}.");
    }

    private protected override void Process()
    {
        RunEach(Name, Change);
    }

    private void Change()
    {
        using var journal = ReadJournal(Journal);
        var before = SavedDestinations.Get(journal, Name);
        var after = With(before);
        if (Mapping is not null) after = after with { Mapping = Mapping };
        var list = StaticList is null ? null : StaticListReference.Parse(StaticList);
        if (list is not null)
        {
            after = after with { StaticListId = list.Id ?? 0, StaticListName = list.Name ?? string.Empty };
        }

        after = DestinationCheck.Checked(after);
        if (IsGiven(nameof(Audience)) || (IsGiven(nameof(PlatformAccount)) && after.PlatformAccount is not null)) after = WithAudience(after);
        bool isOtherAccount = IsGiven(nameof(Account)) && after.Account is not null;
        if (isOtherAccount || s_ofInstance.Any(IsGiven)) after = CheckInInstance(after, list);
        foreach (var warning in DestinationCheck.WarningsOf(journal, after)) WriteWarning(warning);
        if (!ShouldProcess($"destination '{before.Name}'", $"Set {string.Join(", ", s_settings.Where(IsGiven))}")) return;
        var saved = SavedDestinations.Save(journal, after, journal.Now);
        if (PassThru) WriteObject(saved);
    }

    private SegmentDestination CheckInInstance(SegmentDestination destination, StaticListReference? list)
    {
        var connection = Connect(destination);
        list?.CheckInstance(connection.StaticLists);

        // The id of a list means another list in another instance.
        if (StaticList is null && connection.Instance != destination.Instance)
        {
            throw new SegmentPushException(
                "OtherInstance",
                $"The destination '{destination.Name}' is in {destination.Instance}, and the connection is to {connection.Instance}.",
                $"Connect to {destination.Instance}, or give the list in {connection.Instance} too, with -StaticList.",
                destination.Name);
        }

        return Await(connection, stop => DestinationCheck.CheckedAsync(destination, connection, stop));
    }
}
