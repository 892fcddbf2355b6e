using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Parameters;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Writes saved destinations into files that can live in version control.</summary>
[Cmdlet(VerbsData.Export, "SegmentDestination", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportSegmentDestinationCommand : ModuleCommand
{
    private static readonly OutputKind s_file = new("destination");

    private readonly List<string> _names = [];

    /// <summary>Names of destinations, with or without wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [NotBlank]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>A folder, or a file for one destination.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    public string Path { get; set; } = string.Empty;

    /// <summary>Writes over files that exist.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the files.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Where the journal is: a folder, or the address of a database.</summary>
    [Parameter]
    [NotBlank]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    private protected override void Process() => _names.AddRange(Name);

    private protected override void End()
    {
        var place = OutputPlace.Of(SessionState, Path);
        var destinations = Find();
        place.CheckTakes(destinations.Count, "destinations");
        foreach (var destination in destinations) RunEach(destination.Name, () => Write(destination, place));
    }

    private List<SegmentDestination> Find()
    {
        using var journal = ReadJournal(Journal);
        var found = new List<SegmentDestination>();
        foreach (string name in _names)
        {
            RunEach(name, () =>
            {
                foreach (string match in DestinationNames.Matching(journal, name))
                {
                    if (found.TrueForAll(other => other.Name != match)) found.Add(SavedDestinations.Get(journal, match));
                }
            });
        }

        return found;
    }

    private void Write(SegmentDestination destination, OutputPlace place)
    {
        var file = place.FileFor(DestinationText.FileNameOf(destination.Name), s_file);
        file.CheckIsNoSource(SegmentFiles.KeptBy(SessionState, destination));
        file.CheckReplaces(Force);
        if (!ShouldProcess(MessageText.AsIs(file.Path), $"Export destination '{destination.Name}'")) return;
        file.WriteText(Force, DestinationText.Write(destination, withSchema: true) + "\n");
        CmdletTexts.Inform(this, $"The destination '{destination.Name}' is in '{file.Path}'.", ["SegmentPush"]);
        if (PassThru) WriteFile(file.Path);
    }
}
