using System.Security;
using SegmentPush.Journal;
using SegmentPush.Platform;

namespace SegmentPush.Accounts;

/// <summary>A connection to Experience Platform saved under a name. The client secret is not part of it.</summary>
public sealed record PlatformAccount : ISavedAccount
{
    /// <summary>The name, 1 to 100 characters; names that differ by case alone are the same.</summary>
    public required string Name { get; init; }

    /// <summary>Organization ID.</summary>
    public required string OrganizationId { get; init; }

    /// <summary>Name of the sandbox.</summary>
    public required string SandboxName { get; init; }

    /// <summary>Client ID (API key) of the OAuth Server-to-Server credential.</summary>
    public required string ClientId { get; init; }

    /// <summary>The scopes that are asked for, separated by commas.</summary>
    public string Scope { get; init; } = PlatformConnectionOptions.DefaultScope;

    /// <summary>Address of Experience Platform.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Address of the sign-in service.</summary>
    public required Uri SignInEndpoint { get; init; }

    /// <summary>Where the client secret is kept.</summary>
    public required SecretStore SecretStore { get; init; }

    /// <summary>Name of the vault that keeps the client secret; null where no vault does.</summary>
    public string? Vault { get; init; }

    /// <summary>Name of the secret in the vault, where the user keeps it there; null where SegmentPush chose the name and put the secret there.</summary>
    public string? SecretName { get; init; }

    /// <summary>Address of the proxy; null for the system's.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Whether the user signs in at the proxy as at this machine.</summary>
    public bool ProxyUseDefaultCredentials { get; init; }

    /// <summary>When it was saved, UTC.</summary>
    public DateTimeOffset Saved { get; init; }

    MessageText ISavedAccount.Place => $"sandbox {SandboxName} of {OrganizationId}";

    /// <summary>An account of a connection's options.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">The options, in their plain form.</param>
    /// <param name="store">Where the client secret is kept.</param>
    /// <param name="vault">Name of the vault, where that is the place.</param>
    /// <param name="secretName">Name of the secret in the vault, where the user keeps it there.</param>
    internal static PlatformAccount Of(string name, PlatformConnectionOptions options, SecretStore store, string? vault = null, string? secretName = null) => new()
    {
        Name = name,
        OrganizationId = options.OrganizationId,
        SandboxName = options.SandboxName,
        ClientId = options.ClientId,
        Scope = options.Scope,
        Endpoint = options.Endpoint,
        SignInEndpoint = options.SignInEndpoint,
        SecretStore = store,
        Vault = vault,
        SecretName = secretName,
        Proxy = options.Proxy?.Address,
        ProxyUseDefaultCredentials = options.Proxy?.UseDefaultCredentials ?? false,
        Saved = options.TimeProvider.GetUtcNow(),
    };

    /// <summary>What it takes to connect with this account.</summary>
    internal PlatformConnectionOptions Options(SecureString secret) => new()
    {
        OrganizationId = OrganizationId,
        SandboxName = SandboxName,
        ClientId = ClientId,
        ClientSecret = secret,
        Scope = Scope,
        Endpoint = Endpoint,
        SignInEndpoint = SignInEndpoint,
        Proxy = Proxy is null ? null : new ProxyOptions(Proxy, null, ProxyUseDefaultCredentials),
        PaceFolder = JournalFolder.Default,
    };

    /// <summary>Whether a connection leads to the same sandbox with the same credential.</summary>
    internal bool IsOf(PlatformConnectionOptions options) =>
        string.Equals(ClientId, options.ClientId, StringComparison.Ordinal)
        && string.Equals(OrganizationId, options.OrganizationId, StringComparison.OrdinalIgnoreCase)
        && string.Equals(SandboxName, options.SandboxName, StringComparison.OrdinalIgnoreCase)
        && Endpoint == options.Endpoint;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
