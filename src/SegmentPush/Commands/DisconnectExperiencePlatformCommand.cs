using System.Management.Automation;
using SegmentPush.Parameters;
using SegmentPush.Platform;

namespace SegmentPush.Commands;

/// <summary>Forgets a connection to Experience Platform, its secret and its token.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "ExperiencePlatform")]
public sealed class DisconnectExperiencePlatformCommand : PlatformCommand
{
    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [LiveConnection]
    public PlatformConnection? Connection { get; set; }

    private protected override void Process()
    {
        var connection = ConnectionOr(Connection);
        if (SessionConnection.Platform == connection) SessionConnection.Platform = null;
        connection.Dispose();
    }
}
