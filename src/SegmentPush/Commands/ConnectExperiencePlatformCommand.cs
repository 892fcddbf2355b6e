using System.Management.Automation;
using System.Security;
using SegmentPush.Accounts;
using SegmentPush.Calls;
using SegmentPush.Completion;
using SegmentPush.Journal;
using SegmentPush.Parameters;
using SegmentPush.Platform;
using SegmentPush.Sandbox.Platform;
using SegmentPush.Secrets;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Connects to a sandbox of Experience Platform with an OAuth Server-to-Server credential, or with a saved account.</summary>
[Cmdlet(VerbsCommunications.Connect, "ExperiencePlatform", DefaultParameterSetName = ByOrganization, SupportsShouldProcess = true)]
[OutputType(typeof(PlatformConnection))]
public sealed class ConnectExperiencePlatformCommand : PlatformCommand
{
    private const string ByOrganization = "Organization";
    private const string ByAccount = "Account";
    private const string ToRehearsal = "Rehearsal";

    /// <summary>Organization ID.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByOrganization)]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    public string OrganizationId { get; set; } = string.Empty;

    /// <summary>Name of a saved account.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByAccount, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    [ArgumentCompleter(typeof(PlatformAccountCompleter))]
    public string Account { get; set; } = string.Empty;

    /// <summary>Starts a small Experience Platform on this machine, for trying things out.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToRehearsal)]
    public SwitchParameter Rehearsal { get; set; }

