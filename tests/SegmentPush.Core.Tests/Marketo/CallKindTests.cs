using System.Security;
using SegmentPush.Marketo;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Marketo;

/// <summary>What kind of failure a call met decides whether it is repeated, and what the user is told.</summary>
public sealed class CallKindTests
{
    private const string Token = "/identity/oauth/token";
    private const string Lists = "/rest/v1/lists/1021.json";
    private const string BusyBody = """{"error":"temporarily_unavailable","error_description":"Try again"}""";

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task A_token_endpoint_that_fails_for_a_moment_is_asked_again(int status)
    {
        using var marketo = Start();
        marketo.Inject(SandboxFault.HttpStatus(status, BusyBody, "application/json") with { Path = Token, Times = 2 });

        using var connection = await MarketoConnection.ConnectAsync(OptionsFor(marketo), TestContext.Current.CancellationToken);

        Assert.Equal(3, marketo.Calls.Count(call => call.Path == Token));
    }

    [Theory]
    [InlineData(429, "RateLimited", MarketoErrorClass.SlowDown)]
    [InlineData(500, "MarketoSystemError", MarketoErrorClass.Wait)]
    [InlineData(503, "MarketoUnavailable", MarketoErrorClass.Wait)]
    public async Task A_token_endpoint_that_goes_on_failing_does_not_count_as_wrong_credentials(int status, string errorId, MarketoErrorClass kind)
    {
        using var marketo = Start();
        marketo.Inject(SandboxFault.HttpStatus(status, BusyBody, "application/json") with { Path = Token });

        var error = await Assert.ThrowsAsync<MarketoException>(() => MarketoConnection.ConnectAsync(OptionsFor(marketo), TestContext.Current.CancellationToken));

        Assert.Equal((errorId, kind, true, status), (error.ErrorId, error.Class, error.Retryable, error.HttpStatus));
    }

    [Theory]
    [InlineData(401, "")]
    [InlineData(401, """{"error":"unauthorized","error_description":"No client with requested id"}""")]
    [InlineData(400, """{"error":"invalid_client","error_description":"Bad client credentials"}""")]
    [InlineData(200, """{"error":"unauthorized"}""")]
    public async Task Refused_credentials_are_told_at_once(int status, string body)
    {
        using var marketo = Start();
        marketo.Inject(SandboxFault.HttpStatus(status, body, "application/json") with { Path = Token });

        var error = await Assert.ThrowsAsync<MarketoException>(() => MarketoConnection.ConnectAsync(OptionsFor(marketo), TestContext.Current.CancellationToken));

        Assert.Equal("InvalidCredentials", error.ErrorId);
        Assert.Single(marketo.Calls, call => call.Path == Token);
    }

    [Fact]
    public async Task A_fault_of_our_own_in_a_call_is_no_broken_connection_and_is_not_repeated()
    {
        using var marketo = Start();
        using var transport = new MarketoTransport(OptionsFor(marketo));
        var call = new MarketoCall(HttpMethod.Get, Lists);

        await Assert.ThrowsAsync<NotImplementedException>(() => transport.CallAsync<int>(call, _ => throw new NotImplementedException(), TestContext.Current.CancellationToken));

        Assert.Single(marketo.Calls, call => call.Path == Lists);
    }

    [Fact]
    public async Task A_listener_that_fails_does_not_repeat_the_call()
    {
        using var marketo = Start();
        var options = OptionsFor(marketo) with
        {
            CallFinished = report =>
            {
                if (report.Call.Contains(Lists, StringComparison.Ordinal)) throw new NotImplementedException();
            },
        };
        using var connection = await MarketoConnection.ConnectAsync(options, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<NotImplementedException>(() => connection.StaticLists.FindAsync(1021, TestContext.Current.CancellationToken));

        Assert.Single(marketo.Calls, call => call.Path == Lists);
    }

    [Fact]
    public async Task An_answer_with_half_a_character_is_an_answer_that_is_not_understood()
    {
        using var marketo = Start();
        marketo.Inject(SandboxFault.Body("""{"success":true,"requestId":"1#\ud800","result":[]}""") with { Path = Lists });
        using var connection = await MarketoConnection.ConnectAsync(OptionsFor(marketo) with { RetryLimit = 1 }, TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<MarketoException>(() => connection.StaticLists.FindAsync(1021, TestContext.Current.CancellationToken));

        Assert.Equal(("AnswerNotUnderstood", 2), (error.ErrorId, error.Attempts));
    }

    private static SandboxInstance Start() => SandboxInstance.Start(new SandboxOptions { People = 0 });

    private static MarketoConnectionOptions OptionsFor(SandboxInstance marketo)
    {
        var secret = new SecureString();
        foreach (char c in marketo.Options.ClientSecret) secret.AppendChar(c);
        return new MarketoConnectionOptions
        {
            Endpoint = marketo.Endpoint,
            ClientId = marketo.Options.ClientId,
            ClientSecret = secret,
            CallTimeout = TimeSpan.FromHours(1),
            TimeProvider = new HurriedTime(),
        };
    }
}
