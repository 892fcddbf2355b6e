using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Completion;
using SegmentPush.Parameters;
using SegmentPush.Secrets;

namespace SegmentPush.Commands;

/// <summary>Shows saved accounts.</summary>
[Cmdlet(VerbsCommon.Get, "MarketoAccount")]
[OutputType(typeof(MarketoAccount))]
public sealed class GetMarketoAccountCommand : ModuleCommand
{
    /// <summary>Names of accounts, with or without wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NotBlank]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public string[] Name { get; set; } = [];

    private protected override void Process() =>
        AccountListing.Show(this, new AccountStore(), Name, RunEach);
}
