namespace SegmentPush.Calls;

/// <summary>A token and how long it is good for. Not a record: its text must not show the token.</summary>
internal sealed class AccessToken(string value, string scope, DateTimeOffset expires, DateTimeOffset renewAt)
{
    /// <summary>What is sent with each call.</summary>
    public string Value { get; } = value;

    /// <summary>What the server says that the token is for; in Marketo the address of the API-only user.</summary>
    public string Scope { get; } = scope;

    public DateTimeOffset Expires { get; } = expires;

    /// <summary>From when on another token is asked for before the next call.</summary>
    public DateTimeOffset RenewAt { get; } = renewAt;
}
