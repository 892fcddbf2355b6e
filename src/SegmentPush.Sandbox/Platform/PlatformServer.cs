using System.Globalization;
using System.Net;
using System.Text.Json;
using SegmentPush.Sandbox.Endpoints;

namespace SegmentPush.Sandbox.Platform;

/// <summary>Takes calls in, checks their headers, lets the endpoints answer them, and notes what it saw.</summary>
internal sealed class PlatformServer : IDisposable
{
    private readonly LoopbackServer _server;
    private readonly IReadOnlyList<Endpoint> _endpoints;
    private readonly PlatformSandboxOptions _options;
    private readonly ImsEndpoint _ims;
    private readonly LandingZoneEndpoint _zone;
    private readonly Action<string> _violation;
    private readonly Queue<DateTimeOffset> _recent = new();
    private readonly Lock _lock = new();
    private int _underWay;

    public PlatformServer(
        HttpListener listener, IEnumerable<Endpoint> endpoints, PlatformSandboxOptions options, ImsEndpoint ims, LandingZoneEndpoint zone, Faults faults, Action<string> violation)
    {
        _endpoints = [.. endpoints];
        _options = options;
        _ims = ims;
        _zone = zone;
        _violation = violation;
        var service = new LoopbackService(options.TimeProvider, RequestId, ExecuteAsync, _ => true) { RequestIdHeader = "x-request-id" };
        _server = new LoopbackServer(listener, service, faults, violation);
    }

    public IReadOnlyCollection<SandboxCall> Calls => _server.Calls;

    /// <summary>The greatest number of calls that were under way at once.</summary>
    public int MostAtOnce { get; private set; }

    public void ForgetCalls() => _server.ForgetCalls();

    public void Dispose() => _server.Dispose();

    private static string RequestId(int number, DateTimeOffset moment) => string.Create(CultureInfo.InvariantCulture, $"sandbox-{number}");

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
