using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Shows pushes, or what became of each of their people, from the journal.</summary>
[Cmdlet(VerbsCommon.Get, "PushStatus")]
[OutputType(typeof(PushStatus), typeof(PersonStatus))]
public sealed class GetPushStatusCommand : PSCmdlet
{
    /// <summary>Ids of pushes.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
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

    /// <summary>Pushes to these destinations only.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    public string[] Destination { get; set; } = [];

    /// <summary>Pushes in these states only.</summary>
    [Parameter]
    public PushState[] State { get; set; } = [];

    /// <summary>Emits the people with these outcomes instead of the pushes.</summary>
    [Parameter]
    public PersonOutcome[] Outcome { get; set; } = [];

    /// <summary>Folder of the journal.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            Show();
        }
        catch (SegmentPushException error)
        {
            ThrowTerminatingError(ErrorRecords.From(error));
        }
    }

    private void Show()
    {
        var list = StaticList is null ? null : StaticListReference.Parse(StaticList);
        using var journal = PushJournal.Open(JournalPath is null ? null : GetUnresolvedProviderPathFromPSPath(JournalPath));
        var ids = PushIdParameter.Resolve(journal, Id, (error, id) => WriteError(ErrorRecords.From(error, id)));
        if (Id.Length > 0 && ids.Count == 0) return;
        var pushes = journal.GetPushes(new PushFilter
        {
            Ids = ids,
            States = State,
            Destinations = Destination,
            StaticListId = list?.Id,
            StaticListName = list?.Name,
            Last = Last,
        });
        foreach (var missing in ids.Except(State.Length == 0 && Destination.Length == 0 && list is null && Last is null ? pushes.Select(push => push.Id) : ids))
        {
            WriteError(ErrorRecords.From(PushJournal.NotFound(missing)));
        }

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
