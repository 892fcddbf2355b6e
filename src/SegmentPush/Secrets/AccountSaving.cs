using System.Management.Automation;
using System.Security;
using SegmentPush.Accounts;
using SegmentPush.Streams;

namespace SegmentPush.Secrets;

/// <summary>Where the client secret of an account is kept.</summary>
/// <param name="Store">The kind of place.</param>
/// <param name="Vault">The vault, where that is the place.</param>
/// <param name="SecretName">Name of a secret that the user keeps there; null where the vault keeps it by the account's name.</param>
internal sealed record AccountSecretPlace(SecretStore Store, string? Vault, string? SecretName);

/// <summary>What an account is made of.</summary>
/// <param name="Make">Makes the account of a name, with the place of its secret.</param>
/// <param name="IsSame">Whether an account leads to the same place with the same client.</param>
/// <param name="Secret">The client secret.</param>
internal sealed record AccountContent<T>(Func<string, AccountSecretPlace, T> Make, Func<T, bool> IsSame, SecureString Secret);

/// <summary>Saves a connection as an account: what could be in the way is found before the server is asked, and written is only what was tried.</summary>
internal sealed class AccountSaving<T>
    where T : class, ISavedAccount
{
    private readonly PSCmdlet _cmdlet;
    private readonly AccountStore<T> _accounts;
    private readonly SecretPlace _place;
    private readonly AccountContent<T> _content;
    private readonly T? _existing;
    private readonly T _account;

    /// <summary>Finds out what saving will do.</summary>
    /// <param name="cmdlet">The cmdlet that saves.</param>
    /// <param name="accounts">The accounts.</param>
    /// <param name="name">Name of the account.</param>
    /// <param name="content">What it is made of.</param>
    /// <param name="choice">What the user says about the secret, and about an account that is there.</param>
    /// <exception cref="SegmentPushException">It can't be saved like this.</exception>
    public AccountSaving(PSCmdlet cmdlet, AccountStore<T> accounts, string name, AccountContent<T> content, SavingChoice choice)
    {
        _cmdlet = cmdlet;
        _accounts = accounts;
        _place = accounts.Secrets;
        _content = content;
        string plainName = AccountName.Parse(name).Text;
        _existing = Existing(plainName, choice.IsForced);
        if (_existing is not null && !choice.IsForced && !content.IsSame(_existing))
        {
            throw new SegmentPushException(
                "AccountExists",
                $"The account '{_existing.Name}' exists and leads to {_existing.Place} with client id '{_existing.ClientId}'.",
                "Choose another name, or replace it with -Force.",
                plainName);
        }

        var vaults = new SecretVault(cmdlet, _place);
        string? keeper = choice.IsWithoutSecret ? null : choice.Vault is null ? vaults.Default() : vaults.Registered(choice.Vault);
        var store = choice.IsWithoutSecret ? SecretStore.Environment : keeper is null ? SecretFile.Protection : SecretStore.Vault;
        // The first spelling of the name stands: vaults may tell upper and lower case apart.
        _account = content.Make(_existing?.Name ?? plainName, new AccountSecretPlace(store, keeper, choice.SecretName));
    }

    /// <summary>Name of the account.</summary>
    public string Name => _account.Name;

    /// <summary>What saving does.</summary>
    public MessageText Action => _existing is null ? (MessageText)"Save" : "Replace";

    /// <summary>Saves it.</summary>
    public void Save()
    {
        var vaults = new SecretVault(_cmdlet, _place);
        if (IsOurs(_account)) vaults.Write(_account, _content.Secret);
        try
        {
            _accounts.Save(_account, _account.SecretStore == SecretFile.Protection ? _content.Secret : null);
        }
        catch (SegmentPushException) when (_existing is null)
        {
            Forget(vaults, _account);
            throw;
        }

        // A secret that nobody reads any more is not left behind.
        bool isSame = IsOurs(_account) && string.Equals(_existing?.Vault, _account.Vault, StringComparison.OrdinalIgnoreCase);
        if (_existing is not null && !isSame) Forget(vaults, _existing);

        _cmdlet.Tell($"Saved as account '{_account.Name}'; {WhereSecretIs()}");
        if (_account.SecretStore == SecretStore.File)
        {
            _cmdlet.Warn(
                $"The client secret of account '{_account.Name}' is in '{_accounts.SecretPathOf(_account.Name)}'. Only you can read that file (mode 600), "
                + $"but it is NOT encrypted. -Vault keeps the secret in a vault of SecretManagement, -NoSecret keeps it nowhere.");
        }
    }

    private T? Existing(string name, bool force)
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

    private void Forget(SecretVault vaults, T account)
    {
        if (!IsOurs(account)) return;
        try
        {
            vaults.Remove(account);
        }
        catch (SegmentPushException error)
        {
            _cmdlet.Warn($"{vaults.Describe(account)} stays in the vault '{account.Vault}'. {error.Text}");
        }
    }

    // A secret that the user keeps in a vault is neither written nor removed.
    private static bool IsOurs(T account) => account is { Vault: not null, SecretName: null };

    private MessageText WhereSecretIs() => _account.SecretStore switch
    {
        SecretStore.Vault => (MessageText)$"its client secret is '{new SecretVault(_cmdlet, _place).NameFor(_account)}' in the vault '{_account.Vault}'.",
        SecretStore.Environment => $"its client secret is saved nowhere and read from {_place.Variable}.",
        _ => $"its client secret is in '{_accounts.SecretPathOf(_account.Name)}'.",
    };
}

/// <summary>What the user says about the saving of an account.</summary>
/// <param name="Vault">The vault for the secret; null for the default one, or else a file.</param>
/// <param name="SecretName">Name of a secret that the vault holds already; null where the secret is put there.</param>
/// <param name="IsWithoutSecret">Whether the secret is saved nowhere.</param>
/// <param name="IsForced">Whether an account that leads elsewhere, or is damaged, may be replaced.</param>
internal sealed record SavingChoice(string? Vault, string? SecretName, bool IsWithoutSecret, bool IsForced)
{
    /// <summary>Checks the choice.</summary>
    /// <param name="saveAs">Name of the account; null where none is saved.</param>
    /// <exception cref="SegmentPushException"><c>SaveAsMissing</c>, <c>SecretStoreAmbiguous</c>.</exception>
    public void Check(string? saveAs)
    {
        if (saveAs is null && ((Vault is not null && SecretName is null) || IsWithoutSecret || IsForced))
        {
            throw new SegmentPushException(
                "SaveAsMissing", "-Vault, -NoSecret and -Force say how an account is saved, but none is.", "Give its name with -SaveAs.");
        }

        if (Vault is not null && IsWithoutSecret)
        {
            throw new SegmentPushException(
                "SecretStoreAmbiguous", "-Vault keeps the client secret in a vault and -NoSecret keeps it nowhere.", "Give one of them.");
        }
    }
}
