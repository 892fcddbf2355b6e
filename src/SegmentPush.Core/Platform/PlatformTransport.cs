using System.Net.Http.Headers;

namespace SegmentPush.Platform;

/// <summary>The way of every call to Experience Platform: token, pace, headers, sending, reading, and the table of errors when it fails.</summary>
internal sealed class PlatformTransport : IPlatformCalls, IDisposable
{
    private readonly PlatformConnectionOptions _options;
    private readonly HttpExchange _exchange;
    private readonly PlatformPolicies _policies;
    private readonly PlatformAttempts _attempts;
    private readonly PlatformPace _pace;
    private readonly PlatformSignIn _signIn;
    private volatile bool _isClosed;
    private long _callsMade;

    public PlatformTransport(PlatformConnectionOptions options)
    {
        _options = options;
        CallFinished = options.CallFinished;
        _exchange = new HttpExchange(options.Endpoint, options.TimeProvider, options.Host.Network, options.Proxy);
        _policies = new PlatformPolicies(options.TimeProvider, options.Host.Randomizer);
        _attempts = new PlatformAttempts(_policies, _exchange.Host, "Experience Platform");
        _pace = new PlatformPace(
            options.TimeProvider,
            options.PaceFolder is { } folder ? new SharedPace(folder, string.Join('\n', options.Endpoint, options.OrganizationId), options.TimeProvider) : null);
        _signIn = new PlatformSignIn(options, _policies, _pace, Report);
    }

    /// <summary>Raised after each attempt, from any thread.</summary>
    public event Action<CallReport>? CallFinished;

    public TimeProvider Time => _options.TimeProvider;

    /// <summary>The moment by the platform's own clock, to a second or so.</summary>
    public DateTimeOffset ServerNow => _exchange.ServerNow;

    /// <summary>Attempts sent so far; those of the sign-in are not among them.</summary>
    public long CallsMade => Interlocked.Read(ref _callsMade);

    /// <summary>The token that was fetched last.</summary>
    public AccessToken? Token => _signIn.Last;

    /// <summary>Fetches a token if there is none.</summary>
    public async Task SignInAsync(CancellationToken cancellation) => await _signIn.GetAsync(cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<T> CallAsync<T>(PlatformCall call, Func<PlatformAnswer, T> read, CancellationToken cancellation)
    {
        ThrowIfClosed();
        var run = new CallRun(call.Name, 0, Time);
        Func<PlatformAnswer, object?> readAny = answer => read(answer);
        object? result = await _policies.CallAsync(run, attempt => AttemptAsync(call, run, readAny, attempt), cancellation).ConfigureAwait(false);
        return (T)result!;
    }

    /// <summary>Checks that it was not disposed.</summary>
    /// <exception cref="SegmentPushException">It was (<c>PlatformNotConnected</c>).</exception>
    public void ThrowIfClosed()
    {
        if (!_isClosed) return;
        throw new SegmentPushException("PlatformNotConnected", $"The connection to {_exchange.Host} was disconnected.", "Connect again with Connect-ExperiencePlatform.", _exchange.Host);
    }

    public void Dispose()
    {
        _isClosed = true;
        _signIn.Dispose();
        _exchange.Dispose();
        _pace.Dispose();
    }

    private async ValueTask<object?> AttemptAsync(
        PlatformCall call, CallRun run, Func<PlatformAnswer, object?> read, CancellationToken cancellation)
    {
        // The token first: a call is sent at once when the pace permits it.
        var token = await _signIn.GetAsync(cancellation).ConfigureAwait(false);
        using var place = await _pace.EnterAsync(cancellation).ConfigureAwait(false);
        Interlocked.Increment(ref _callsMade);
        run.Begin();
        var (result, status, failure) = await _attempts
            .RunAsync(call, (bytes, limited) => SendAsync(call, token, bytes, limited), read, cancellation)
            .ConfigureAwait(false);
        Report(run.End(failure?.HttpStatus ?? status, failure?.Attempt));
        if (failure is null) return result;
        if (failure.Class == PlatformErrorClass.Reauthenticate) _signIn.Refused(token);
        if (failure.Class == PlatformErrorClass.SlowDown) await _pace.PauseAsync(failure.Facts.RetryAfter ?? PlatformPace.ShortestPause, cancellation).ConfigureAwait(false);
        throw !call.Repeatable && failure.Rule.MayHaveRun ? failure.AsAnswerLost() : failure;
    }

    private async ValueTask<ReceivedAnswer> SendAsync(PlatformCall call, AccessToken token, PooledBytes bytes, CancellationToken cancellation)
    {
        string query = call.Query.Length == 0 ? string.Empty : "?" + call.Query;
        using var request = new HttpRequestMessage(call.Method, new Uri(_exchange.Root + call.Path + query));
        if (call.Body is not null)
        {
            request.Content = new ByteArrayContent(call.Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        request.Headers.Add("x-api-key", _options.ClientId);
        request.Headers.Add("x-gw-ims-org-id", _options.OrganizationId);
        request.Headers.Add("x-sandbox-name", _options.SandboxName);
        request.Headers.Accept.ParseAdd(call.AnswersFile ? "*/*" : call.Accept);
        if (!call.AnswersFile) request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        request.Headers.Range = call.Range;
        return await _exchange.SendAsync(request, bytes, cancellation).ConfigureAwait(false);
    }

    private void Report(CallReport report) => CallFinished?.Invoke(report);
}
