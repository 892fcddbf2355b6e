using SegmentPush.Platform;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Platform;

/// <summary>Answers in the forms about which Adobe's pages disagree.</summary>
public sealed class PlatformAnswerTests
{
    private const string Audiences = "/data/core/ups/audiences", Jobs = "/data/core/ups/export/jobs";

    [Theory]
    [InlineData("1")]
    [InlineData("\"1\"")]
    public async Task The_next_page_is_asked_for_as_the_platform_names_it(string next)
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.ForgetCalls();
        fixture.Platform.Inject(SandboxFault.Body("""{"children":[{"id":"a","name":"A"}],"_page":{"next":NEXT}}""".Replace("NEXT", next, StringComparison.Ordinal)) with { Path = Audiences, Times = 1 });
        fixture.Platform.Inject(SandboxFault.Body("""{"children":[{"id":"a","name":"A"},{"id":"b","name":"B"}],"_page":{"next":0}}""") with { Path = Audiences, Times = 1 });

        var audiences = await connection.Audiences.GetAsync(null, PlatformFixture.Stop).ToListAsync(PlatformFixture.Stop);

        Assert.Equal(["a", "b"], audiences.Select(audience => audience.Id));
        Assert.Contains("start=1", fixture.Platform.Calls.Last().Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_next_page_that_only_a_link_names_is_found()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.Body("""{"children":[{"id":"a","name":"A"}],"_page":{},"_links":{"next":{"href":"@/audiences?limit=1&start=7"}}}""") with { Path = Audiences, Times = 1 });
        fixture.Platform.Inject(SandboxFault.Body("""{"children":[]}""") with { Path = Audiences, Times = 1 });

        Assert.Single(await connection.Audiences.GetAsync(null, PlatformFixture.Stop).ToListAsync(PlatformFixture.Stop));
        Assert.Contains("start=7", fixture.Platform.Calls.Last().Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_that_go_round_in_a_circle_are_an_error()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.Body("""{"children":[{"id":"a","name":"A"}],"_page":{"next":3}}""") with { Path = Audiences });

        var error = await Assert.ThrowsAsync<PlatformException>(async () => await connection.Audiences.GetAsync(null, PlatformFixture.Stop).ToListAsync(PlatformFixture.Stop));

        Assert.Equal("PagingStuck", error.ErrorId);
    }

    [Theory]
    [InlineData("""{"id":100.0,"status":"SUCCEEDED","destination":{"dataSetId":"d","batchId":"b"},"errors":[{"code":"1","msg":"no matter"}]}""")]
    [InlineData("""{"id":"100","status":"SUCCEEDED","destination":{"datasetId":"d","batches":[{"segmentId":"s","batchId":"b"}]}}""")]
    [InlineData("""{"id":100,"status":"SUCCEEDED","destination":{"datasetId":"d","batches":{"segmentId":"s","batchId":"b"}}}""")]
    public async Task A_job_is_read_in_each_of_its_forms(string answer)
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.Body(answer) with { Path = Jobs + "/100", Times = 1 });

        var job = await connection.Jobs.GetAsync("100", PlatformFixture.Stop);

        Assert.Equal(("100", ExportJobState.Succeeded, "b", "d"), (job!.Id, job.State, job.BatchId, job.DatasetId));
    }

    [Fact]
    public async Task A_job_that_somebody_cancelled_has_failed()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.Body("""{"id":1,"status":"CANCELLED"}""") with { Path = Jobs + "/1", Times = 1 });

        Assert.Equal(ExportJobState.Failed, (await connection.Jobs.GetAsync("1", PlatformFixture.Stop))!.State);
    }

    [Fact]
    public async Task An_empty_answer_is_no_answer()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.Body("") with { Times = 2 });

        Assert.NotNull(await connection.Audiences.FindByIdAsync(PlatformFixture.Webinar, PlatformFixture.Stop));
    }

    [Theory]
    [InlineData(401, "", "PlatformCredentialsRefused")]
    [InlineData(400, "{\"error\":\"invalid_client\"}", "PlatformCredentialsRefused")]
    [InlineData(400, "{\"error\":\"unauthorized_client\"}", "PlatformCredentialKindWrong")]
    [InlineData(400, "{\"error\":\"invalid_scope\",\"error_description\":\"no\"}", "PlatformScopeRefused")]
    [InlineData(401, "{\"error\":\"invalid_client\",\"error_description\":\"invalid client_secret parameter\"}", "PlatformClientSecretRefused")]
    public async Task A_refused_sign_in_names_what_is_wrong(int status, string body, string errorId)
    {
        using var fixture = new PlatformFixture();
        fixture.Platform.Inject(SandboxFault.HttpStatus(status, body, "application/json") with { Path = "/ims/token/v3" });

        Assert.Equal(errorId, (await fixture.RefusedAsync()).ErrorId);
    }

    [Fact]
    public async Task A_lifetime_in_milliseconds_is_understood()
    {
        using var fixture = new PlatformFixture();
        fixture.Platform.Inject(SandboxFault.Body("""{"access_token":"x","token_type":"bearer","expires_in":86399000}""") with { Path = "/ims/token/v3", Times = 1 });

        using var connection = await fixture.ConnectAsync();

        // The platform does not know that token, so another one was fetched; it lives for a day and not for three years.
        Assert.InRange(connection.Expires - fixture.Time.GetUtcNow(), TimeSpan.FromHours(20), TimeSpan.FromHours(25));
    }

    [Theory]
    [InlineData(403, """{"error_code":"403003","message":"Api Key is invalid"}""", "PlatformApiKeyRefused")]
    [InlineData(403, """{"error_code":403000,"message":"Api Key is required"}""", "PlatformApiKeyRefused")]
    [InlineData(403, """{"error_code":"403025","message":"Profile is not valid"}""", "PlatformOrganizationOrProfileWrong")]
    [InlineData(403, """{"requestId":"r","errors":{"403":[{"code":403,"message":"The IMS Org is not enabled for External Segment."}]},"type":"https://ns.adobe.com/aep/errors/UPAPI-113740-403","status":403}""", "PlatformOrganizationNotEnabled")]
    [InlineData(404, """{"type":"/placeholder/type/uri","title":"Sandbox not found","detail":"No sandbox x","status":404}""", "PlatformSandboxNotFound")]
    [InlineData(403, "", "PlatformAccessDenied")]
    [InlineData(451, "", "PlatformRequestRefused")]
    public async Task A_refusal_of_any_service_finds_its_place_in_the_table(int status, string body, string errorId)
    {
        using var fixture = new PlatformFixture();
        fixture.Platform.Inject(SandboxFault.HttpStatus(status, body, "application/json"));

        Assert.Equal(errorId, (await fixture.RefusedAsync()).ErrorId);
    }
}