    /// <summary>Client ID as user name, client secret as password.</summary>
    [Parameter(Position = 1, ParameterSetName = ByOrganization)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Client ID of the credential.</summary>
    [Parameter(ParameterSetName = ByOrganization)]
    [NotBlank]
    public string? ClientId { get; set; }

    /// <summary>Client secret of the credential.</summary>
    [Parameter(ParameterSetName = ByOrganization)]
    public SecureString? ClientSecret { get; set; }

    /// <summary>Name of the sandbox.</summary>
    [Parameter(Position = 2, ParameterSetName = ByOrganization)]
    [NotBlank]
    public string SandboxName { get; set; } = "prod";

    /// <summary>The scopes that are asked for.</summary>
    [Parameter(ParameterSetName = ByOrganization)]
    [NotBlank]
    public string[]? Scope { get; set; }

    /// <summary>Address of Experience Platform.</summary>
    [Parameter(ParameterSetName = ByOrganization)]
    [NotBlank]
    public Uri? Endpoint { get; set; }

    /// <summary>Address of Adobe's sign-in service.</summary>
    [Parameter(ParameterSetName = ByOrganization)]
    [NotBlank]
    public Uri? SignInEndpoint { get; set; }

    /// <summary>Saves the connection as an account of this name.</summary>
    [Parameter(ParameterSetName = ByOrganization)]
    [Parameter(ParameterSetName = ToRehearsal)]
    [NotBlank]
    public string? SaveAs { get; set; }

    /// <summary>Vault of SecretManagement that keeps the client secret of the account.</summary>
    [Parameter(ParameterSetName = ByOrganization)]
    [Parameter(ParameterSetName = ToRehearsal)]
    [NotBlank]
    [ArgumentCompleter(typeof(VaultCompleter))]
    public string? Vault { get; set; }

    /// <summary>Name of the client secret that a vault of SecretManagement holds already.</summary>
    [Parameter(ParameterSetName = ByOrganization)]
    [NotBlank]
    public string? SecretName { get; set; }

    /// <summary>Saves the account without its client secret.</summary>
    [Parameter(ParameterSetName = ByOrganization)]
    [Parameter(ParameterSetName = ToRehearsal)]
    public SwitchParameter NoSecret { get; set; }

    /// <summary>Replaces an account that leads elsewhere.</summary>
    [Parameter(ParameterSetName = ByOrganization)]
    [Parameter(ParameterSetName = ToRehearsal)]
    public SwitchParameter Force { get; set; }

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

    private protected override void Process()
    {
        var connection = ParameterSetName == ByAccount ? PlatformAccountConnection.Open(this, Account, StopToken, account => account with { Proxy = ProxyOver(account.Proxy) }) : ConnectNew();
        SessionConnection.Platform = connection;
        WriteVerbose($"Connected to the sandbox {connection.SandboxName} of {connection.OrganizationId}.");
        if (PassThru) WriteObject(connection);
    }

    private PlatformConnection ConnectNew()
    {
        var choice = new SavingChoice(Vault, SecretName, NoSecret, Force);
        choice.Check(SaveAs);
        KeptSecret.CheckAlone(SecretName, NoSecret || Credential is not null || ClientSecret is not null);
        if (SaveAs is not null && ProxyCredential is not null) WriteWarning(ProxyText.CredentialNotSaved);
        string? vault = SecretName is null ? Vault : KeptSecret.VaultOf(this, AccountKinds.Platform.Secrets, Vault, SecretName);
        var platform = Rehearsal ? PlatformSandbox.Start() : null;
        PlatformConnection? connection = null;
        try
        {
            var options = (platform is null ? OptionsGiven(vault) : OptionsOf(platform)) with { Proxy = ProxyOver(null) };
            options = options.Checked();
            var saving = SaveAs is null
                ? null
                : new AccountSaving<PlatformAccount>(this, new PlatformAccountStore(), SaveAs, ContentOf(options), choice with { Vault = vault });
            connection = PlatformConnection.ConnectAsync(options, StopToken).GetAwaiter().GetResult();
            if (saving is not null && ShouldProcess($"account '{saving.Name}' of {connection}, client id '{options.ClientId}'", saving.Action)) saving.Save();
        }
        catch
        {
            connection?.Dispose();
            platform?.Dispose();
            throw;
        }

        if (platform is not null)
        {
            connection.Closing(platform.Dispose);
            WriteVerbose($"The rehearsal is an Experience Platform of this process alone, at {platform.Endpoint}. It ends with the session.");
        }

        return connection;
    }

    private static AccountContent<PlatformAccount> ContentOf(PlatformConnectionOptions options) => new(
        (name, place) => PlatformAccount.Of(name, options, place.Store, place.Vault, place.SecretName), account => account.IsOf(options), options.ClientSecret);

    // What is given here stands over what an account has.
    private ProxyOptions? ProxyOver(ProxyOptions? account) =>
        ProxyText.Over(account, Proxy, ProxyCredential, IsGiven(nameof(ProxyUseDefaultCredentials)) ? ProxyUseDefaultCredentials : null);

    private PlatformConnectionOptions OptionsGiven(string? vault)
    {
        var (id, secret) = Client(vault);
        return new PlatformConnectionOptions
        {
            OrganizationId = OrganizationId,
            ClientId = id,
            ClientSecret = secret,
            SandboxName = SandboxName,
            Scope = Scope is null ? PlatformConnectionOptions.DefaultScope : string.Join(',', Scope),
            Endpoint = Endpoint ?? PlatformConnectionOptions.DefaultEndpoint,
            SignInEndpoint = SignInEndpoint ?? PlatformConnectionOptions.DefaultSignInEndpoint,
            PaceFolder = JournalFolder.Default,
        };
    }

    private static PlatformConnectionOptions OptionsOf(PlatformSandbox platform)
    {
        var secret = new SecureString();
        foreach (char c in platform.Options.ClientSecret) secret.AppendChar(c);
        return new PlatformConnectionOptions
        {
            OrganizationId = platform.Options.OrganizationId,
            ClientId = platform.Options.ClientId,
            ClientSecret = secret,
            SandboxName = platform.Options.SandboxName,
            Endpoint = platform.Endpoint,
            SignInEndpoint = platform.Endpoint,
        };
    }

    private (string Id, SecureString Secret) Client(string? vault)
    {
        if (SecretName is not null)
        {
            var (kept, name) = new SecretVault(this, AccountKinds.Platform.Secrets).Read(vault!, SecretName);
            return (ClientId ?? name ?? throw Incomplete(), kept);
        }

        if (Credential is { } credential && ClientId is null && ClientSecret is null) return (credential.UserName, credential.Password);
        if (Credential is null && ClientId is not null && ClientSecret is not null) return (ClientId, ClientSecret);
        if (NoSecret && Credential is null && ClientId is not null) return (ClientId, EnvironmentSecret.Read(AccountKinds.Platform.Secrets, SaveAs!));
        throw Incomplete();
    }

    private static SegmentPushException Incomplete() => new(
        "CredentialIncomplete",
        "The client ID and the client secret of the OAuth Server-to-Server credential are needed, each of them once.",
        "Give -Credential (client ID as user name, client secret as password), or -ClientId together with -ClientSecret or -SecretName.");
}
