using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Shows saved destinations.</summary>
[Cmdlet(VerbsCommon.Get, "SegmentDestination")]
[OutputType(typeof(SegmentDestination))]
public sealed class GetSegmentDestinationCommand : PSCmdlet
{
    /// <summary>Names of destinations, with or without wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Folder of the journal.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            using var journal = PushJournal.Open(JournalPath is null ? null : GetUnresolvedProviderPathFromPSPath(JournalPath));
            if (Name.Length == 0) WriteObject(DestinationStore.Get(journal), enumerateCollection: true);
            foreach (string name in Name) Show(journal, name);
        }
        catch (SegmentPushException error)
        {
            ThrowTerminatingError(ErrorRecords.From(error));
        }
    }

    private void Show(PushJournal journal, string name)
    {
        // A name may hold what would be a wildcard elsewhere.
        if (!WildcardPattern.ContainsWildcardCharacters(name) || journal.FindDestination(name) is not null)
        {
            try
            {
                WriteObject(DestinationStore.Get(journal, name));
            }
            catch (SegmentPushException error) when (error.ErrorId == "DestinationNotFound")
            {
                WriteError(ErrorRecords.From(error));
            }

            return;
        }

        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        foreach (var destination in DestinationStore.Get(journal))
        {
            if (pattern.IsMatch(destination.Name)) WriteObject(destination);
        }
    }
}
