using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Completion;
using SegmentPush.Secrets;

namespace SegmentPush.Commands;

/// <summary>Removes saved accounts of Experience Platform and their client secrets.</summary>
[Cmdlet(VerbsCommon.Remove, "PlatformAccount", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemovePlatformAccountCommand : ModuleCommand
{
    /// <summary>Names of accounts, with or without wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PlatformAccountCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Removes an account also where its file is damaged, or its vault does not give up the secret.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        var removal = new AccountRemoval<PlatformAccount>(this, new PlatformAccountStore(), Force);
        foreach (string name in Name)
        {
            RunEach(name, () =>
            {
                foreach (string match in removal.Matching(name)) RunEach(match, () => removal.Remove(match));
            });
        }
    }
}
