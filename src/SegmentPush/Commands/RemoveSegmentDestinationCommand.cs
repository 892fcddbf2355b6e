using System.Globalization;
using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;

namespace SegmentPush.Commands;

/// <summary>Removes saved destinations; their lists in Marketo stay as they are.</summary>
[Cmdlet(VerbsCommon.Remove, "SegmentDestination", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemoveSegmentDestinationCommand : ModuleCommand
{
    /// <summary>Names of destinations, with or without wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Where the journal is: a folder, or the address of a database.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    private protected override void Process()
    {
        using var journal = ReadJournal(Journal);
        foreach (string name in Name)
        {
            RunEach(name, () =>
            {
                foreach (string match in DestinationNames.Matching(journal, name)) RunEach(match, () => Remove(journal, match));
            });
        }
    }

    private void Remove(PushJournal journal, string name)
    {
        var destination = SavedDestinations.Get(journal, name);
        MessageText list = $"static list '{destination.StaticListName}' ({destination.StaticListId}) of {destination.Instance}";
        if (ShouldProcess($"destination '{destination.Name}'; {list} and its people stay as they are", "Remove")) journal.Destinations.Remove(destination.Name);
    }
}
