using System.Globalization;
using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Removes saved destinations; their lists in Marketo stay as they are.</summary>
[Cmdlet(VerbsCommon.Remove, "SegmentDestination", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemoveSegmentDestinationCommand : PSCmdlet
{
    /// <summary>Names of destinations.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
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
            foreach (string name in Name) Remove(journal, name);
        }
        catch (SegmentPushException error)
        {
            ThrowTerminatingError(ErrorRecords.From(error));
        }
    }

    private void Remove(PushJournal journal, string name)
    {
        try
        {
            var destination = DestinationStore.Get(journal, name);
            string list = string.Create(
                CultureInfo.InvariantCulture, $"static list '{destination.StaticListName}' ({destination.StaticListId}) of {destination.Instance}");
            if (!ShouldProcess($"destination '{destination.Name}'; {list} and its people stay as they are", "Remove")) return;
            journal.RemoveDestination(destination.Name);
        }
        catch (SegmentPushException error) when (error.ErrorId is "DestinationNotFound" or "DestinationBusy")
        {
            WriteError(ErrorRecords.From(error));
        }
    }
}
