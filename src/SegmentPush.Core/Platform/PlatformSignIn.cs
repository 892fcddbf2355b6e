using System.Globalization;
using System.Net.Http.Headers;
using System.Security;
using System.Text.Json;

namespace SegmentPush.Platform;

/// <summary>Signs in with an OAuth Server-to-Server credential. The secret goes to the sign-in service and to no other host.</summary>
internal sealed class PlatformSignIn : IDisposable
{
    private static readonly PlatformCall s_call = new(HttpMethod.Post, "/ims/token/v3");
    private static readonly TimeSpan s_longestMargin = TimeSpan.FromMinutes(5);

    // A week in seconds. The older kind of sign-in told milliseconds.
    private const long LongestLifetime = 604_800;

    // An hour in seconds, where the answer does not tell. A token that ends before is fetched again when it is refused.
    private const long UsualLifetime = 3_600;

    private readonly HttpExchange _exchange;
    private readonly Uri? _proxy;
    private readonly PlatformPolicies _policies;
    private readonly PlatformPace _pace;
    private readonly PlatformConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly SecureString _secret;
    private readonly Action<CallReport> _report;
    private readonly TokenKeeper _keeper;

    public PlatformSignIn(PlatformConnectionOptions options, PlatformPolicies policies, PlatformPace pace, Action<CallReport> report)
    {
        _options = options;
        _time = options.TimeProvider;
        _policies = policies;
        _pace = pace;
        _report = report;
        _proxy = options.Proxy?.Address;
        _exchange = new HttpExchange(options.SignInEndpoint, _time, options.Host.Network, options.Proxy);
        _secret = options.ClientSecret.Copy();
        _secret.MakeReadOnly();
        _keeper = new TokenKeeper(_time, RenewAsync);
    }

    /// <summary>The token that was fetched last; null before the first.</summary>
    public AccessToken? Last => _keeper.Last;

    /// <summary>A token to send, fetched if need be.</summary>
    /// <exception cref="PlatformException">The credential is wrong, or the token could not be fetched.</exception>
    public ValueTask<AccessToken> GetAsync(CancellationToken cancellation) => _keeper.GetAsync(cancellation);

    /// <summary>Notes that the platform refused a token.</summary>
    public void Refused(AccessToken token) => _keeper.Refused(token);

    public void Dispose()
    {
        _keeper.Dispose();
        _secret.Dispose();
        _exchange.Dispose();
    }

    private ValueTask<AccessToken> RenewAsync(CancellationToken cancellation)
    {
        var run = new CallRun(s_call.Name, 0, _time);
        return _policies.SignInAsync(run, attempt => FetchAsync(run, attempt), cancellation);
    }

    private async ValueTask<AccessToken> FetchAsync(CallRun run, CancellationToken cancellation)
    {
        using var form = SecretForm.Write(_options.ClientId, _secret, _options.Scope);
        using var bytes = new PooledBytes(4096, secret: true);

        // A sign-in is one of the calls of a second, too. The call that needs the token has no place yet.
        using var place = await _pace.EnterAsync(cancellation).ConfigureAwait(false);
        run.Begin();
        int? status = null;
        AccessToken? token = null;
        PlatformException? failure = null;
        try
        {
            var received = await _policies.AttemptAsync(limited => SendAsync(form, bytes, limited), cancellation).ConfigureAwait(false);
            status = received.Status;
            token = Read(received);
        }
        catch (PlatformException fault)
        {
            failure = fault;
        }
        catch (AnswerBrokenException broken)
        {
            failure = new PlatformException(
                PlatformErrors.Of("AnswerTruncated"), s_call, $"{s_call.Name} was answered, but the answer broke off.", new PlatformFailure { HttpStatus = broken.Status }, broken.InnerException);
        }
        catch (Exception fault) when (NetworkFaults.IsOne(fault) && !cancellation.IsCancellationRequested)
        {
            var (key, what) = NetworkFaults.Describe(fault, _exchange.Host, "Adobe", _proxy);
            failure = new PlatformException(PlatformErrors.Of(key), s_call, $"{s_call.Name} {what}.", null, CallCauseException.Of(fault));
        }

        // In each of these cases, the call that needs the token was not sent.
        _report(run.End(failure?.HttpStatus ?? status, failure is null ? null : failure.Attempt with { MayHaveRun = false }));
        return token ?? throw failure!;
    }

