using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Completion;
using SegmentPush.Secrets;

namespace SegmentPush.Commands;

/// <summary>Removes saved accounts and their client secrets.</summary>
[Cmdlet(VerbsCommon.Remove, "MarketoAccount", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemoveMarketoAccountCommand : ModuleCommand
{
    /// <summary>Names of accounts, with or without wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Removes an account also where its file is damaged, or its vault does not give up the secret.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        var removal = new AccountRemoval<MarketoAccount>(this, new AccountStore(), Force);
        foreach (string name in Name)
        {
            RunEach(name, () =>
            {
                foreach (string match in removal.Matching(name)) RunEach(match, () => removal.Remove(match));
            });
        }
    }
}
