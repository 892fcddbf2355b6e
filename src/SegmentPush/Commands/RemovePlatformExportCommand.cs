using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Parameters;
using SegmentPush.Platform;

namespace SegmentPush.Commands;

/// <summary>Deletes what exports of SegmentPush left in Experience Platform.</summary>
[Cmdlet(VerbsCommon.Remove, "PlatformExport", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemovePlatformExportCommand : PlatformCommand
{
    private IReadOnlyList<PlatformExport>? _exports;

    /// <summary>Ids of batches, or of export jobs that have not written one.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [PlatformExportTransformation]
    [ArgumentCompleter(typeof(PlatformExportCompleter))]
    public string[]? Id { get; set; }

    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public PlatformConnection? Connection { get; set; }

    private protected override void Process()
    {
        var connection = ConnectionOr(Connection);
        var ids = CheckedPlatformIds(Id, "export", "Get-PlatformExport shows the exports.");
        _exports ??= Await(connection, connection.Exports.GetAsync);
        foreach (string id in ids) RunEach(id, () => Remove(connection, id.Trim()));
    }

    // Only what lies in the dataset of SegmentPush is found, so nothing else can be deleted.
    private void Remove(PlatformConnection connection, string id)
    {
        var export = _exports!.FirstOrDefault(found => found.BatchId == id)
            ?? _exports!.FirstOrDefault(found => found.BatchId is null && found.JobId == id)
            ?? throw PlatformExports.NotFound(id);
        var what = export.BatchId is { } batch ? (MessageText)$"batch {batch}" : $"export job {export.JobId}";
        var audience = (export.Audience ?? export.AudienceId) is { } name ? MessageText.AsIs(name) : "an audience that the platform no longer names";
        if (!ShouldProcess($"{what} of {audience}", export.BatchId is null ? (MessageText)"Cancel" : "Delete")) return;
        Await(connection, async stop =>
        {
            await connection.Exports.RemoveAsync(export, stop).ConfigureAwait(false);
            return true;
        });
    }
}
