using SegmentPush.Platform;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Platform;

/// <summary>How exports that nobody needs any more are deleted.</summary>
public sealed class ExportBatchTests
{
    private static readonly string[] s_fields = ["workEmail.address"];

    [Fact]
    public async Task An_export_is_deleted_by_the_batch_ingestion_and_is_listed_no_more()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        await ExportAsync(connection, s_fields);
        var export = Assert.Single(await connection.Exports.GetAsync(PlatformFixture.Stop));

        await connection.Exports.RemoveAsync(export, PlatformFixture.Stop);

        var call = Assert.Single(fixture.Platform.Calls, call => call.Path.EndsWith(export.BatchId!, StringComparison.Ordinal) && call.Method is "POST" or "DELETE");
        Assert.Equal(("POST", "/data/foundation/import/batches/" + export.BatchId, "action=REVERT"), (call.Method, call.Path, call.Query));
        Assert.Empty(await connection.Exports.GetAsync(PlatformFixture.Stop));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task An_export_that_the_batch_ingestion_does_not_delete_is_deleted_in_the_catalog(int status)
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        await ExportAsync(connection, s_fields);
        fixture.Platform.Inject(SandboxFault.HttpStatus(status) with { Path = "/data/foundation/import/batches/*", Method = "POST" });

        await connection.Exports.RemoveAsync(Assert.Single(await connection.Exports.GetAsync(PlatformFixture.Stop)), PlatformFixture.Stop);

        Assert.Empty(fixture.Platform.Batches);
    }

    private static async Task ExportAsync(PlatformConnection connection, IReadOnlyList<string> fields)
    {
        var audience = (await connection.Audiences.FindByIdAsync(PlatformFixture.Webinar, PlatformFixture.Stop))!;
        using var export = new AudienceExport(connection, new AudienceExportOptions(audience, fields));
        await export.RunAsync(PlatformFixture.Stop);
    }
}
