using System.Management.Automation;
using SegmentPush.Parameters;
using SegmentPush.Platform;

namespace SegmentPush.Commands;

/// <summary>Shows what exports of SegmentPush left in Experience Platform.</summary>
[Cmdlet(VerbsCommon.Get, "PlatformExport")]
[OutputType(typeof(PlatformExport))]
public sealed class GetPlatformExportCommand : PlatformCommand
{
    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public PlatformConnection? Connection { get; set; }

    private protected override void Process()
    {
        var connection = ConnectionOr(Connection);
        WriteObject(Await(connection, connection.Exports.GetAsync), enumerateCollection: true);
    }
}
