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

/// <content>What the parameters mean together.</content>
public sealed partial class InvokeSegmentPushCommand
{
    private PlanFile OpenPlan()
    {
        using var journal = PushJournal.OpenToRead(JournalOf(Journal));
        return PlanFile.Open(FilePaths.Literal(SessionState, Plan!), journal);
    }

    private SegmentDestination FindDestination()
    {
        using var journal = PushJournal.OpenToRead(JournalOf(Journal));
        var destination = SavedDestinations.GetUncounted(journal, Destination!);
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
            nameof(StaticList), nameof(Mapping), nameof(PersonCreation), nameof(ExistingPeople), nameof(Partition), nameof(TimeZone), nameof(Culture), nameof(BadField), nameof(IgnoreConsent),
        ];
        string[] onlyWithDestination = [nameof(Once), nameof(Resync), nameof(Verify), nameof(Force), nameof(MaxRemovals)];
        if (destination is null) onlyWithDestination = [.. onlyWithDestination, nameof(SavePlan)];
        if (Plan is not null) ofDestination = [.. ofDestination, nameof(Destination), .. onlyWithDestination, nameof(Delivery), nameof(MaxRejectPercent),
            nameof(Encoding), nameof(Delimiter), nameof(Escape), nameof(NullText), nameof(Newest)];
        if ((destination is null ? onlyWithDestination : ofDestination).FirstOrDefault(MyInvocation.BoundParameters.ContainsKey) is { } name)
        {
            throw new SegmentPushException(
                "ParameterConflict",
                destination is null ? (MessageText)$"-{name} is for a push to a destination."
                    : Plan is null ? (MessageText)$"The destination '{destination.Name}' says itself what -{name} would say."
                    : $"The plan says itself what -{name} would say.",
                destination is null ? (MessageText)"Give -Destination, or leave it out."
                    : Plan is null ? (MessageText)$"Leave -{name} out, or change the destination with Set-SegmentDestination."
                    : $"Leave -{name} out, or make another plan.",
                name);
        }

        if (IsGiven(nameof(StaticList))) _ = StaticListReference.Parse(StaticList);
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
        Once = Once,

        // Of two hosts that begin at the same time one waits for the other.
        WaitForList = Once && !IsGiven(nameof(WaitForList)) ? TimeSpan.FromDays(1) : WaitForList,
        DailyCallReserve = DailyCallReserve,
        JournalIdentity = JournalIdentity,
        Journal = JournalOf(Journal, JournalTimeout),
        MaxRejectPercent = destination?.MaxRejectPercent ?? MaxRejectPercent ?? SegmentDestination.DefaultMaxRejectPercent,
        IgnoreConsent = IgnoreConsent,
        RejectPath = RejectPath is null ? null : FilePaths.Output(SessionState, RejectPath, RejectFile.Kind).Path,
        Destination = destination is null ? null : new DestinationOptions(destination)
        {
            Force = plan?.Force ?? Force,
            Verify = plan?.Verify ?? (MyInvocation.BoundParameters.ContainsKey(nameof(Verify)) ? Verify : destination.Mode.TakesOffAbsent),
            Resync = plan?.Resync ?? Resync,
            PlannedList = plan?.ListDigest,
        },
    };

    // A file that would be lost is found before anything is asked or sent.
    private void CheckOutput(IReadOnlyList<PushSource> sources)
    {
        string[] files = [.. sources.Where(source => source.File is not null).Select(source => source.Name)];
        if (SavePlan is not null && _plan is null && !_isPlan)
        {
            _plan = FilePaths.Output(SessionState, SavePlan, PlanFile.Kind);
            _plan.CheckReplaces(Force);
        }

        _plan?.CheckIsNoSource(files);
        if (_options!.RejectPath is not { } path) return;
        var rejects = OutputFile.At(path, RejectFile.Kind);
        rejects.CheckIsNoSource(_plan is null ? files : [.. files, _plan.Path]);
        rejects.CheckReplaces(mayReplace: false);
    }

    private sealed class Choices
    {
        public PersonCreation PersonCreation { get; set; }

        public ExistingPeople? ExistingPeople { get; set; }

        public BadField BadField { get; set; }

        public Delivery Delivery { get; set; } = Delivery.Auto;

        public AudienceIdentities Identities { get; set; }

        public JournalIdentity JournalIdentity { get; set; }
    }
}
