namespace SegmentPush.Platform;

/// <summary>A connection to one sandbox of Experience Platform with one API credential. It never shows its secret or its token.</summary>
public sealed class PlatformConnection : IDisposable
{
    private readonly PlatformConnectionOptions _options;
    private readonly PlatformTransport _transport;
    private Action? _closing;

    private PlatformConnection(PlatformConnectionOptions options)
    {
        _options = options;
        _transport = new PlatformTransport(options);
        Audiences = new PlatformAudiences(_transport);
        Counts = new AudienceCounts(_transport);
        Datasets = new ExportDatasets(_transport);
        Jobs = new ExportJobs(_transport);
        Batches = new ExportBatches(_transport);
        Files = new BatchFiles(_transport);
        Downloads = new FileDownloads(_transport, BatchFiles.CallOf);
        Runs = new DestinationRuns(_transport);
        LandingZone = new LandingZone(_transport, options);
        Governance = new Governance(_transport);
        Exports = new PlatformExports(this);
    }

    /// <summary>Raised after each attempt of each call, from any thread.</summary>
    public event Action<CallReport>? CallFinished
    {
        add => _transport.CallFinished += value;
        remove => _transport.CallFinished -= value;
    }

    /// <summary>Organization ID.</summary>
    public string OrganizationId => _options.OrganizationId;

    /// <summary>Name of the sandbox.</summary>
    public string SandboxName => _options.SandboxName;

    /// <summary>Address of Experience Platform.</summary>
    public Uri Endpoint => _options.Endpoint;

    /// <summary>Client ID (API key) of the credential.</summary>
    public string ClientId => _options.ClientId;

    /// <summary>When the token that is in use expires, UTC. The connection renews it by itself.</summary>
    public DateTimeOffset Expires => _transport.Token?.Expires ?? default;

    /// <summary>Calls made with this connection; the sign-in is not one.</summary>
    public long Calls => _transport.CallsMade;

    internal TimeProvider Time => _transport.Time;

    internal PlatformAudiences Audiences { get; }

    internal AudienceCounts Counts { get; }

    internal ExportDatasets Datasets { get; }

    internal ExportJobs Jobs { get; }

    internal ExportBatches Batches { get; }

    internal BatchFiles Files { get; }

    internal FileDownloads Downloads { get; }

    internal DestinationRuns Runs { get; }

    internal LandingZone LandingZone { get; }

    internal Governance Governance { get; }

    internal PlatformExports Exports { get; }

    /// <summary>Connects: signs in and looks into the sandbox, so that a wrong credential, organization or sandbox fails here.</summary>
    /// <param name="options">How to reach the sandbox.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SegmentPushException">An option can't be right.</exception>
    /// <exception cref="PlatformException">The credential is refused, may not see audiences, or the platform cannot be reached.</exception>
    public static async Task<PlatformConnection> ConnectAsync(PlatformConnectionOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var connection = new PlatformConnection(options.Checked());
        try
        {
            await connection._transport.SignInAsync(cancellation).ConfigureAwait(false);
            await connection.Audiences.ProbeAsync(cancellation).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Forgets the secret and the token.</summary>
    public void Dispose()
    {
        _transport.Dispose();
        Interlocked.Exchange(ref _closing, null)?.Invoke();
    }

    /// <summary>Checks that it was not disconnected.</summary>
    /// <exception cref="SegmentPushException">It was (<c>PlatformNotConnected</c>).</exception>
    internal void ThrowIfClosed() => _transport.ThrowIfClosed();

    /// <summary>Ties something to the end of the connection.</summary>
    internal void Closing(Action end) => _closing = end;

    /// <inheritdoc/>
    public override string ToString() => MessageText.Say($"{SandboxName} of {OrganizationId}");
}
