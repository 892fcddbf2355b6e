using SegmentPush.Platform;
using SegmentPush.Pushes.Audiences;
using SegmentPush.Sandbox.Platform;

namespace SegmentPush.Core.Tests.Platform;

/// <summary>Audiences of other systems, which have an id of their own there.</summary>
public sealed class ExternalAudienceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Csv => Path.Combine(_folder.Path, "people.csv");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Leavers_of_an_audience_of_another_system_are_not_in_the_CSV_file()
    {
        using var fixture = new PlatformFixture(options => options with { ExportsLeavers = true });
        fixture.Platform.AddAudience(new PlatformSandboxAudience("QU9f1", "Of another system") { AudienceId = "own-1", Namespace = "AAM", Origin = "AUDIENCE_MANAGER" });
        fixture.Platform.AddProfile(Member("in@example.com", "realized"));
        fixture.Platform.AddProfile(Member("out@example.com", "exited"));
        using var connection = await fixture.ConnectAsync();
        var audience = await AudienceReference.ResolveAsync(connection.Audiences, "own-1", PlatformFixture.Stop);
        using var export = new AudienceExport(connection, new AudienceExportOptions(audience, AudienceFields.Of(["workEmail.address"], isForPush: false)));

        await new AudienceSave(export, audience).ToCsvAsync(OutputFile.At(Csv, new OutputKind("export")), ["workEmail.address"], true, PlatformFixture.Stop);

        Assert.Equal(["workEmail.address", "in@example.com"], await File.ReadAllLinesAsync(Csv, PlatformFixture.Stop));

        static PlatformProfile Member(string address, string status) => new()
        {
            Values = new Dictionary<string, string> { ["workEmail.address"] = address },
            Identities = new Dictionary<string, IReadOnlyList<PlatformIdentity>>(),
            Memberships = new Dictionary<string, PlatformMembership> { ["own-1"] = new(status, DateTimeOffset.UnixEpoch) },
        };
    }
}
