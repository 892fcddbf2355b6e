using System.Management.Automation;
using SegmentPush.Journal;
using SegmentPush.Parameters;

namespace SegmentPush.Commands;

/// <summary>Makes the journal that several machines share, once, or brings it forward to the version of this module.</summary>
[Cmdlet(VerbsData.Initialize, "PushJournal", SupportsShouldProcess = true)]
[OutputType(typeof(JournalInfo), typeof(string))]
public sealed class InitializePushJournalCommand : ModuleCommand
{
    /// <summary>Where the journal is: the address of a database, or a folder.</summary>
    [Parameter(Position = 0)]
    [NotBlank]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    /// <summary>Emits the SQL that a database administrator runs, and does nothing.</summary>
    [Parameter]
    public SwitchParameter AsScript { get; set; }

    private protected override void Process()
    {
        var address = JournalOf(Journal) ?? JournalAddress.Default;
        if (AsScript)
        {
            WriteObject(address.GetScript());
            return;
        }

        if (address.Warning is { } warning) WriteWarning(warning);
        if (!ShouldProcess($"journal {address}", "Initialize")) return;
        WriteVerbose(address.Initialize() ? (MessageText)$"The journal {address} was made or brought forward." : $"The journal {address} was as it must be.");
        WriteObject(address.Describe());
    }
}
