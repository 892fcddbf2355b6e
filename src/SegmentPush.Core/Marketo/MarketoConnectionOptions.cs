using System.Security;
using System.Text.RegularExpressions;

namespace SegmentPush.Marketo;

/// <summary>What it takes to reach one Marketo instance with one LaunchPoint service, and how politely.</summary>
public sealed partial record MarketoConnectionOptions
{
    /// <summary>Address of the instance, as <see cref="Normalize"/> or <see cref="EndpointOf"/> give it.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Munchkin id of the instance; null where it is known by its endpoint alone.</summary>
    public string? MunchkinId { get; init; }

    /// <summary>Name of the saved account that these are the options of; null for none.</summary>
    public string? AccountName { get; init; }

    /// <summary>When the instance began, where it ends with its session, as a sandbox does; null for one that stays.</summary>
    internal DateTimeOffset? Began { get; init; }

    /// <summary>Client id of the LaunchPoint service.</summary>
    public required string ClientId { get; init; }

    /// <summary>Client secret of the LaunchPoint service. The connection keeps its own copy.</summary>
    public required SecureString ClientSecret { get; init; }

    /// <summary>Greatest number of calls in any 20 seconds, 1 to 100.</summary>
    /// <value>The default is 50, what Adobe advises for one integration.</value>
    public int CallsPer20Seconds { get; init; } = 50;

    /// <summary>Greatest number of calls at the same time, 1 to 10.</summary>
    /// <value>The default is 5, what Adobe advises for one integration.</value>
    public int MaxConcurrency { get; init; } = 5;

    /// <summary>Calls that the subscription permits on one day, 1,000 to 100,000,000.</summary>
    /// <value>The default is 50,000, the usual quota.</value>
    public long DailyCallQuota { get; init; } = 50_000;

    /// <summary>Share of the daily quota that is left to other integrations, in percent, 0 to 99.</summary>
    /// <value>The default is 10.</value>
    public int DailyCallReserve { get; init; } = 10;

    /// <summary>How often a call is repeated after passing faults, 0 to 20. Waits for the pace are not counted.</summary>
    /// <value>The default is 6, about a minute of waiting.</value>
    public int RetryLimit { get; init; } = 6;

    /// <summary>Longest time for one attempt of a call, one second to one hour.</summary>
    /// <value>The default is two minutes; Marketo itself ends a sync after 90 seconds.</value>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How calls leave through a proxy; null for the system's proxy, with the sign-in of the user.</summary>
    internal ProxyOptions? Proxy { get; init; }

    /// <summary>The clock that every wait and every moment comes from.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>What the machine gives to the process. Its clock is <see cref="TimeProvider"/>.</summary>
    internal ProcessHost Host { get; init; } = ProcessHost.Machine;

    /// <summary>Called after each attempt of each call, from any thread, the token's included; null where nobody listens.</summary>
    public Action<CallReport>? CallFinished { get; init; }

    /// <summary>The address of the instance with a munchkin id.</summary>
    /// <param name="munchkinId">Such as <c>284-RPR-133</c>, in any case.</param>
    /// <exception cref="SegmentPushException">It has another form (<c>InvalidMunchkinId</c>).</exception>
    public static Uri EndpointOf(string munchkinId)
    {
        ArgumentNullException.ThrowIfNull(munchkinId);
        var id = munchkinId.Trim();
        if (!MunchkinIdForm().IsMatch(id))
        {
            throw new SegmentPushException(
                "InvalidMunchkinId",
                $"'{SafeText.Of(munchkinId)}' is not a munchkin id: it has the form 284-RPR-133.",
                "Copy the Munchkin Account ID from Marketo's Admin > Munchkin.",
                munchkinId);
        }

        return new Uri($"https://{id.ToLowerInvariant()}.mktorest.com");
    }

    /// <summary>The address of an instance as calls need it, from what the user copied out of Marketo's UI.</summary>
    /// <param name="endpoint">With or without <c>/rest</c> and a trailing slash; https, or http on the loopback.</param>
    /// <exception cref="SegmentPushException">
    /// It is not an address (<c>InvalidEndpoint</c>), or http outside the loopback (<c>EndpointNotSecure</c>).
    /// </exception>
    public static Uri Normalize(Uri endpoint) => EndpointAddress.Plain(
        endpoint, "Copy the REST endpoint from Marketo's Admin > Web Services, such as https://284-RPR-133.mktorest.com/rest.", "/rest");

    /// <summary>The options with their endpoint in its plain form.</summary>
    /// <exception cref="SegmentPushException">A value is outside its range (<c>InvalidConnectionOption</c>).</exception>
    internal MarketoConnectionOptions Checked()
    {
        Check(CallsPer20Seconds is >= 1 and <= 100, nameof(CallsPer20Seconds), "1 to 100");
        Check(MaxConcurrency is >= 1 and <= 10, nameof(MaxConcurrency), "1 to 10");
        Check(DailyCallQuota is >= 1_000 and <= 100_000_000, nameof(DailyCallQuota), "1,000 to 100,000,000");
        Check(DailyCallReserve is >= 0 and <= 99, nameof(DailyCallReserve), "0 to 99 percent");
        Check(RetryLimit is >= 0 and <= 20, nameof(RetryLimit), "0 to 20");
        Check(
            CallTimeout >= TimeSpan.FromSeconds(1) && CallTimeout <= TimeSpan.FromHours(1),
            nameof(CallTimeout),
            "one second to one hour");
        Check(!string.IsNullOrWhiteSpace(ClientId), nameof(ClientId), "text that is not blank");
        Check(ClientSecret.Length > 0, nameof(ClientSecret), "text that is not empty");
        var pasted = new PastedText(
            "InvalidCredentials", what => $"Copy the {what} again from Marketo's Admin > LaunchPoint > View Details, without what stands around it.");
        pasted.Check(ClientId, "client id");
        pasted.Check(ClientSecret, "client secret");
        var endpoint = Normalize(Endpoint);
        return this with { Proxy = Proxy?.Checked(), Endpoint = endpoint, MunchkinId = MunchkinId?.Trim().ToUpperInvariant() ?? MunchkinIdOf(endpoint) };
    }

    private static string? MunchkinIdOf(Uri endpoint)
    {
        const string Domain = ".mktorest.com";
        var host = endpoint.Host;
        return host.EndsWith(Domain, StringComparison.OrdinalIgnoreCase) && MunchkinIdForm().IsMatch(host[..^Domain.Length])
            ? host[..^Domain.Length].ToUpperInvariant()
            : null;
    }

    private static void Check(bool holds, string name, MessageText range)
    {
        if (!holds)
        {
            throw new SegmentPushException("InvalidConnectionOption", $"{name} takes {range}.", $"Give -{name} a value of that kind, or leave it out.", name);
        }
    }

    [GeneratedRegex(@"\A[0-9]{3}-[A-Za-z]{3}-[0-9]{3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex MunchkinIdForm();

    // The record's own text would list every property.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Endpoint = ").Append(Endpoint);
        return true;
    }
}
