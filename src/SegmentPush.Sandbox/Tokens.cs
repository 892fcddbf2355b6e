using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace SegmentPush.Sandbox;

/// <summary>Gives out the access token: the same one until it expires.</summary>
internal sealed class Tokens(SandboxOptions options)
{
    private readonly ConcurrentQueue<string> _given = new();
    private readonly Lock _lock = new();
    private string? _token;
    private string? _expired;
    private DateTimeOffset _expires;

    /// <summary>How many tokens were made.</summary>
    public int Made => _given.Count;

    /// <summary>All tokens that were made.</summary>
    public IReadOnlyCollection<string> Given => _given;

    public Reply Give(string? grantType, string? clientId, string? clientSecret)
    {
        if (grantType != "client_credentials")
            return Reply.Text(400, "application/json;charset=UTF-8", """{"error":"unsupported_grant_type","error_description":"Unsupported grant type"}""");
        if (clientId != options.ClientId || clientSecret != options.ClientSecret)
            return Reply.Text(401, "application/json;charset=UTF-8", """{"error":"unauthorized","error_description":"No client with requested id"}""");

        lock (_lock)
        {
            var now = options.TimeProvider.GetUtcNow();
            if (_token is null || now >= _expires)
            {
                _expired = _token;
                _token = RandomNumberGenerator.GetHexString(32, lowercase: true) + ":sbx";
                _expires = now + options.TokenLifetime;
                _given.Enqueue(_token);
            }

            int left = (int)(_expires - now).TotalSeconds;
            return Reply.Text(200, "application/json;charset=UTF-8", string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"access_token":"{{_token}}","token_type":"bearer","expires_in":{{left}},"scope":"{{options.ApiUser}}"}"""));
        }
    }

    /// <summary>Checks the token of a call.</summary>
    /// <exception cref="Refusal">600, 601 or 602.</exception>
    public void Check(string? authorization)
    {
        const string Bearer = "Bearer ";
        if (authorization?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) != true) throw new Refusal("600", "Empty access token");
        string token = authorization[Bearer.Length..];
        lock (_lock)
        {
            if (token == _token && options.TimeProvider.GetUtcNow() < _expires) return;
            throw token == _token || token == _expired
                ? new Refusal("602", "Access token expired")
                : new Refusal("601", "Access token invalid");
        }
    }

    public void Invalidate()
    {
        lock (_lock) _token = null;
    }
}
