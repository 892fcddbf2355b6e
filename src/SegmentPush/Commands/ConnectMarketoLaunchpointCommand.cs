using System.Management.Automation;
using System.Security;
using SegmentPush.Accounts;
using SegmentPush.Completion;
using SegmentPush.Marketo;
using SegmentPush.Parameters;
using SegmentPush.Sandbox;
using SegmentPush.Secrets;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Connects to a Marketo instance with the client id and secret of a LaunchPoint service, or with a saved account.</summary>
[Cmdlet(VerbsCommunications.Connect, "MarketoLaunchpoint", DefaultParameterSetName = ByMunchkinId, SupportsShouldProcess = true)]
[OutputType(typeof(MarketoConnection))]
public sealed class ConnectMarketoLaunchpointCommand : MarketoCommand
{
    private const string ByMunchkinId = "MunchkinId";
    private const string ByEndpoint = "Endpoint";
    private const string ToSandbox = "Sandbox";
    private const string ByAccount = "Account";

    /// <summary>Munchkin id of the instance, such as 284-RPR-133.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByMunchkinId)]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    public string MunchkinId { get; set; } = string.Empty;

    /// <summary>REST endpoint of the instance, with or without /rest.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByEndpoint)]
    [AllowNull]
    [NotBlank]
    public Uri? Endpoint { get; set; }

    /// <summary>Starts a Marketo instance on this machine, for trying things out.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToSandbox)]
    public SwitchParameter Sandbox { get; set; }

    /// <summary>Name of a saved account.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByAccount, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public string Account { get; set; } = string.Empty;

