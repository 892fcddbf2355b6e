using System.Management.Automation;
using SegmentPush.Marketo;
using SegmentPush.Parameters;

namespace SegmentPush.Commands;

/// <summary>Shows how many calls all integrations have made, and which errors came.</summary>
[Cmdlet(VerbsCommon.Get, "MarketoUsage")]
[OutputType(typeof(UsageDay))]
public sealed class GetMarketoUsageCommand : MarketoCommand
{
    /// <summary>The last seven days instead of today alone.</summary>
    [Parameter]
    public SwitchParameter Last7Days { get; set; }

    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    private protected override void Process()
    {
        var connection = ConnectionOr(Connection);
        WriteObject(Await(connection, stop => connection.Facts.GetUsageAsync(Last7Days, connection.DailyCallQuota, stop)), enumerateCollection: true);
    }
}