    private async ValueTask<ReceivedAnswer> SendAsync(PooledBytes form, PooledBytes bytes, CancellationToken cancellation)
    {
        bytes.CutTo(0);
        using var request = new HttpRequestMessage(s_call.Method, new Uri(_exchange.Root + s_call.Path))
        {
            Content = new ReadOnlyMemoryContent(form.Written),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        request.Headers.Accept.ParseAdd("application/json");
        return await _exchange.SendAsync(request, bytes, cancellation).ConfigureAwait(false);
    }

    private AccessToken Read(ReceivedAnswer received)
    {
        ThrowIfRefused(received);
        using var json = PlatformAnswers.Read(s_call, received);
        var answer = json?.RootElement ?? default;
        if (answer.Part("access_token").Text() is { } value && value.All(c => c is > ' ' and < '\x7f')) return Make(value, answer.Part("expires_in").Number() ?? UsualLifetime);
        throw new PlatformException(
            PlatformErrors.Of("AnswerNotUnderstood"), s_call, $"{s_call.Name} was answered without a token.", new PlatformFailure { HttpStatus = received.Status });
    }

    private void ThrowIfRefused(ReceivedAnswer received)
    {
        if (received.Status is < 400 or >= 500 or 407 or 408 or 429) return;
        string? error = null, description = null;
        try
        {
            using var json = JsonDocument.Parse(received.Bytes);
            error = json.RootElement.Part("error").Text();
            description = json.RootElement.Part("error_description").Text();
        }
        catch (JsonException) when (received.Status is not (400 or 401))
        {
            return;
        }
        catch (JsonException)
        {
            // The status says enough.
        }

        var (key, what) = Refusal(error, description);
        string said = SafeText.Of(string.Join(": ", new[] { error, description }.OfType<string>()));
        MessageText refused = $"{_exchange.Host} does not accept {what} (HTTP {received.Status}{(said.Length > 0 ? ", " + said : "")}).";
        throw new PlatformException(
            PlatformErrors.Of(key),
            s_call,
            received.RequestId is { } id ? $"{refused} Adobe's request id is {SafeText.Of(id)}." : refused,
            new PlatformFailure { HttpStatus = received.Status, Code = error, RequestId = received.RequestId });
    }

    // Adobe names the parameter at fault in the description; where it does not, both may be.
    private static (string Key, MessageText What) Refusal(string? error, string? description)
    {
        bool Says(string word) => description?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;
        return error switch
        {
            "invalid_scope" => ("ScopeRefused", (MessageText)"the scope"),
            "unauthorized_client" or "unsupported_grant_type" => ("GrantRefused", "this kind of credential for a server-to-server sign-in"),
            _ when Says("client_secret") || Says("client secret") => ("ClientSecretRefused", "the client secret"),
            _ when Says("client_id") || Says("client id") => ("ClientIdRefused", "the client ID"),
            _ => ("CredentialsRefused", "the client ID and client secret"),
        };
    }

    private AccessToken Make(string value, long lifetime)
    {
        var now = _time.GetUtcNow();
        var left = lifetime > LongestLifetime ? TimeSpan.FromMilliseconds(lifetime) : TimeSpan.FromSeconds(Math.Max(lifetime, 0));
        if (left > TimeSpan.FromDays(1)) left = TimeSpan.FromDays(1);
        var margin = left / 10;
        return new AccessToken(value, _options.Scope, now + left, now + left - (margin > s_longestMargin ? s_longestMargin : margin));
    }
}
