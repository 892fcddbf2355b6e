using System.Security;
using SegmentPush.Marketo;

namespace SegmentPush.Accounts;

/// <summary>A launchpoint connection saved under a name. The client secret is not part of it.</summary>
public sealed record MarketoAccount : ISavedAccount
{
    /// <summary>The name, 1 to 100 characters; names that differ by case alone are the same.</summary>
    public required string Name { get; init; }

    /// <summary>Munchkin id of the instance; null where it is known by its endpoint alone.</summary>
    public string? MunchkinId { get; init; }

    /// <summary>Address of the instance.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Client id of the LaunchPoint service.</summary>
    public required string ClientId { get; init; }

    /// <summary>Greatest number of calls in any 20 seconds.</summary>
    public int CallsPer20Seconds { get; init; } = 50;

    /// <summary>Greatest number of calls at the same time.</summary>
    public int MaxConcurrency { get; init; } = 5;

    /// <summary>Calls that the subscription permits on one day.</summary>
    public long DailyCallQuota { get; init; } = 50_000;

    /// <summary>Share of the daily quota that is left to other integrations, in percent.</summary>
    public int DailyCallReserve { get; init; } = 10;

    /// <summary>How often a call is repeated after passing faults.</summary>
    public int RetryLimit { get; init; } = 6;

    /// <summary>Longest time for one attempt of a call.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(120);

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

    /// <summary>Munchkin id, or the host where that is all that is known; as a connection of the account names its instance.</summary>
    internal string Instance => MunchkinId ?? Endpoint.Authority;

    MessageText ISavedAccount.Place => MessageText.AsIs(Instance);

    /// <summary>An account of a connection's options.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">The options, in their plain form.</param>
    /// <param name="store">Where the client secret is kept.</param>
    /// <param name="vault">Name of the vault, where that is the place.</param>
    /// <param name="secretName">Name of the secret in the vault, where the user keeps it there.</param>
    internal static MarketoAccount Of(string name, MarketoConnectionOptions options, SecretStore store, string? vault = null, string? secretName = null) => new()
    {
        Name = name,
        MunchkinId = options.MunchkinId,
        Endpoint = options.Endpoint,
        ClientId = options.ClientId,
        CallsPer20Seconds = options.CallsPer20Seconds,
        MaxConcurrency = options.MaxConcurrency,
        DailyCallQuota = options.DailyCallQuota,
        DailyCallReserve = options.DailyCallReserve,
        RetryLimit = options.RetryLimit,
        CallTimeout = options.CallTimeout,
        SecretStore = store,
        Vault = vault,
        SecretName = secretName,
        Proxy = options.Proxy?.Address,
        ProxyUseDefaultCredentials = options.Proxy?.UseDefaultCredentials ?? false,
        Saved = options.TimeProvider.GetUtcNow(),
    };

    /// <summary>What it takes to connect with this account.</summary>
    internal MarketoConnectionOptions Options(SecureString secret) => new()
    {
        Endpoint = Endpoint,
        MunchkinId = MunchkinId,
        Began = MunchkinId is not null && Endpoint.IsLoopback ? Saved : null, // A sandbox is saved right after it has begun.
        ClientId = ClientId,
        ClientSecret = secret,
        AccountName = Name,
        CallsPer20Seconds = CallsPer20Seconds,
        MaxConcurrency = MaxConcurrency,
        DailyCallQuota = DailyCallQuota,
        DailyCallReserve = DailyCallReserve,
        RetryLimit = RetryLimit,
        CallTimeout = CallTimeout,
        Proxy = Proxy is null ? null : new ProxyOptions(Proxy, null, ProxyUseDefaultCredentials),
    };

    /// <summary>Whether a connection leads to the same instance with the same LaunchPoint service.</summary>
    internal bool IsOf(MarketoConnectionOptions options) =>
        string.Equals(ClientId, options.ClientId, StringComparison.Ordinal)
        && (MunchkinId is not null && options.MunchkinId is not null
            ? string.Equals(MunchkinId, options.MunchkinId, StringComparison.OrdinalIgnoreCase)
            : Endpoint == options.Endpoint);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