    /// <summary>Client id as user name, client secret as password.</summary>
    [Parameter(Position = 1, ParameterSetName = ByMunchkinId)]
    [Parameter(Position = 1, ParameterSetName = ByEndpoint)]
    [Parameter(Position = 1, ParameterSetName = ToSandbox)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Client id of the LaunchPoint service.</summary>
    [Parameter(ParameterSetName = ByMunchkinId)]
    [Parameter(ParameterSetName = ByEndpoint)]
    [Parameter(ParameterSetName = ToSandbox)]
    [NotBlank]
    public string? ClientId { get; set; }

    /// <summary>Client secret of the LaunchPoint service.</summary>
    [Parameter(ParameterSetName = ByMunchkinId)]
    [Parameter(ParameterSetName = ByEndpoint)]
    [Parameter(ParameterSetName = ToSandbox)]
    public SecureString? ClientSecret { get; set; }

    /// <summary>Saves the connection as an account of this name.</summary>
    [Parameter(ParameterSetName = ByMunchkinId)]
    [Parameter(ParameterSetName = ByEndpoint)]
    [Parameter(ParameterSetName = ToSandbox)]
    [NotBlank]
    public string? SaveAs { get; set; }

    /// <summary>Vault of SecretManagement that keeps the client secret of the account.</summary>
    [Parameter(ParameterSetName = ByMunchkinId)]
    [Parameter(ParameterSetName = ByEndpoint)]
    [Parameter(ParameterSetName = ToSandbox)]
    [NotBlank]
    [ArgumentCompleter(typeof(VaultCompleter))]
    public string? Vault { get; set; }

    /// <summary>Name of the client secret that a vault of SecretManagement holds already.</summary>
    [Parameter(ParameterSetName = ByMunchkinId)]
    [Parameter(ParameterSetName = ByEndpoint)]
    [Parameter(ParameterSetName = ToSandbox)]
    [NotBlank]
    public string? SecretName { get; set; }

    /// <summary>Saves the account without its client secret.</summary>
    [Parameter(ParameterSetName = ByMunchkinId)]
    [Parameter(ParameterSetName = ByEndpoint)]
    [Parameter(ParameterSetName = ToSandbox)]
    public SwitchParameter NoSecret { get; set; }

    /// <summary>Replaces an account that leads elsewhere.</summary>
    [Parameter(ParameterSetName = ByMunchkinId)]
    [Parameter(ParameterSetName = ByEndpoint)]
    [Parameter(ParameterSetName = ToSandbox)]
    public SwitchParameter Force { get; set; }

    /// <summary>Greatest number of calls in any 20 seconds.</summary>
    [Parameter]
    [WholeNumber]
    [ValidateRange(1, 100)]
    public int CallsPer20Seconds { get; set; } = 50;

    /// <summary>Greatest number of calls at the same time.</summary>
    [Parameter]
    [WholeNumber]
    [ValidateRange(1, 10)]
    public int MaxConcurrency { get; set; } = 5;

    /// <summary>Calls that the subscription permits on one day.</summary>
    [Parameter]
    [WholeNumber]
    [ValidateRange(1_000L, 100_000_000L)]
    public long DailyCallQuota { get; set; } = 50_000;

    /// <summary>Share of the daily quota that is left to other integrations, in percent.</summary>
    [Parameter]
    [WholeNumber]
    [ValidateRange(0, 99)]
    public int DailyCallReserve { get; set; } = 10;

    /// <summary>How often a call is repeated after passing faults.</summary>
    [Parameter]
    [WholeNumber]
    [ValidateRange(0, 20)]
    public int RetryLimit { get; set; } = 6;

    /// <summary>Longest time for one attempt of a call.</summary>
    [Parameter]
    [SecondsTransformation]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>Address of the proxy; the system's where none is given.</summary>
    [Parameter]
    [NotBlank]
    public Uri? Proxy { get; set; }

    /// <summary>Name and password for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Signs in at the proxy as at this machine.</summary>
    [Parameter]
    public SwitchParameter ProxyUseDefaultCredentials { get; set; }

    /// <summary>Emits the connection.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process() => Connect();

    private void Connect()
    {
        var connection = ParameterSetName == ByAccount ? AccountConnection.Open(this, Account, StopToken, WithGiven) : ConnectNew();
        SessionConnection.Default = connection;
        WriteVerbose($"Connected to {connection.Instance} as {connection.ApiUser}.");
        if (PassThru) WriteObject(connection);
    }

    private MarketoConnection ConnectNew()
    {
        var choice = new SavingChoice(Vault, SecretName, NoSecret, Force);
        choice.Check(SaveAs);
        KeptSecret.CheckAlone(SecretName, NoSecret || Credential is not null || ClientSecret is not null);
        if (SaveAs is not null && ProxyCredential is not null) WriteWarning(ProxyText.CredentialNotSaved);
        string? vault = SecretName is null ? Vault : KeptSecret.VaultOf(this, AccountKinds.Marketo.Secrets, Vault, SecretName);
        var sandbox = Sandbox ? SandboxInstance.Start(new SandboxOptions()) : null;
        MarketoConnection? connection = null;
        try
        {
            var options = OptionsFor(sandbox, vault).Checked();
            var saving = SaveAs is null
                ? null
                : new AccountSaving<MarketoAccount>(this, new AccountStore(), SaveAs, ContentOf(options), choice with { Vault = vault });
            connection = MarketoConnection.ConnectAsync(options, StopToken).GetAwaiter().GetResult();
            if (saving is not null && ShouldProcess($"account '{saving.Name}' of {connection.Instance}, client id '{options.ClientId}'", saving.Action)) saving.Save();
        }
        catch
        {
            connection?.Dispose();
            sandbox?.Dispose();
            throw;
        }

        if (sandbox is not null)
        {
            connection.Closing(sandbox.Dispose);
            WriteVerbose($"The sandbox is a Marketo instance of this process alone, at {sandbox.Endpoint}. It ends with the session.");
        }

        return connection;
    }

    private static AccountContent<MarketoAccount> ContentOf(MarketoConnectionOptions options) => new(
        (name, place) => MarketoAccount.Of(name, options, place.Store, place.Vault, place.SecretName), account => account.IsOf(options), options.ClientSecret);

    private MarketoConnectionOptions OptionsFor(SandboxInstance? sandbox, string? vault)
    {
        var (id, secret) = ClientOf(sandbox, vault);
        return new MarketoConnectionOptions
        {
            Began = sandbox is null ? null : TimeProvider.System.GetUtcNow(),
            Endpoint = sandbox?.Endpoint
                ?? (ParameterSetName == ByEndpoint ? MarketoConnectionOptions.Normalize(Endpoint!) : MarketoConnectionOptions.EndpointOf(MunchkinId)),
            MunchkinId = sandbox is null ? ParameterSetName == ByMunchkinId ? MunchkinId : null : sandbox.Options.MunchkinId,
            ClientId = id,
            ClientSecret = secret,
            AccountName = SaveAs,
            CallsPer20Seconds = CallsPer20Seconds,
            MaxConcurrency = MaxConcurrency,
            DailyCallQuota = DailyCallQuota,
            DailyCallReserve = DailyCallReserve,
            RetryLimit = RetryLimit,
            CallTimeout = CallTimeout,
            Proxy = ProxyOver(null),
        };
    }

    // What is given here stands over what an account has.
    private ProxyOptions? ProxyOver(ProxyOptions? account) =>
        ProxyText.Over(account, Proxy, ProxyCredential, IsGiven(nameof(ProxyUseDefaultCredentials)) ? ProxyUseDefaultCredentials : null);

    // An account's own pace and limits stand, except for what is given here.
    private MarketoConnectionOptions WithGiven(MarketoConnectionOptions account) => account with
    {
        CallsPer20Seconds = IsGiven(nameof(CallsPer20Seconds)) ? CallsPer20Seconds : account.CallsPer20Seconds,
        MaxConcurrency = IsGiven(nameof(MaxConcurrency)) ? MaxConcurrency : account.MaxConcurrency,
        DailyCallQuota = IsGiven(nameof(DailyCallQuota)) ? DailyCallQuota : account.DailyCallQuota,
        DailyCallReserve = IsGiven(nameof(DailyCallReserve)) ? DailyCallReserve : account.DailyCallReserve,
        RetryLimit = IsGiven(nameof(RetryLimit)) ? RetryLimit : account.RetryLimit,
        CallTimeout = IsGiven(nameof(CallTimeout)) ? CallTimeout : account.CallTimeout,
        Proxy = ProxyOver(account.Proxy),
    };

    // Only where somebody can answer: a scheduled task must end with an error instead of waiting for ever.
    private PSCredential? AskCredential()
    {
        if (Sandbox || (Host.Name == "ConsoleHost" && (Console.IsInputRedirected || !Environment.UserInteractive))) return null;
        try
        {
            string instance = ParameterSetName == ByMunchkinId ? MunchkinId : Endpoint!.Authority;
            var answer = Host.UI.PromptForCredential(
                MessageText.Say("Connect to Marketo"),
                MessageText.Say($"LaunchPoint service of {instance}: the client id is the user name, the client secret is the password."),
                ClientId, string.Empty);
            return answer is { UserName.Length: > 0, Password.Length: > 0 } ? answer : null;
        }
        catch (Exception e) when (e is System.Management.Automation.Host.HostException or InvalidOperationException or NotImplementedException or NotSupportedException)
        {
            return null;
        }
    }

    private (string Id, SecureString Secret) ClientOf(SandboxInstance? sandbox, string? vault)
    {
        if (SecretName is not null)
        {
            var (kept, name) = new SecretVault(this, AccountKinds.Marketo.Secrets).Read(vault!, SecretName);
            return (ClientId ?? name ?? throw Incomplete(), kept);
        }

        if (Credential is { } credential && ClientId is null && ClientSecret is null) return (credential.UserName, credential.Password);
        if (Credential is null && ClientId is not null && ClientSecret is not null) return (ClientId, ClientSecret);
        if (NoSecret && Credential is null && ClientId is not null) return (ClientId, EnvironmentSecret.Read(AccountKinds.Marketo.Secrets, SaveAs!));
        if (sandbox is not null && Credential is null && ClientId is null && ClientSecret is null)
        {
            var secret = new SecureString();
            foreach (char c in sandbox.Options.ClientSecret) secret.AppendChar(c);
            return (sandbox.Options.ClientId, secret);
        }

        if (Credential is null && ClientSecret is null && AskCredential() is { } answer) return (answer.UserName, answer.Password);
        throw Incomplete();
    }

    private static SegmentPushException Incomplete() => new(
        "CredentialIncomplete",
        "The client id and the client secret of the LaunchPoint service are needed, each of them once.",
        "Give -Credential (client id as user name, client secret as password), or -ClientId together with -ClientSecret or -SecretName.");
}
