namespace SegmentPush.Platform;

/// <summary>
/// Calls to a container of a storage account over its shared access signature. The signature goes to this host alone, and into no message; no token of
/// the platform goes there.
/// </summary>
internal sealed class BlobCalls : IPlatformCalls, IDisposable
{
    // A signature has expired, or another program has had another one made. The platform gives the one that is valid now.
    private static readonly PlatformErrorRule s_refused = new(
        "LandingZoneRefused", PlatformErrorClass.Reauthenticate, "LandingZoneRefused",
        "Check in Experience Platform whether the credentials of the Data Landing Zone have expired, and whether its network rules let this machine in; then resume the push.");

    private readonly HttpExchange _exchange;
    private readonly PlatformPolicies _policies;
    private readonly PlatformAttempts _attempts;
    private readonly PlatformPace _pace;
    private readonly TimeProvider _time;
    private readonly TokenKeeper _signatures;
    private readonly Action<CallReport>? _report;

    /// <summary>Prepares to call.</summary>
    /// <param name="container">Address of the container; what follows its question mark is not used.</param>
    /// <param name="sign">Fetches a signature that is valid now.</param>
    /// <param name="options">Clock and network of the platform's connection.</param>
    /// <param name="report">Is told of each attempt; null where nobody listens.</param>
    /// <exception cref="SegmentPushException">The address is not https (<c>EndpointNotSecure</c>).</exception>
    public BlobCalls(Uri container, Func<CancellationToken, ValueTask<AccessToken>> sign, PlatformConnectionOptions options, Action<CallReport>? report)
    {
        EndpointAddress.Plain(new Uri(container.GetLeftPart(UriPartial.Authority)), "Ask Adobe support: the Data Landing Zone has another address than expected.");
        _time = options.TimeProvider;
        _report = report;
        _exchange = new HttpExchange(container, _time, options.Host.Network, options.Proxy);
        _policies = new PlatformPolicies(_time, options.Host.Randomizer);
        _attempts = new PlatformAttempts(_policies, _exchange.Host, "the Data Landing Zone");
        _pace = new PlatformPace(_time);
        _signatures = new TokenKeeper(_time, sign);
        Path = container.AbsolutePath.TrimEnd('/');
    }

    /// <summary>Path of the container.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public async Task<T> CallAsync<T>(PlatformCall call, Func<PlatformAnswer, T> read, CancellationToken cancellation)
    {
        var run = new CallRun(call.Name, 0, _time);
        Func<PlatformAnswer, object?> readAny = answer => read(answer);
        try
        {
            return (T)(await _policies.CallAsync(run, attempt => AttemptAsync(call, run, readAny, attempt), cancellation).ConfigureAwait(false))!;
        }
        catch (PlatformException refusal) when (refusal.Class == PlatformErrorClass.Reauthenticate && refusal.Rule == s_refused)
        {
            // The files are still there, and another signature may let the push go on.
            throw new PlatformException(s_refused with { Class = PlatformErrorClass.Wait }, call, MessageText.AsIs(refusal.Message), refusal.Facts);
        }
    }

    public void Dispose()
    {
        _signatures.Dispose();
        _exchange.Dispose();
        _pace.Dispose();
    }

    private async ValueTask<object?> AttemptAsync(PlatformCall call, CallRun run, Func<PlatformAnswer, object?> read, CancellationToken cancellation)
    {
        var signature = await _signatures.GetAsync(cancellation).ConfigureAwait(false);
        using var place = await _pace.EnterAsync(cancellation).ConfigureAwait(false);
        run.Begin();
        var (result, status, failure) = await _attempts.RunAsync(call, (bytes, limited) => SendAsync(call, signature, bytes, limited), read, cancellation).ConfigureAwait(false);
        _report?.Invoke(run.End(failure?.HttpStatus ?? status, failure?.Attempt));
        if (failure is null) return result;
        if (failure.Class == PlatformErrorClass.SlowDown) await _pace.PauseAsync(failure.Facts.RetryAfter ?? PlatformPace.ShortestPause, cancellation).ConfigureAwait(false);
        if (failure.HttpStatus is not (401 or 403)) throw failure;
        _signatures.Refused(signature);
        throw new PlatformException(s_refused, call, $"The Data Landing Zone refused {call.Name} (HTTP {failure.HttpStatus}).", failure.Facts);
    }

    private async ValueTask<ReceivedAnswer> SendAsync(PlatformCall call, AccessToken signature, PooledBytes bytes, CancellationToken cancellation)
    {
        string query = call.Query.Length == 0 ? signature.Value : $"{call.Query}&{signature.Value}";
        using var request = new HttpRequestMessage(call.Method, new Uri($"{_exchange.Root}{call.Path}?{query}"));
        request.Headers.Add("x-ms-version", "2021-08-06");
        request.Headers.Range = call.Range;
        return await _exchange.SendAsync(request, bytes, cancellation).ConfigureAwait(false);
    }
}
