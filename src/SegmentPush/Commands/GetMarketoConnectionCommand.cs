using System.Management.Automation;
using SegmentPush.Marketo;
using SegmentPush.Parameters;

namespace SegmentPush.Commands;

/// <summary>Shows the connection of the session, with what is used of today's quota.</summary>
[Cmdlet(VerbsCommon.Get, "MarketoConnection")]
[OutputType(typeof(MarketoConnection))]
public sealed class GetMarketoConnectionCommand : MarketoCommand
{
    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter(ValueFromPipeline = true)]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    private protected override void Process()
    {
        if ((Connection ?? SessionConnection.Default) is not { } connection)
        {
            WriteVerbose("The session is not connected; Connect-MarketoLaunchpoint connects it.");
            return;
        }

        try
        {
            connection = ConnectionOr(connection);
            Await(connection, connection.ReadCallsTodayAsync);
        }
        catch (MarketoException error)
        {
            WriteWarning($"Marketo does not tell how many calls were made today: {error.Text}");
        }

        WriteObject(connection);
    }
}
