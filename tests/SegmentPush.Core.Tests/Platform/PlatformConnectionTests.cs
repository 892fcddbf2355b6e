using SegmentPush.Platform;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Platform;

public sealed class PlatformConnectionTests
{
    [Fact]
    public async Task A_connection_signs_in_once_for_all_calls_in_flight()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.InvalidateTokens();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => connection.Audiences.FindByIdAsync(PlatformFixture.Webinar, PlatformFixture.Stop)));

        Assert.Equal(2, fixture.Platform.Tokens.Count);
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_expires()
    {
        using var fixture = new PlatformFixture(options => options with { TokenLifetime = TimeSpan.FromSeconds(60) });
        using var connection = await fixture.ConnectAsync();
        await Task.Delay(TimeSpan.FromSeconds(56), fixture.Time, PlatformFixture.Stop);

        await connection.Audiences.FindByIdAsync(PlatformFixture.Webinar, PlatformFixture.Stop);

        Assert.Equal(2, fixture.Platform.Tokens.Count);
        Assert.DoesNotContain(fixture.Platform.Calls, call => call.Code == "401013");
    }

    [Fact]
    public async Task A_wrong_client_secret_is_named()
    {
        using var fixture = new PlatformFixture();
        fixture.Options = fixture.Options with { ClientSecret = PlatformFixture.Secret("wrong") };

        var error = await fixture.RefusedAsync();

        Assert.Equal("PlatformClientSecretRefused", error.ErrorId);
        Assert.DoesNotContain("wrong", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_client_id_is_named()
    {
        using var fixture = new PlatformFixture();
        fixture.Options = fixture.Options with { ClientId = "wrong" };

        Assert.Equal("PlatformClientIdRefused", (await fixture.RefusedAsync()).ErrorId);
    }

    [Fact]
    public async Task A_wrong_organization_or_product_profile_is_named_with_the_request_id_of_Adobe()
    {
        using var fixture = new PlatformFixture();
        fixture.Options = fixture.Options with { OrganizationId = "ABCDEF0123456789ABCDEF01@AdobeOrg" };

        var error = await fixture.RefusedAsync();

        Assert.Equal("PlatformOrganizationOrProfileWrong", error.ErrorId);
        Assert.Equal("403025", error.Code);
        Assert.Contains("AEP-Default-All-Users", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains($"Adobe's request id is {error.RequestId}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_sandbox_is_named()
    {
        using var fixture = new PlatformFixture();
        fixture.Options = fixture.Options with { SandboxName = "stage" };

        Assert.Equal("PlatformSandboxNotFound", (await fixture.RefusedAsync()).ErrorId);
    }

    [Fact]
    public async Task A_missing_permission_is_named_as_the_screen_names_it()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.HttpStatus(403, """{"requestId":"abc","errors":{"403":[{"code":"UPAPI-113752-403","message":"Permission denied on some resources."}]},"status":403}""", "application/json") with { Path = "/data/core/ups/export/jobs" });

        var error = await Assert.ThrowsAsync<PlatformException>(async () => await connection.Jobs.GetAsync(PlatformFixture.Stop).ToListAsync(PlatformFixture.Stop));

        Assert.Equal("PlatformAccessDenied", error.ErrorId);
        Assert.Equal("abc", error.RequestId);
        Assert.Contains("'Export Audience for Segment'", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0123456789ABCDEF01234567")]
    [InlineData("somebody@example.com")]
    [InlineData("ABC@AdobeOrg")]
    [InlineData("")]
    public async Task An_organization_id_of_another_form_is_refused_before_anything_is_sent(string id)
    {
        using var fixture = new PlatformFixture();
        fixture.Options = fixture.Options with { OrganizationId = id };

        var error = await Assert.ThrowsAsync<SegmentPushException>(fixture.ConnectAsync);

        Assert.Equal("OrganizationIdInvalid", error.ErrorId);
        Assert.DoesNotContain("somebody", error.Message, StringComparison.Ordinal);
        Assert.Equal(id == "ABC@AdobeOrg", error.Message.Contains("'ABC@AdobeOrg'", StringComparison.Ordinal));
        Assert.Empty(fixture.Platform.Calls);
    }

    [Theory]
    [InlineData("http://platform.example.com")]
    [InlineData("http://192.168.0.1")]
    public async Task Http_is_refused_outside_the_loopback(string address)
    {
        using var fixture = new PlatformFixture();
        fixture.Options = fixture.Options with { SignInEndpoint = new Uri(address) };

        Assert.Equal("EndpointNotSecure", (await Assert.ThrowsAsync<SegmentPushException>(fixture.ConnectAsync)).ErrorId);
    }

    [Fact]
    public async Task Blanks_in_the_scope_are_not_sent()
    {
        using var fixture = new PlatformFixture();
        fixture.Options = fixture.Options with { Scope = " openid, session ,\tAdobeID" };

        using var connection = await fixture.ConnectAsync();

        Assert.Single(fixture.Platform.Tokens);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(429)]
    public async Task A_passing_fault_is_waited_out(int status)
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.HttpStatus(status) with { Times = 3 });

        Assert.NotNull(await connection.Audiences.FindByIdAsync(PlatformFixture.Webinar, PlatformFixture.Stop));
    }

    [Fact]
    public async Task Broken_and_truncated_answers_are_asked_for_again()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.BreakBefore() with { Times = 1 });
        fixture.Platform.Inject(SandboxFault.BreakAfter() with { Times = 1 });
        fixture.Platform.Inject(SandboxFault.Truncate() with { Times = 1 });
        fixture.Platform.Inject(SandboxFault.Body("<html>proxy</html>", "text/html") with { Times = 1 });

        Assert.NotNull(await connection.Audiences.FindByIdAsync(PlatformFixture.Webinar, PlatformFixture.Stop));
    }

    [Fact]
    public async Task The_wait_that_the_profile_service_asks_for_is_kept()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.HttpStatus(429, """[{"message":"slow down","retryAfterMs":"30000","statusCode":"429"}]""", "application/json") with { Times = 1 });
        var begun = fixture.Time.GetUtcNow();

        await connection.Audiences.FindByIdAsync(PlatformFixture.Webinar, PlatformFixture.Stop);

        Assert.InRange(fixture.Time.GetUtcNow() - begun, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(120));
    }

    [Fact]
    public async Task At_most_four_calls_run_at_once_and_five_in_a_second()
    {
        using var fixture = new PlatformFixture(options => options with { Latency = TimeSpan.FromMilliseconds(400) });
        using var connection = await fixture.ConnectAsync();
        var begun = fixture.Time.GetUtcNow();

        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => connection.Audiences.FindByIdAsync(PlatformFixture.Webinar, PlatformFixture.Stop)));

        Assert.InRange(fixture.Platform.MostCallsAtOnce, 2, 4);
        Assert.True(fixture.Time.GetUtcNow() - begun >= TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task No_token_and_no_secret_is_in_a_URL_or_an_error()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.HttpStatus(400, """{"title":"no"}""", "application/json"));

        var error = await Assert.ThrowsAsync<PlatformException>(() => connection.Counts.GetAsync(PlatformFixture.Stop).ContinueWith(_ => connection.Datasets.FindAsync(PlatformFixture.Stop), TaskScheduler.Default).Unwrap());

        string token = Assert.Single(fixture.Platform.Tokens);
        Assert.DoesNotContain(token, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(fixture.Platform.Calls, call => call.Query.Contains(token, StringComparison.Ordinal) || call.Query.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        using var fixture = new PlatformFixture();
        fixture.Platform.Inject(SandboxFault.HttpStatus(302));

        Assert.Equal("Redirected", (await fixture.RefusedAsync()).ErrorId);
    }
}
