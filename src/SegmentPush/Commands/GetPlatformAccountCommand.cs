using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Completion;
using SegmentPush.Parameters;
using SegmentPush.Secrets;

namespace SegmentPush.Commands;

/// <summary>Shows saved accounts of Experience Platform.</summary>
[Cmdlet(VerbsCommon.Get, "PlatformAccount")]
[OutputType(typeof(PlatformAccount))]
public sealed class GetPlatformAccountCommand : ModuleCommand
{
    /// <summary>Names of accounts, with or without wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NotBlank]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PlatformAccountCompleter))]
    public string[] Name { get; set; } = [];

    private protected override void Process() =>
        AccountListing.Show(this, new PlatformAccountStore(), Name, RunEach);
}
