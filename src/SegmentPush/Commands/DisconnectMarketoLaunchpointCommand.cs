using System.Management.Automation;
using SegmentPush.Marketo;
using SegmentPush.Parameters;

namespace SegmentPush.Commands;

/// <summary>Forgets a connection, its secret and its token.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "MarketoLaunchpoint")]
public sealed class DisconnectMarketoLaunchpointCommand : MarketoCommand
{
    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    private protected override void Process()
    {
        var connection = ConnectionOr(Connection);
        if (SessionConnection.Default == connection) SessionConnection.Default = null;
        connection.Dispose();
    }
}
