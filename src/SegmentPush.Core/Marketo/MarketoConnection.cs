namespace SegmentPush.Marketo;

/// <summary>A connection to one Marketo instance with one LaunchPoint service. It never shows its secret or its token.</summary>
public sealed class MarketoConnection : IDisposable
{
    private readonly MarketoConnectionOptions _options;
    private readonly MarketoTransport _transport;
    private Action? _closing;

    private MarketoConnection(MarketoConnectionOptions options)
    {
        _options = options;
        Host = options.Host with { Time = options.TimeProvider };
        _transport = new MarketoTransport(options);
        Lookup = new LeadLookup(_transport);
        Sync = new LeadSync(_transport);
        StaticLists = new StaticLists(_transport);
        Imports = new LeadImports(_transport);
        Exports = new LeadExports(_transport);
        Folders = new Folders(_transport);
        Facts = new InstanceFacts(_transport);
    }

    /// <summary>Raised after each attempt of each call, from any thread.</summary>
    public event Action<CallReport>? CallFinished
    {
        add => _transport.CallFinished += value;
        remove => _transport.CallFinished -= value;
    }

    /// <summary>Munchkin id of the instance; null where it is known by its endpoint alone.</summary>
    public string? MunchkinId => _options.MunchkinId;

    /// <summary>Address of the instance.</summary>
    public Uri Endpoint => _options.Endpoint;

    /// <summary>Address of the API-only user, the token's scope.</summary>
    public string ApiUser => _transport.Token?.Scope ?? string.Empty;

    /// <summary>When the token that is in use expires, UTC. The connection renews it by itself.</summary>
    public DateTimeOffset Expires => _transport.Token?.Expires ?? default;

    /// <summary>The saved account that the connection was opened with, or saved as; null for none.</summary>
    public string? Account => _options.AccountName;

    /// <summary>Calls that all integrations together have made on Marketo's current day, as Get-MarketoConnection found it last; null before.</summary>
    public long? CallsToday { get; private set; }

    /// <summary>Calls that the subscription permits on one day.</summary>
    public long DailyCallQuota => _options.DailyCallQuota;

    /// <summary>When the daily quota begins anew, UTC: at midnight US Central.</summary>
    public DateTimeOffset QuotaResets => DailyQuota.NextReset(MarketoNow).ToUniversalTime();

    /// <summary>API calls made with this connection; fetching a token is not one.</summary>
    public long Calls => _transport.CallsMade;

    /// <summary>Munchkin id, or the host where that is all that is known.</summary>
    internal string Instance => MunchkinId ?? Endpoint.Authority;

    /// <summary>When the instance began, where it ends with its session; null for one that stays.</summary>
    internal DateTimeOffset? Began => _options.Began;

    internal TimeProvider Time => _transport.Time;

    /// <summary>What the machine gives to the process, with the clock of the connection.</summary>
    internal ProcessHost Host { get; }

    /// <summary>The moment by Marketo's own clock, to a second or so.</summary>
    internal DateTimeOffset MarketoNow => _transport.ServerNow;

    /// <summary>What all calls wait for; null where no call is under way.</summary>
    internal CallWait? Wait => _transport.Waits.Current;

    internal int MaxConcurrency => _options.MaxConcurrency;

    internal int RetryLimit => _options.RetryLimit;

    /// <summary>Calls of the daily quota that pushes leave to others.</summary>
    internal long DailyCallReserveCalls => _options.DailyCallQuota * _options.DailyCallReserve / 100;

    /// <summary>The proxy that calls go through; null for none.</summary>
    internal Uri? Proxy => _options.Proxy?.Address is { } address ? address
        : Endpoint.IsLoopback || HttpClient.DefaultProxy.IsBypassed(Endpoint) || HttpClient.DefaultProxy.GetProxy(Endpoint) is not { } proxy || proxy == Endpoint ? null : proxy;

    internal int CallsPer20Seconds => _options.CallsPer20Seconds;

    internal LeadLookup Lookup { get; }

    internal LeadSync Sync { get; }

    internal StaticLists StaticLists { get; }

    internal LeadImports Imports { get; }

    internal LeadExports Exports { get; }

    internal Folders Folders { get; }

    internal InstanceFacts Facts { get; }

    /// <summary>Connects: fetches a token, so that wrong credentials fail here.</summary>
    /// <param name="options">How to reach the instance.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SegmentPushException">An option is outside its range.</exception>
    /// <exception cref="MarketoException">The credentials are refused, or the instance cannot be reached.</exception>
    public static async Task<MarketoConnection> ConnectAsync(
        MarketoConnectionOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var connection = new MarketoConnection(options.Checked());
        try
        {
            await connection._transport.ConnectAsync(cancellation).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Asks Marketo how many calls all integrations have made today.</summary>
    internal async Task<long> ReadCallsTodayAsync(CancellationToken cancellation)
    {
        long calls = await Facts.GetCallsOfTodayAsync(cancellation).ConfigureAwait(false);
        CallsToday = calls;
        return calls;
    }

    /// <summary>Forgets the secret and the token.</summary>
    public void Dispose()
    {
        _transport.Dispose();
        Interlocked.Exchange(ref _closing, null)?.Invoke();
    }

    /// <summary>Calls are entered into a ledger that other processes share, until what is returned is disposed.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="dailyCallReserve">Share of the daily quota that is left to others, in percent; null for the connection's own.</param>
    internal IDisposable Share(ICallLedger ledger, int? dailyCallReserve) => _transport.Pace.Share(
        ledger, _options.DailyCallQuota - (_options.DailyCallQuota * (dailyCallReserve ?? _options.DailyCallReserve) / 100));

    /// <summary>
    /// Calls that belong to no push are entered into a ledger that other processes share, until what is returned is disposed. No reserve of the daily quota
    /// is kept from them.
    /// </summary>
    /// <param name="ledger">The ledger.</param>
    internal IDisposable ShareBesidePushes(ICallLedger ledger) => _transport.Pace.Share(ledger, _options.DailyCallQuota, isOfPush: false);

    /// <summary>Whether its calls are entered into a ledger that other processes share.</summary>
    internal bool SharesCalls => _transport.Pace.IsShared;

    /// <summary>Checks that it was not disconnected.</summary>
    /// <exception cref="SegmentPushException">It was (<c>NotConnected</c>).</exception>
    internal void ThrowIfClosed() => _transport.ThrowIfClosed();

    /// <summary>Ties something to the end of the connection.</summary>
    internal void Closing(Action end) => _closing = end;

    /// <inheritdoc/>
    public override string ToString() => Instance;
}
