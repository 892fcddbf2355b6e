using System.Globalization;
using System.Security;
using System.Text.Json;

namespace SegmentPush.Marketo;

/// <summary>
/// Keeps the access token: one for all calls, renewed shortly before it expires or when Marketo refuses it, and by one
/// request however many calls wait for it. Asking for a token is not counted by Marketo.
/// </summary>
internal sealed class TokenSource : IDisposable
{
    private const string TokenPath = "/identity/oauth/token";

    private static readonly TimeSpan s_longestMargin = TimeSpan.FromSeconds(30);

    private readonly MarketoHttp _http;
    private readonly CallPolicies _policies;
    private readonly TimeProvider _time;
    private readonly Action<CallReport> _report;
    private readonly string _clientId;
    private readonly SecureString _secret;
    private readonly TokenKeeper _keeper;
    private readonly AnswerParser _parser;

    public TokenSource(MarketoHttp http, CallPolicies policies, MarketoConnectionOptions options, Action<CallReport> report)
    {
        _http = http;
        _policies = policies;
        _time = options.TimeProvider;
        _report = report;
        _clientId = options.ClientId;
        _secret = options.ClientSecret.Copy();
        _secret.MakeReadOnly();
        _parser = new AnswerParser(_time);
        _keeper = new TokenKeeper(_time, RenewAsync);
    }

    /// <summary>The token that was fetched last; null before the first.</summary>
    public AccessToken? Last => _keeper.Last;

    /// <summary>A token to send, fetched if need be.</summary>
    /// <exception cref="MarketoException">The credentials are wrong, or the token could not be fetched.</exception>
    public ValueTask<AccessToken> GetAsync(CancellationToken cancellation) => _keeper.GetAsync(cancellation);

    /// <summary>Notes that Marketo refused a token. Calls that used the same one find it renewed already.</summary>
    public void Refused(AccessToken token) => _keeper.Refused(token);

    public void Dispose()
    {
        _keeper.Dispose();
        _secret.Dispose();
    }

    private ValueTask<AccessToken> RenewAsync(CancellationToken cancellation)
    {
        var run = new CallRun($"POST {TokenPath}", 0, _time);
        return _policies.TokenAsync(run, attempt => FetchAsync(run, attempt), cancellation);
    }

    private async ValueTask<AccessToken> FetchAsync(CallRun run, CancellationToken cancellation)
    {
        using var form = SecretForm.Write(_clientId, _secret);
        using var bytes = new PooledBytes(1024, secret: true);
        var call = new MarketoCall(HttpMethod.Post, TokenPath) { Body = [form.Written], ContentType = "application/x-www-form-urlencoded" };
        using var body = CallBody.Of(call);
        run.Begin();
        int? status = null;
        AccessToken? token = null;
        MarketoException? failure = null;
        try
        {
            var received = await _policies
                .AttemptAsync(limited => _http.SendAsync(call, body, null, bytes, limited), cancellation)
                .ConfigureAwait(false);
            status = received.Status;
            token = Read(call, received);
        }
        catch (MarketoException fault)
        {
            // In each of these cases, the call that needs the token was not sent.
            failure = fault.Rule.MayHaveRun
                ? new MarketoException(fault.Rule with { MayHaveRun = false }, fault.Call, fault.Text, fault.Facts, fault)
                : fault;
        }
        catch (Exception fault) when (NetworkFaults.IsOne(fault) && !cancellation.IsCancellationRequested)
        {
            failure = NetworkErrors.Of(fault, call.Name, _http.Host, sent: false, _http.Proxy);
        }

        _report(run.End(failure?.HttpStatus ?? status, failure?.Attempt));
        return token ?? throw failure!;
    }

    private AccessToken Read(MarketoCall call, ReceivedAnswer received)
    {
        var said = Parse(received);
        if (IsRefused(received.Status, said?.Error))
        {
            var reason = said?.Error is { } error ? $" ({SafeText.Of(error)})" : string.Empty;
            throw new MarketoException(
                ErrorClasses.Of("InvalidCredentials"),
                call.Name,
                $"{_http.Host} does not accept the client id and client secret: HTTP {received.Status}{reason}.",
                new FailureFacts { HttpStatus = received.Status });
        }

        if (received.Status == 200 && said?.Value is { Length: > 0 } value && value.All(IsVisible))
        {
            return Make(value, said);
        }

        // Not a token: the same reading as any other answer says what it is instead.
        _parser.Parse(call, received);
        throw new MarketoException(
            ErrorClasses.Of("AnswerNotUnderstood"),
            call.Name,
            $"{call.Name} was answered without a token.",
            new FailureFacts { HttpStatus = received.Status });
    }

    // Servers that are overloaded or down answer with an error in JSON, too; that says nothing of the credentials.
    private static bool IsRefused(int status, string? error) =>
        status == 401 || (status < 500 && error is "unauthorized" or "unauthorized_client" or "invalid_client" or "invalid_grant");

    // Anything else could not stand in a header.
    private static bool IsVisible(char character) => character is > ' ' and < '\x7f';

    private static TokenAnswer? Parse(ReceivedAnswer received)
    {
        try
        {
            return JsonSerializer.Deserialize(Envelope.Trim(received.Bytes).Span, MarketoJson.Default.TokenAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private AccessToken Make(string value, TokenAnswer said)
    {
        var now = _time.GetUtcNow();
        var left = TimeSpan.FromSeconds(Math.Clamp(said.ExpiresIn, 0, 86_400));
        // Asked again before it expires, Marketo gives the same token with less time left: that one is used to its end.
        var margin = value == Last?.Value ? TimeSpan.Zero : left / 10;
        margin = margin > s_longestMargin ? s_longestMargin : margin;
        return new AccessToken(value, said.Scope ?? string.Empty, now + left, now + left - margin);
    }
}
