using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Shows pushes, or what became of each of their people, from the journal.</summary>
[Cmdlet(VerbsCommon.Get, "PushStatus")]
[OutputType(typeof(PushStatus), typeof(PersonStatus))]
public sealed class GetPushStatusCommand : ModuleCommand
{
    /// <summary>Ids of pushes.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [PushIdTransformation]
    [ArgumentCompleter(typeof(PushIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>At most this many pushes, the newest.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Last { get; set; }

    /// <summary>Pushes into this list only.</summary>
    [Parameter]
    [StaticListTransformation]
    [ArgumentCompleter(typeof(StaticListCompleter))]
    public string? StaticList { get; set; }

    /// <summary>Pushes to these destinations only; names with or without wildcards.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    public string[] Destination { get; set; } = [];

    /// <summary>Pushes in these states only.</summary>
    [Parameter]
    [ValidateNotNull]
    public PushState[] State { get; set; } = [];

    /// <summary>Emits the people with these outcomes instead of the pushes.</summary>
    [Parameter]
    [ValidateNotNull]
    public PersonOutcome[] Outcome { get; set; } = [];

    /// <summary>Folder of the journal.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    private protected override void Process()
    {
        _ = CheckedIds(Id);
        var list = StaticList is null ? null : StaticListReference.Parse(StaticList);
        using var journal = ReadJournal(JournalPath);
        var destinations = FindDestinations(journal);
        if (Destination is { Length: > 0 } && destinations.Count == 0) return;
        var ids = FindIds(journal, Id);
        if (Id.Length > 0 && ids.Count == 0) return;
        var pushes = journal.GetPushes(new PushFilter
        {
            Ids = ids,
            States = State,
            Destinations = destinations,
            StaticListId = list?.Id,
            StaticListName = list?.Name,
            Last = Last,
        });
        foreach (var missing in ids.Except(State.Length == 0 && destinations.Count == 0 && list is null && Last is null ? pushes.Select(push => push.Id) : ids))
        {
            WriteError(ErrorRecords.From(PushJournal.NotFound(missing), missing));
        }

        Write(journal, pushes);
    }

    private List<string> FindDestinations(PushJournal journal)
    {
        var found = new List<string>();
        foreach (string name in Destination) RunEach(name, () => found.AddRange(DestinationNames.MatchingPushed(journal, name)));
        return found;
    }

    private void Write(PushJournal journal, IReadOnlyList<PushStatus> pushes)
    {
        foreach (var push in pushes)
        {
            if (Outcome.Length == 0)
            {
                WriteObject(push);
                continue;
            }

            foreach (var person in journal.GetPeople(push.Id, Outcome)) WriteObject(person);
        }
    }
}
