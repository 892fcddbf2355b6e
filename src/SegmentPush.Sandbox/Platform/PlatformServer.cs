using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using SegmentPush.Sandbox.Endpoints;

namespace SegmentPush.Sandbox.Platform;

/// <summary>Takes calls in, checks their headers, lets the endpoints answer them, and notes what it saw.</summary>
internal sealed class PlatformServer : IDisposable
{
    private readonly HttpListener _listener;
    private readonly IReadOnlyList<Endpoint> _endpoints;
    private readonly PlatformSandboxOptions _options;
    private readonly ImsEndpoint _ims;
    private readonly LandingZoneEndpoint _zone;
    private readonly Faults _faults;
    private readonly Action<string> _violation;
    private readonly ConcurrentQueue<SandboxCall> _calls = new();
    private readonly Queue<DateTimeOffset> _recent = new();
    private readonly Lock _lock = new();
    private int _requests;
    private int _underWay;

    public PlatformServer(
        HttpListener listener, IEnumerable<Endpoint> endpoints, PlatformSandboxOptions options, ImsEndpoint ims, LandingZoneEndpoint zone, Faults faults, Action<string> violation)
    {
        _listener = listener;
        _endpoints = [.. endpoints];
        _options = options;
        _ims = ims;
        _zone = zone;
        _faults = faults;
        _violation = violation;
        _ = Task.Run(ListenAsync);
    }

    public IReadOnlyCollection<SandboxCall> Calls => _calls;

    /// <summary>The greatest number of calls that were under way at once.</summary>
    public int MostAtOnce { get; private set; }

    public void ForgetCalls() => _calls.Clear();

    public void Dispose() => _listener.Close();

    private async Task ListenAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync().ConfigureAwait(false);
                _ = Task.Run(() => ServeAsync(context));
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        var started = _options.TimeProvider.GetUtcNow();
        try
        {
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body).ConfigureAwait(false);
            string requestId = string.Create(CultureInfo.InvariantCulture, $"sandbox-{Interlocked.Increment(ref _requests)}");
            var call = new Call(context.Request, body.ToArray(), requestId);
            var (reply, sent) = await AnswerAsync(call).ConfigureAwait(false);
            _calls.Enqueue(new SandboxCall(
                call.Method, call.Path, call.Query, call.Body.Length, sent == Sending.Nothing ? 0 : reply.Status, reply.Code, started));
            context.Response.Headers["x-request-id"] = requestId;
            await ReplySender.SendAsync(context, call.TakesGzip, reply, sent).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The client has gone.
            context.Response.Abort();
        }
        catch (Exception e)
        {
            // A fault of the sandbox itself must not look like a slow platform.
            _violation("The sandbox failed: " + e);
            context.Response.Abort();
            throw;
        }
    }

    private async ValueTask<(Reply Reply, Sending Sending)> AnswerAsync(Call call)
    {
        var fault = _faults.Of(call);
        switch (fault?.Kind)
        {
            case SandboxFaultKind.BreakBefore:
                return (Reply.Text(0, "", ""), Sending.Nothing);
            case SandboxFaultKind.HttpStatus or SandboxFaultKind.Body:
                var headers = fault.RetryAfter is { } seconds
                    ? new Dictionary<string, string> { ["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture) }
                    : [];
                return (Reply.Text(int.Parse(fault.Code, CultureInfo.InvariantCulture), fault.ContentType, fault.Message) with { Headers = headers, Code = fault.Code }, Sending.All);
            case SandboxFaultKind.Delay:
                await Task.Delay(fault.Time, _options.TimeProvider).ConfigureAwait(false);
                break;
        }

        var reply = await ExecuteAsync(call).ConfigureAwait(false);
        return fault?.Kind switch
        {
            SandboxFaultKind.BreakAfter => (reply, Sending.Nothing),
            SandboxFaultKind.Truncate => (reply, Sending.Half),
            _ => (reply, Sending.All),
        };
    }

    private async ValueTask<Reply> ExecuteAsync(Call call)
    {
        Enter();
        try
        {
            if (_options.Latency > TimeSpan.Zero) await Task.Delay(_options.Latency, _options.TimeProvider).ConfigureAwait(false);
            if (call.Path == ImsEndpoint.Path) return _ims.Answer(call);
            if (call.Path.StartsWith(LandingZoneEndpoint.Container, StringComparison.Ordinal)) return _zone.Answer(call);
            if (IsTooFast()) return PlatformReply.Gateway(429, "429050", "Too many requests");
            CheckHeaders(call);
            call.ReadParameters();
            var endpoint = Find(call);
            foreach (string name in call.ParameterNames.Except(endpoint.Parameters)) _violation($"Unknown parameter '{name}' for {call.Method} {call.Path}");
            return await endpoint.Answer(call).ConfigureAwait(false);
        }
        catch (PlatformRefusal refusal)
        {
            return refusal.Reply;
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            _violation($"{call.Method} {call.Path} is not understood: {e.GetType().Name}");
            return PlatformReply.Catalog(400, "BadRequestError", "The request is malformed");
        }
        finally
        {
            // Before the answer is sent: the client may send its next call as soon as it has the answer.
            lock (_lock) _underWay--;
        }
    }

    private void CheckHeaders(Call call)
    {
        const string Bearer = "Bearer ";
        if (call.Query.Contains("access_token", StringComparison.Ordinal) || call.Query.Contains("eyJ.", StringComparison.Ordinal)) _violation("A token in a URL");
        if (call.Authorization?.StartsWith(Bearer, StringComparison.Ordinal) != true) throw Gateway(403, "403010", "Oauth token is missing");
        if (!_ims.IsGood(call.Authorization[Bearer.Length..])) throw Gateway(401, "401013", "Oauth token is not valid");
        if (call.Header("x-api-key") is not { } key) throw Gateway(403, "403000", "Api Key is missing");
        if (key != _options.ClientId) throw Gateway(403, "403003", "Api Key is invalid");
        if (call.Header("x-gw-ims-org-id") is not { } organization) throw Gateway(400, "400003", "Header x-gw-ims-org-id is missing");
        if (organization != _options.OrganizationId) throw Gateway(403, "403025", "Profile is not valid");
        if (call.Header("x-sandbox-name") is not { } sandbox) throw Gateway(400, "400003", "Header x-sandbox-name is missing");
        if (sandbox != _options.SandboxName)
            throw new PlatformRefusal(PlatformReply.Catalog(404, "Sandbox not found", $"No sandbox {sandbox} for this organization"));
        if (call.Body.Length > 0 && !call.HasJson) _violation($"A body of {call.Method} {call.Path} without the content type application/json");
    }

    private Endpoint Find(Call call)
    {
        foreach (var endpoint in _endpoints)
        {
            if (endpoint.Method != call.Method || !endpoint.Fits(call.Path, out string variable)) continue;
            call.PathVariable = variable;
            return endpoint;
        }

        _violation($"No endpoint {call.Method} {call.Path}");
        throw Gateway(404, "404201", "Requested resource not found");
    }

    private void Enter()
    {
        lock (_lock)
        {
            if (++_underWay > MostAtOnce) MostAtOnce = _underWay;
        }
    }

    private bool IsTooFast()
    {
        if (_options.CallsPerSecond is not { } most) return false;
        var now = _options.TimeProvider.GetUtcNow();
        lock (_lock)
        {
            while (_recent.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromSeconds(1)) _recent.Dequeue();
            if (_recent.Count >= most) return true;
            _recent.Enqueue(now);
            return false;
        }
    }

    private static PlatformRefusal Gateway(int status, string code, string message) => new(PlatformReply.Gateway(status, code, message));
}
