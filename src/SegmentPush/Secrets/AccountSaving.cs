using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Marketo;

namespace SegmentPush.Secrets;

/// <summary>Saves a connection as an account: what could be in the way is found before Marketo is asked, and written is only what was tried.</summary>
internal sealed class AccountSaving
{
    private readonly PSCmdlet _cmdlet;
    private readonly AccountStore _accounts = new();
    private readonly MarketoAccount? _existing;
    private readonly MarketoAccount _account;

    /// <summary>Finds out what saving will do.</summary>
    /// <param name="cmdlet">The cmdlet that saves.</param>
    /// <param name="name">Name of the account.</param>
    /// <param name="options">How to connect, in plain form.</param>
    /// <param name="vault">The vault for the secret; null for the default one, or else a file.</param>
    /// <param name="noSecret">Whether the secret is saved nowhere.</param>
    /// <param name="force">Whether an account that leads elsewhere, or is damaged, may be replaced.</param>
    /// <exception cref="SegmentPushException">It can't be saved like this.</exception>
    public AccountSaving(PSCmdlet cmdlet, string name, MarketoConnectionOptions options, string? vault, bool noSecret, bool force)
    {
        _cmdlet = cmdlet;
        string plainName = AccountName.Parse(name).Text;
        _existing = Existing(plainName, force);
        if (_existing is not null && !force && !_existing.IsOf(options))
        {
            throw new SegmentPushException(
                "AccountExists",
                $"The account '{_existing.Name}' exists and leads to {_existing.Instance} with client id '{_existing.ClientId}'.",
                "Choose another name, or replace it with -Force.",
                plainName);
        }

        var vaults = new SecretVault(cmdlet);
        string? keeper = noSecret ? null : vault is null ? vaults.Default() : vaults.Registered(vault);
        var store = noSecret ? SecretStore.Environment : keeper is null ? SecretFile.Protection : SecretStore.Vault;
        // The first spelling of the name stands: vaults may tell upper and lower case apart.
        _account = MarketoAccount.Of(_existing?.Name ?? plainName, options, store, keeper);
    }

    /// <summary>Name of the account.</summary>
    public string Name => _account.Name;

    /// <summary>What saving does.</summary>
    public string Action => _existing is null ? "Save" : "Replace";

    /// <summary>Saves it.</summary>
    /// <param name="options">How the connection was made.</param>
    public void Save(MarketoConnectionOptions options)
    {
        var vaults = new SecretVault(_cmdlet);
        if (_account.Vault is { } vault) vaults.Write(vault, _account.Name, options.ClientSecret);
        try
        {
            _accounts.Save(_account, _account.SecretStore == SecretFile.Protection ? options.ClientSecret : null);
        }
        catch (SegmentPushException) when (_account.Vault is not null && _existing is null)
        {
            Forget(vaults, _account);
            throw;
        }

        // A secret that nobody reads any more is not left behind.
        if (_existing is not null && !string.Equals(_existing.Vault, _account.Vault, StringComparison.OrdinalIgnoreCase)) Forget(vaults, _existing);

        _cmdlet.WriteVerbose($"Saved as account '{_account.Name}'; {WhereSecretIs()}");
        if (_account.SecretStore == SecretStore.File)
        {
            _cmdlet.WriteWarning(
                $"The client secret of account '{_account.Name}' is in '{_accounts.SecretPathOf(_account.Name)}'. Only you can read that file (mode 600), "
                + "but it is NOT encrypted. -Vault keeps the secret in a vault of SecretManagement, -NoSecret keeps it nowhere.");
        }
    }

    private MarketoAccount? Existing(string name, bool force)
    {
        try
        {
            return _accounts.Find(name);
        }
        catch (SegmentPushException error) when (force && error.ErrorId == "AccountDamaged")
        {
            return null;
        }
    }

    private void Forget(SecretVault vaults, MarketoAccount account)
    {
        if (account.Vault is null) return;
        try
        {
            vaults.Remove(account.Vault, account.Name);
        }
        catch (SegmentPushException error)
        {
            _cmdlet.WriteWarning($"The secret '{SecretVault.NameFor(account.Name)}' stays in the vault '{account.Vault}'. {error.Message}");
        }
    }

    private string WhereSecretIs() => _account.SecretStore switch
    {
        SecretStore.Vault => $"its client secret is '{SecretVault.NameFor(_account.Name)}' in the vault '{_account.Vault}'.",
        SecretStore.Environment => $"its client secret is saved nowhere and read from {EnvironmentSecret.Variable}.",
        _ => $"its client secret is in '{_accounts.SecretPathOf(_account.Name)}'.",
    };
}
