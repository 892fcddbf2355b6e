using SegmentPush.Platform;
using SegmentPush.Sandbox;
using SegmentPush.Sandbox.Platform;

namespace SegmentPush.Core.Tests.Platform;

/// <summary>Tokens: how long they are good for, who renews them, and where they go.</summary>
public sealed class PlatformTokenTests
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(12);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_that_expires_is_renewed_once_for_all_calls_in_flight(bool tellsMilliseconds)
    {
        using var fixture = new PlatformFixture(options => options with { TokenLifetime = s_lifetime, TellsMilliseconds = tellsMilliseconds, Latency = TimeSpan.FromSeconds(2) }, times: 200);
        using var connection = await fixture.ConnectAsync();
        Assert.InRange(connection.Expires - fixture.Time.GetUtcNow(), s_lifetime - TimeSpan.FromMinutes(1), s_lifetime);
        await Task.Delay(s_lifetime * 0.95, fixture.Time, PlatformFixture.Stop);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => connection.Audiences.FindByIdAsync(PlatformFixture.Webinar, PlatformFixture.Stop)));

        Assert.Equal(2, fixture.Platform.Tokens.Count);
        Assert.Equal(2, fixture.Platform.Calls.Count(call => call.Path == "/ims/token/v3"));
        Assert.DoesNotContain(fixture.Platform.Calls, call => call.Code == "401013");
    }

    [Fact]
    public async Task Calls_go_on_while_another_one_renews_the_token_and_fails()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.InvalidateTokens();
        fixture.Platform.Inject(SandboxFault.HttpStatus(503) with { Path = "/ims/token/v3", Times = 2 });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => connection.Audiences.FindByIdAsync(PlatformFixture.Webinar, PlatformFixture.Stop)));

        Assert.Equal(2, fixture.Platform.Tokens.Count);
    }

    [Fact]
    public async Task Links_of_answers_lead_no_call_to_another_host()
    {
        using var other = PlatformSandbox.Start();
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        string root = other.Endpoint.GetLeftPart(UriPartial.Authority);
        Answer("/data/core/ups/audiences", """{"children":[{"id":"a","name":"A"}],"_page":{},"_links":{"next":{"href":"ROOT/data/core/ups/audiences?start=7"}}}""");
        Answer("/data/core/ups/audiences", """{"children":[]}""");
        Answer("/data/core/ups/export/jobs", """{"records":[{"id":1,"status":"NEW"}],"page":{},"link":{"next":"ROOT/data/core/ups/export/jobs?offset=1_1"}}""");
        Answer("/data/core/ups/export/jobs", """{"records":[],"page":{},"link":{}}""");
        Answer("/data/foundation/export/batches/b/files", """{"data":[{"dataSetFileId":"f","_links":{"self":{"href":"ROOT/data/foundation/export/files/f"}}}],"_links":{"next":{"href":"ROOT/data/foundation/export/batches/b/files?start=1"}}}""");
        Answer("/data/foundation/export/batches/b/files", """{"data":[]}""");
        Answer("/data/foundation/export/files/f", """{"data":[{"name":"p.parquet","length":"3","_links":{"self":{"href":"ROOT/data/foundation/export/files/f?path=p.parquet"}}}]}""");
        Answer("/data/core/activation/disflowprovider/adhocrun", """{"order":[{"statusURL":"ROOT/data/foundation/flowservice/runs/88d6da63-dc97-460e-b781-fc795a7386d9"}]}""");

        Assert.Single(await connection.Audiences.GetAsync(null, PlatformFixture.Stop).ToListAsync(PlatformFixture.Stop));
        Assert.Single(await connection.Jobs.GetAsync(PlatformFixture.Stop).ToListAsync(PlatformFixture.Stop));
        Assert.Equal("p.parquet", Assert.Single((await connection.Files.FindAsync("b", PlatformFixture.Stop))!).Name);
        Assert.Equal("88d6da63-dc97-460e-b781-fc795a7386d9", await connection.Runs.StartAsync("d", "a", PlatformFixture.Stop));

        Assert.Empty(other.Calls);

        void Answer(string path, string body) => fixture.Platform.Inject(SandboxFault.Body(body.Replace("ROOT", root, StringComparison.Ordinal)) with { Path = path, Times = 1 });
    }

    [Fact]
    public async Task A_redirect_of_a_call_with_a_token_is_not_followed()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.HttpStatus(307) with { Times = 1 });

        Assert.Equal("Redirected", (await Assert.ThrowsAsync<PlatformException>(() => connection.Datasets.FindAsync(PlatformFixture.Stop))).ErrorId);
    }
}
