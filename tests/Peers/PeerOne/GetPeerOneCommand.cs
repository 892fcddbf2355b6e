using System.Management.Automation;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Polly;

namespace PeerOne;

/// <summary>Uses the packages of this module and says which versions they are.</summary>
[Cmdlet(VerbsCommon.Get, "PeerOne")]
public sealed class GetPeerOneCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        int answer = new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromSeconds(1)).Build().Execute(() => 42);
        WriteObject($"{answer} Polly {typeof(ResiliencePipeline).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()!.Version}");
        WriteObject($"Sqlite {typeof(SqliteConnection).Assembly.GetName().Version}");
    }
}
