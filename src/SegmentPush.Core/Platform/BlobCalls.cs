namespace SegmentPush.Platform;

/// <summary>
/// Calls to a container of a storage account over its shared access signature. The signature goes to this host alone, and into no message; no token of
/// the platform goes there.
/// </summary>
internal sealed class BlobCalls : IPlatformCalls, IDisposable
{
    private static readonly PlatformErrorRule s_refused = new(
        "LandingZoneRefused", PlatformErrorClass.Refuse, "LandingZoneRefused", "Run it again: another program may have refreshed the signature of the Data Landing Zone.");

    private readonly HttpExchange _exchange;
    private readonly PlatformPolicies _policies;
    private readonly PlatformAttempts _attempts;
    private readonly PlatformPace _pace;
    private readonly TimeProvider _time;
    private readonly string _signature;
    private readonly Action<CallReport>? _report;

    /// <summary>Prepares to call.</summary>
    /// <param name="container">Address of the container with its signature.</param>
    /// <param name="options">Clock and network of the platform's connection.</param>
    /// <param name="report">Is told of each attempt; null where nobody listens.</param>
    /// <exception cref="SegmentPushException">The address is not https (<c>EndpointNotSecure</c>).</exception>
    public BlobCalls(Uri container, PlatformConnectionOptions options, Action<CallReport>? report)
    {
        EndpointAddress.Plain(new Uri(container.GetLeftPart(UriPartial.Authority)), "Ask Adobe support: the Data Landing Zone has another address than expected.");
        _time = options.TimeProvider;
        _report = report;
        _exchange = new HttpExchange(container, _time, options.Host.Network, options.Proxy);
        _policies = new PlatformPolicies(_time, options.Host.Randomizer);
        _attempts = new PlatformAttempts(_policies, _exchange.Host, "the Data Landing Zone");
        _pace = new PlatformPace(_time);
        _signature = container.Query.TrimStart('?');
        Path = container.AbsolutePath.TrimEnd('/');
    }

    /// <summary>Path of the container.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public async Task<T> CallAsync<T>(PlatformCall call, Func<PlatformAnswer, T> read, CancellationToken cancellation)
    {
        var run = new CallRun(call.Name, 0, _time);
        Func<PlatformAnswer, object?> readAny = answer => read(answer);
        object? result = await _policies.CallAsync(run, attempt => AttemptAsync(call, run, readAny, attempt), cancellation).ConfigureAwait(false);
        return (T)result!;
    }

    public void Dispose()
    {
        _exchange.Dispose();
        _pace.Dispose();
    }

    private async ValueTask<object?> AttemptAsync(PlatformCall call, CallRun run, Func<PlatformAnswer, object?> read, CancellationToken cancellation)
    {
        using var place = await _pace.EnterAsync(cancellation).ConfigureAwait(false);
        run.Begin();
        var (result, status, failure) = await _attempts.RunAsync(call, (bytes, limited) => SendAsync(call, bytes, limited), read, cancellation).ConfigureAwait(false);
        _report?.Invoke(run.End(failure?.HttpStatus ?? status, failure?.Attempt));
        if (failure is null) return result;
        if (failure.Class == PlatformErrorClass.SlowDown) _pace.Pause(failure.Facts.RetryAfter ?? PlatformPace.ShortestPause);
        throw failure.HttpStatus == 403
            ? new PlatformException(s_refused, call, $"The Data Landing Zone refused {call.Name} (HTTP 403).", failure.Facts)
            : failure;
    }

    private async ValueTask<ReceivedAnswer> SendAsync(PlatformCall call, PooledBytes bytes, CancellationToken cancellation)
    {
        string query = call.Query.Length == 0 ? _signature : $"{call.Query}&{_signature}";
        using var request = new HttpRequestMessage(call.Method, new Uri($"{_exchange.Root}{call.Path}?{query}"));
        request.Headers.Add("x-ms-version", "2021-08-06");
        request.Headers.Range = call.Range;
        return await _exchange.SendAsync(request, bytes, cancellation).ConfigureAwait(false);
    }
}
