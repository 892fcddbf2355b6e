using System.IO.Hashing;
using System.Management.Automation;
using SQLitePCL;

namespace PeerTwo;

/// <summary>Uses the packages of this module and says which versions they are.</summary>
[Cmdlet(VerbsCommon.Get, "PeerTwo")]
public sealed class GetPeerTwoCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WriteObject($"SQLitePCLRaw {typeof(raw).Assembly.GetName().Version}");
        WriteObject($"{XxHash3.HashToUInt64([1])} Hashing {typeof(XxHash3).Assembly.GetName().Version}");
    }
}
