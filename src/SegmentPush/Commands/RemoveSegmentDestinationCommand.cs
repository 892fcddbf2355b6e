using System.Globalization;
using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Parameters;

namespace SegmentPush.Commands;

/// <summary>Removes saved destinations; their lists in Marketo stay as they are.</summary>
[Cmdlet(VerbsCommon.Remove, "SegmentDestination", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemoveSegmentDestinationCommand : ModuleCommand
{
    private readonly List<string> _names = [];
    private int _removed;

    /// <summary>Names of destinations, with or without wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [NotBlank]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Where the journal is: a folder, or the address of a database.</summary>
    [Parameter]
    [NotBlank]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    /// <summary>Removes several destinations without a question.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process() => _names.AddRange(Name);

    private protected override void End()
    {
        using var journal = ReadJournal(Journal);
        var found = new List<string>();
        foreach (string name in _names)
        {
            RunEach(name, () => found.AddRange(DestinationNames.Matching(journal, name).Where(match => !found.Contains(match, StringComparer.OrdinalIgnoreCase))));
        }

        MessageText what = $"Remove {Counted.Destinations(found.Count)}: {MessageText.Join(", ", found.Select(MessageText.AsIs))}";
        if (!ApprovesAll(found.Count, what, Force)) return;
        foreach (string match in found) RunEach(match, () => Remove(journal, match));
        if (_removed > 0) TellRemoved(MessageText.Plural(_removed, $"{_removed:N0} destination removed.", $"{_removed:N0} destinations removed."));
    }

    private void Remove(PushJournal journal, string name)
    {
        var destination = SavedDestinations.Get(journal, name);
        MessageText list = $"static list '{destination.StaticListName}' ({destination.StaticListId}) of {destination.Instance}";
        if (!ShouldProcess($"destination '{destination.Name}'; {list} and its people stay as they are", "Remove")) return;
        var open = journal.History.Get(new PushFilter { Destinations = [destination.Name] }).Where(push => push.CanBeResumed).ToArray();
        journal.Destinations.Remove(destination.Name);
        _removed++;
        foreach (var push in open)
            WriteWarning($"The push {push.ShortId} of the destination '{destination.Name}' has not completed, and can't be resumed without it. A destination of the same name and list lets it go on; Stop-SegmentPush -Id {push.ShortId} gives it up.");
    }
}
