using System.Management.Automation;
using SegmentPush.Journal;
using SegmentPush.Parameters;

namespace SegmentPush.Commands;

/// <summary>Shows where the journal is, its version and size, the machines that use it, and what runs.</summary>
[Cmdlet(VerbsCommon.Get, "PushJournal")]
[OutputType(typeof(JournalInfo))]
public sealed class GetPushJournalCommand : ModuleCommand
{
    /// <summary>Where the journal is: a folder, or the address of a database.</summary>
    [Parameter(Position = 0)]
    [NotBlank]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    private protected override void Process()
    {
        var address = JournalOf(Journal) ?? JournalAddress.Default;
        if (address.Warning is { } warning) WriteWarning(warning);
        if (!address.Exists) WriteWarning($"There is no journal in '{address}'.");
        WriteObject(address.Describe());
    }
}
