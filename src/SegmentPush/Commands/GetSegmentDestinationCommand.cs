using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Parameters;
using SegmentPush.Pushes;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Shows saved destinations.</summary>
[Cmdlet(VerbsCommon.Get, "SegmentDestination")]
[OutputType(typeof(SegmentDestination))]
public sealed class GetSegmentDestinationCommand : ModuleCommand
{
    /// <summary>Names of destinations, with or without wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NotBlank]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Shows only those that are due.</summary>
    [Parameter]
    public SwitchParameter Due { get; set; }

    /// <summary>Where the journal is: a folder, or the address of a database.</summary>
    [Parameter]
    [NotBlank]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    private protected override void Process()
    {
        using var journal = ReadJournal(Journal);
        if (Name.Length == 0)
        {
            foreach (var destination in SavedDestinations.Get(journal)) Write(journal, destination);
        }

        foreach (string name in Name)
        {
            RunEach(name, () =>
            {
                foreach (string match in DestinationNames.Matching(journal, name)) Write(journal, SavedDestinations.Get(journal, match));
            });
        }
    }
    private void Write(PushJournal journal, SegmentDestination destination)
    {
        if (!Due || IsDue(journal, destination)) WriteObject(destination);
    }

    // What is amiss must not look like a day with nothing to do.
    private bool IsDue(PushJournal journal, SegmentDestination destination)
    {
        var answer = DueSegment.Check(journal, destination, SessionState);
        var what = answer.Kind switch
        {
            DueKind.Due => (MessageText)$"The destination '{destination.Name}' is due. {answer.Reason}",
            DueKind.Amiss => $"The destination '{destination.Name}' can't be pushed as it is. {answer.Reason}",
            _ => $"The destination '{destination.Name}' is not due. {answer.Reason}",
        };
        if (answer.Kind == DueKind.Amiss) WriteWarning(what);
        else WriteVerbose(what);
        return answer.Kind == DueKind.Due;
    }
}
