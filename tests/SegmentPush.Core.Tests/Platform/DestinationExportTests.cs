using SegmentPush.Platform;
using SegmentPush.Pushes.Audiences;
using SegmentPush.Sandbox;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Platform;

public sealed class DestinationExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_files_of_the_run_come_with_their_manifest()
    {
        using var fixture = new PlatformFixture(options => options with { RunDuration = TimeSpan.FromMinutes(1) });
        using var connection = await fixture.ConnectAsync();

        var files = await SaveAsync(fixture, connection);

        Assert.Equal(2, files.Count);
        using var source = FileSource.Open(files.Single(file => file.EndsWith(".csv", StringComparison.Ordinal)), FormOptions.None, PlatformFixture.Stop);
        Assert.Equal("workEmail_address", source.Form.Columns[0]);
        Assert.True(source.Form.Rows > 50);
    }

    [Fact]
    public async Task A_run_whose_answer_was_lost_is_found_again()
    {
        using var fixture = new PlatformFixture(options => options with { RunDuration = TimeSpan.FromMinutes(5) });
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.BreakAfter() with { Path = "/data/core/activation/disflowprovider/adhocrun", Times = 1 });

        Assert.Equal(2, (await SaveAsync(fixture, connection)).Count);
    }

    [Theory]
    [InlineData(true, 100)]
    [InlineData(true, 1)]
    [InlineData(false, 100)]
    public async Task A_run_whose_answer_was_lost_is_neither_started_twice_nor_taken_for_that_of_another_audience(bool hasRun, int runsPerPage)
    {
        using var fixture = new PlatformFixture(options => options with { RunsPerPage = runsPerPage });
        using var connection = await fixture.ConnectAsync();
        var other = await OtherAudienceAsync(connection);
        await connection.Runs.StartAsync(fixture.Platform.Options.DataflowId, other.Id, PlatformFixture.Stop);
        var lost = hasRun ? SandboxFault.BreakAfter() : SandboxFault.BreakBefore();
        fixture.Platform.Inject(lost with { Path = "/data/core/activation/disflowprovider/adhocrun", Times = 1 });

        var files = await SaveAsync(fixture, connection);

        Assert.Equal(2, fixture.Platform.DestinationRuns.Count);
        Assert.Contains(files, file => file.Contains(PlatformFixture.Webinar, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_that_has_ended_is_known_by_the_only_audience_of_its_destination()
    {
        using var fixture = new PlatformFixture(options => options with { NamesFilesAfterAudience = false, MappedAudiences = [PlatformFixture.Webinar] });
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.BreakAfter() with { Path = "/data/core/activation/disflowprovider/adhocrun", Times = 1 });

        Assert.Equal(2, (await SaveAsync(fixture, connection)).Count);

        Assert.Single(fixture.Platform.DestinationRuns);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_that_has_ended_without_telling_its_audience_is_neither_taken_nor_made_again(bool hidesAudiences)
    {
        using var fixture = new PlatformFixture(options => options with { NamesFilesAfterAudience = false });
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.BreakAfter() with { Path = "/data/core/activation/disflowprovider/adhocrun", Times = 1 });
        if (hidesAudiences) fixture.Platform.Inject(SandboxFault.HttpStatus(403) with { Path = "/data/foundation/flowservice/flows/*" });

        var error = await Assert.ThrowsAsync<PlatformException>(() => SaveAsync(fixture, connection));

        Assert.Equal("DestinationRunUnclear", error.ErrorId);
        Assert.Contains(Assert.Single(fixture.Platform.DestinationRuns), error.Message, StringComparison.Ordinal);
        Assert.Contains("SEGMENT_ID", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_signature_that_expires_on_the_way_is_fetched_again()
    {
        using var fixture = new PlatformFixture(options => options with { CallsPerSignature = 2 });
        using var connection = await fixture.ConnectAsync();

        Assert.Equal(2, (await SaveAsync(fixture, connection)).Count);
    }

    [Theory]
    [InlineData("88d6da63-dc97-460e-b781-fc795a7386d9")]
    [InlineData("run_42")]
    public async Task A_run_that_goes_on_already_is_shared_with_each_form_of_its_id(string id)
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        string body = $$"""{"message":"Run already going on for audience a for order d with run id {{id}}"}""";
        fixture.Platform.Inject(SandboxFault.HttpStatus(400, body, "application/json") with { Path = "/data/core/activation/disflowprovider/adhocrun" });

        Assert.Equal(id, await connection.Runs.StartAsync("d", "a", PlatformFixture.Stop));
    }

    [Fact]
    public async Task An_audience_that_is_not_mapped_is_refused_in_Adobe_s_words()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();

        var error = await Assert.ThrowsAsync<PlatformException>(() => SaveAsync(fixture, connection, "00000000-2bb7-4409-bf2c-c625ca818588"));

        Assert.Equal("DestinationRunRefused", error.ErrorId);
        Assert.Contains("not part of this dataflow", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_without_a_manifest_is_an_error_that_says_what_to_turn_on()
    {
        using var fixture = new PlatformFixture(options => options with { WritesManifest = false });
        using var connection = await fixture.ConnectAsync();

        var error = await Assert.ThrowsAsync<PlatformException>(() => SaveAsync(fixture, connection));

        Assert.Equal("ManifestMissing", error.ErrorId);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task The_signature_of_the_landing_zone_is_in_no_error()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.HttpStatus(403) with { Path = "/dlz-destination*" });

        var error = await Assert.ThrowsAsync<PlatformException>(() => SaveAsync(fixture, connection));

        Assert.DoesNotContain("sig=", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_the_flow_service_does_not_know_at_once_is_waited_for()
    {
        using var fixture = new PlatformFixture(options => options with { RunDelay = TimeSpan.FromSeconds(45) });
        using var connection = await fixture.ConnectAsync();

        Assert.Equal(2, (await SaveAsync(fixture, connection)).Count);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("FAILED")]
    [InlineData("partialSuccess")]
    public async Task A_run_that_has_not_written_all_of_its_files_is_an_error(string status)
    {
        using var fixture = new PlatformFixture(options => options with { RunStatus = status });
        using var connection = await fixture.ConnectAsync();

        Assert.Equal("DestinationRunFailed", (await Assert.ThrowsAsync<PlatformException>(() => SaveAsync(fixture, connection))).ErrorId);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("""{"items":[{"id":"r","metrics":{"statusSummary":{"status":"success"}}}],"_links":{}}""")]
    [InlineData("""{"id":"r","metrics":{"statusSummary":{"status":"Success"}}}""")]
    public async Task A_run_is_read_as_a_list_of_one_and_as_itself(string answer)
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.Body(answer) with { Path = "/data/foundation/flowservice/runs/r" });

        Assert.True((await connection.Runs.FindAsync("r", PlatformFixture.Stop))!.IsComplete);
    }

    private static async Task<PlatformAudience> OtherAudienceAsync(PlatformConnection connection)
    {
        await foreach (var audience in connection.Audiences.GetAsync(null, PlatformFixture.Stop))
        {
            if (audience.Id != PlatformFixture.Webinar) return audience;
        }

        throw new InvalidOperationException("The sandbox has one audience only.");
    }

    private async Task<IReadOnlyList<string>> SaveAsync(PlatformFixture fixture, PlatformConnection connection, string? dataflow = null)
    {
        var audience = (await connection.Audiences.FindByIdAsync(PlatformFixture.Webinar, PlatformFixture.Stop))!;
        var options = new AudienceExportOptions(audience, []) { LongestManifest = TimeSpan.FromMinutes(1) };
        using var export = new DestinationExport(connection, options, dataflow ?? fixture.Platform.Options.DataflowId);
        return await new AudienceSave(export, audience).ToFolderAsync(_folder.Path, false, PlatformFixture.Stop);
    }
}
