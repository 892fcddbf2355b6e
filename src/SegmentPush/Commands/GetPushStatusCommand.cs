using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Parameters;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Shows pushes, or what became of each of their people, from the journal.</summary>
[Cmdlet(VerbsCommon.Get, "PushStatus")]
[OutputType(typeof(PushStatus), typeof(PersonStatus))]
public sealed class GetPushStatusCommand : ModuleCommand
{
    /// <summary>Ids of pushes.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [PushIdTransformation]
    [ArgumentCompleter(typeof(PushIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>At most this many pushes, the newest.</summary>
    [Parameter]
    [WholeNumber]
    [ValidateRange(1, int.MaxValue)]
    public int? Last { get; set; }

    /// <summary>Pushes into this list only.</summary>
    [Parameter]
    [AllowEmptyString]
    [StaticListTransformation]
    [ArgumentCompleter(typeof(StaticListCompleter))]
    public string? StaticList { get; set; }

    /// <summary>Pushes to these destinations only; names with or without wildcards.</summary>
    [Parameter]
    [NotBlank]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    public string[] Destination { get; set; } = [];

    /// <summary>Pushes in these states only.</summary>
    [Parameter]
    [NotBlank]
    public PushState[] State { get; set; } = [];

    /// <summary>Pushes that began at this moment or later.</summary>
    [Parameter]
    [NotBlank]
    public DateTime? Since { get; set; }

    /// <summary>Pushes that began before this moment.</summary>
    [Parameter]
    [NotBlank]
    public DateTime? Before { get; set; }

    /// <summary>Emits what became of the people with these identities instead of the pushes.</summary>
    [Parameter]
    [NotBlank]
    public string[] Identity { get; set; } = [];

    /// <summary>Emits the people with these outcomes instead of the pushes.</summary>
    [Parameter]
    [NotBlank]
    [OutcomeTransformation]
    [ValidateSet("All", "Activated", "Excluded", "Failed", "Added", "AlreadyMember", "Removed", "NotMember", "Unmatched", "NoIdentity", "NoConsent", "Duplicate", "Rejected", "NotDelivered")]
    public PersonOutcome[] Outcome { get; set; } = [];

    /// <summary>Where the journal is: a folder, or the address of a database.</summary>
    [Parameter]
    [NotBlank]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    /// <summary>The connection for reading identities of people that the journal knows by their id alone; the session's default where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    private protected override void Process()
    {
        _ = CheckedIds(Id);
        CheckDates();
        var list = StaticList is null ? null : StaticListReference.Parse(StaticList);
        using var journal = ReadJournal(Journal);
        var destinations = FindDestinations(journal);
        if (Destination is { Length: > 0 } && destinations.Count == 0) return;
        var ids = FindIds(journal, Id);
        if (Id.Length > 0 && ids.Count == 0) return;
        var pushes = journal.History.Get(new PushFilter
        {
            Ids = ids,
            States = State,
            Destinations = destinations,
            StaticListId = list?.Id,
            StaticListName = list?.Name,
            Since = Since is { } since ? new DateTimeOffset(since) : null,
            Before = Before is { } before ? new DateTimeOffset(before) : null,
            Last = Last,
        });
        foreach (var missing in ids.Except(State.Length == 0 && destinations.Count == 0 && list is null && Last is null && Since is null && Before is null ? pushes.Select(push => push.Id) : ids))
        {
            WriteError(ErrorRecords.From(PushErrors.NotFound(missing), missing));
        }

        if (list is not null && pushes.Count == 0 && journal.History.Get(new PushFilter { StaticListId = list.Id, StaticListName = list.Name, Last = 1 }).Count == 0)
            WriteWarning($"The journal holds no push into static list '{StaticList}'.");
        Write(journal, pushes);
    }

    private void CheckDates()
    {
        if (Since is not { } since || Before is not { } before || since < before) return;
        throw new SegmentPushException(
            "DatesReversed",
            $"No push began since {ShownTime.Of(since)} and before {ShownTime.Of(before)}, as that is no earlier moment.",
            "Give a later moment with -Before, or leave one of them out.",
            "Before");
    }

    private List<string> FindDestinations(PushJournal journal)
    {
        var found = new List<string>();
        foreach (string name in Destination) RunEach(name, () => found.AddRange(DestinationNames.MatchingPushed(journal, name)));
        return found;
    }

    private void Write(PushJournal journal, IReadOnlyList<PushStatus> pushes)
    {
        var people = new RemovedPeople(Connection ?? SessionConnection.Default, journal, WriteWarning);
        if (Identity.Length > 0)
        {
            foreach (string identity in Identity.Distinct(StringComparer.OrdinalIgnoreCase)) WriteFound(journal, pushes, identity, people);
            return;
        }

        foreach (var push in pushes)
        {
            if (Outcome.Length == 0) WriteObject(ShownPush.Of(push));
            else WritePeople(push, people, journal.People.Get(push.Id, Outcome));
        }
    }

    // The journal enters a person before the first call. The status also counts people who were received, and had not come to that.
    private void WritePeople(PushStatus push, RemovedPeople people, IEnumerable<PersonStatus> found)
    {
        long undelivered = 0;
        WriteObject(people.Complete(push, found.Select(Counted), StopToken), enumerateCollection: true);
        if (Outcome.Contains(PersonOutcome.NotDelivered) && push.NotDelivered - undelivered is > 0 and var more)
            WriteWarning(MessageText.Plural(
                more,
                $"{more:N0} more person of push {push.ShortId} was not delivered. The journal does not name the person, because no call had begun for the person when the process ended.",
                $"{more:N0} more people of push {push.ShortId} were not delivered. The journal does not name them, because no call had begun for them when the process ended."));

        PersonStatus Counted(PersonStatus person)
        {
            if (person.Outcome == PersonOutcome.NotDelivered) undelivered++;
            return person;
        }
    }

    // Its own view tells the push of each.
    private void WriteFound(PushJournal journal, IReadOnlyList<PushStatus> pushes, string identity, RemovedPeople people)
    {
        var ids = people.FindIds(identity, pushes, StopToken);
        foreach (var person in new PersonSearch(journal.People).Find(pushes, identity, ids, StopToken))
        {
            if (Outcome.Length > 0 && !Outcome.Contains(person.Outcome)) continue;
            var shown = PSObject.AsPSObject(person);
            shown.TypeNames.Insert(0, $"{typeof(PersonStatus).FullName}#Identity");
            WriteObject(shown);
        }
    }
}
