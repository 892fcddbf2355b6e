using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace SegmentPush.Sandbox.Platform;

/// <summary>Adobe's sign-in service: gives each caller a token of its own.</summary>
internal sealed class ImsEndpoint(PlatformSandboxOptions options, Action<string> violation)
{
    public const string Path = "/ims/token/v3";

    private readonly Dictionary<string, DateTimeOffset> _tokens = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>The tokens that it made.</summary>
    public IReadOnlyCollection<string> Given
    {
        get
        {
            lock (_lock) return [.. _tokens.Keys];
        }
    }

    public Reply Answer(Call call)
    {
        if (call.Method != "POST") return Error(400, "invalid_request", "method not supported");
        if (call.Query.Contains("client_secret", StringComparison.Ordinal)) violation("A client secret in a URL");
        if (!call.HasForm) violation("A sign-in that is not a form");
        call.ReadParameters();
        foreach (string name in call.ParameterNames.Except(["grant_type", "client_id", "client_secret", "scope"])) violation($"Unknown parameter '{name}' of the sign-in");
        if (call.Parameter("grant_type") != "client_credentials") return Error(400, "unsupported_grant_type", "unsupported grant_type");
        if (call.Parameter("client_id") != options.ClientId) return Error(400, "invalid_client", "invalid client_id parameter");
        if (call.Parameter("client_secret") != options.ClientSecret) return Error(400, "invalid_client", "invalid client_secret parameter");
        if (call.Parameter("scope") is not { Length: > 0 } scope || scope.Any(char.IsWhiteSpace)) return Error(400, "invalid_scope", "invalid scope");
        string token = "eyJ." + RandomNumberGenerator.GetHexString(48, lowercase: true);
        lock (_lock) _tokens[token] = options.TimeProvider.GetUtcNow() + options.TokenLifetime;
        return PlatformReply.Json(new JsonObject
        {
            ["access_token"] = token,
            ["token_type"] = "bearer",
            ["expires_in"] = (long)(options.TellsMilliseconds ? options.TokenLifetime.TotalMilliseconds : options.TokenLifetime.TotalSeconds),
        });
    }

    /// <summary>Whether a token is good now.</summary>
    public bool IsGood(string token)
    {
        lock (_lock) return _tokens.TryGetValue(token, out var expires) && options.TimeProvider.GetUtcNow() < expires;
    }

    /// <summary>Makes all tokens invalid.</summary>
    public void Invalidate()
    {
        lock (_lock)
        {
            foreach (string token in _tokens.Keys.ToArray()) _tokens[token] = DateTimeOffset.MinValue;
        }
    }

    private static Reply Error(int status, string error, string description) =>
        PlatformReply.Json(new JsonObject { ["error"] = error, ["error_description"] = description }, status) with { Code = error };
}
