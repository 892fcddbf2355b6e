using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Destinations;

namespace SegmentPush.Commands;

/// <summary>Shows saved destinations.</summary>
[Cmdlet(VerbsCommon.Get, "SegmentDestination")]
[OutputType(typeof(SegmentDestination))]
public sealed class GetSegmentDestinationCommand : ModuleCommand
{
    /// <summary>Names of destinations, with or without wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
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
        if (Name.Length == 0) WriteObject(SavedDestinations.Get(journal), enumerateCollection: true);
        foreach (string name in Name)
        {
            RunEach(name, () =>
            {
                foreach (string match in DestinationNames.Matching(journal, name)) WriteObject(SavedDestinations.Get(journal, match));
            });
        }
    }
}
