using System.Management.Automation;
using SegmentPush.Journal;
using SegmentPush.Parameters;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Takes destinations, snapshots and history of a machine's journal along into a journal that several machines share.</summary>
[Cmdlet(VerbsCommon.Copy, "PushJournal", SupportsShouldProcess = true)]
[OutputType(typeof(CopiedJournal))]
public sealed class CopyPushJournalCommand : ModuleCommand
{
    /// <summary>The folder of the machine's journal.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    public string From { get; set; } = string.Empty;

    /// <summary>The address of the database.</summary>
    [Parameter(Position = 1)]
    [NotBlank]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    private protected override void Process()
    {
        var source = JournalAddress.IsDatabase(From) ? JournalAddress.Of(From) : JournalAddress.Of(FilePaths.Folder(SessionState, From));
        var address = JournalOf(Journal) ?? JournalAddress.Default;
        if (address.Warning is { } warning) WriteWarning(warning);
        if (!ShouldProcess($"journal {source} into {address}", "Copy")) return;
        var copied = address.CopyFrom(source);
        foreach (string name in copied.DestinationsThere) WriteWarning($"The destination '{name}' was there already and stays as it is there.");
        if (!copied.HasSameKey)
        {
            WriteWarning(
                "The shared journal hashes identities with another key: snapshots were left behind, so the next push into each list reads it, and hashed identities of the pushes "
                + "that were taken along are not found again.");
        }

        WriteObject(copied);
    }
}
