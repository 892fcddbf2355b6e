using System.Globalization;
using System.Net;
using SegmentPush.Sandbox.Endpoints;

namespace SegmentPush.Sandbox;

/// <summary>Takes calls in, lets the endpoints answer them, and notes what it saw.</summary>
internal sealed class SandboxServer : IDisposable
{
    private const int MaxBody = 1024 * 1024;
    private const int MaxFile = 10 * 1024 * 1024;
    private const int MaxUri = 8 * 1024;

    private readonly LoopbackServer _server;
    private readonly IReadOnlyList<Endpoint> _endpoints;
    private readonly SandboxOptions _options;
    private readonly Tokens _tokens;
    private readonly CallLimits _limits;
    private readonly Action<string> _violation;

    public SandboxServer(
        HttpListener listener, IEnumerable<Endpoint> endpoints, SandboxOptions options, Tokens tokens, CallLimits limits, Faults faults, Action<string> violation)
    {
        _endpoints = [.. endpoints];
        _options = options;
        _tokens = tokens;
        _limits = limits;
        _violation = violation;
        _server = new LoopbackServer(listener, new LoopbackService(options.TimeProvider, RequestId, ExecuteAsync, call => !call.IsBulk), faults, violation);
    }

    public IReadOnlyCollection<SandboxCall> Calls => _server.Calls;

    public void ForgetCalls() => _server.ForgetCalls();

    public void Dispose() => _server.Dispose();

    private static string RequestId(int number, DateTimeOffset moment) => string.Create(CultureInfo.InvariantCulture, $"{number:x}#{moment.ToUnixTimeMilliseconds():x}");

    private async ValueTask<Reply> ExecuteAsync(Call call)
    {
        try
        {
            if (call.Path == "/identity/oauth/token") return Token(call);
            Check(call);
            _tokens.Check(call.Authorization);
            _limits.Enter();
            try
            {
                call.ReadParameters();
                var endpoint = Find(call);
                foreach (string name in call.ParameterNames.Except(endpoint.Parameters)) _violation($"Unknown parameter '{name}' for {call.Method} {call.Path}");
                if (!call.IsFormRead && !Has(endpoint.Permission)) throw new Refusal("603", "Access denied");
                return await endpoint.Answer(call).ConfigureAwait(false);
            }
            finally
            {
                _limits.Leave();
            }
        }
        catch (Refusal refusal)
        {
            _limits.Note(refusal.Code);
            return Reply.Error(call.RequestId, refusal.Code, refusal.Message, refusal.Status);
        }
    }

    private Reply Token(Call call)
    {
        if (call.Query.Contains("client_secret", StringComparison.Ordinal)) _violation("A client secret in a URL");
        call.ReadParameters();
        return _tokens.Give(call.Parameter("grant_type"), call.Parameter("client_id"), call.Parameter("client_secret"));
    }

    private void Check(Call call)
    {
        if (call.Path.Contains("//", StringComparison.Ordinal)) Violate("Double slash in a path", "610", "Requested resource not found", 404);
        if (call.Query.Contains("access_token", StringComparison.Ordinal)) Violate("A token in a URL", "600", "Access token in query", 401);
        if (call.Path.Length + call.Query.Length + 1 > MaxUri) Violate("A URI over 8 KB", "414", "URI too long", 414);
        if (call.Body.Length > (call.IsBulk ? MaxFile : MaxBody)) Violate("A body that is too large", "413", "Request entity too large", 413);
    }

    private void Violate(string what, string code, string message, int status)
    {
        _violation(what);
        throw new Refusal(code, message, status);
    }

    private bool Has(Permission permission) => permission switch
    {
        Permission.ReadWriteLead => _options.HasReadWriteLead,
        Permission.ReadWriteAssets => _options.HasReadWriteAssets,
        _ => true,
    };

    private Endpoint Find(Call call)
    {
        string method = call.IsFormRead && call.Path != "/rest/v1/leads.json" ? "GET" : call.Method;
        bool pathExists = false;
        foreach (var endpoint in _endpoints)
        {
            if (!endpoint.Fits(call.Path, out string variable)) continue;
            pathExists = true;
            if (endpoint.Method != method) continue;
            call.PathVariable = variable;
            return endpoint;
        }

        _violation($"No endpoint {call.Method} {call.Path}");
        throw pathExists ? new Refusal("605", "HTTP Method not supported", 405) : new Refusal("610", "Requested resource not found", 404);
    }
}
