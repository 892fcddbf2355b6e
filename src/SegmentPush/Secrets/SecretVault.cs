using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Security;
using SegmentPush.Accounts;
using SegmentPush.Mappings;

namespace SegmentPush.Secrets;

/// <summary>The vaults of SecretManagement, a module that users may or may not have.</summary>
/// <param name="cmdlet">The cmdlet in whose session the vaults are asked.</param>
/// <param name="place">How secrets of the accounts' kind are named.</param>
internal sealed class SecretVault(PSCmdlet cmdlet, SecretPlace place)
{
    private const string Module = "Microsoft.PowerShell.SecretManagement";

    /// <summary>The user's default vault; null where there is none, or no SecretManagement.</summary>
    public string? Default()
    {
        if (Find("Get-SecretVault") is null) return null;
        var vault = Invoke("Get-SecretVault", null, []).FirstOrDefault(item => LanguagePrimitives.IsTrue(item.Properties["IsDefault"]?.Value));
        return vault is null ? null : NameOf(vault);
    }

    /// <summary>The name of a vault as it is registered.</summary>
    /// <exception cref="SegmentPushException">
    /// There is none of this name (<c>VaultNotFound</c>), or no SecretManagement (<c>SecretManagementMissing</c>).
    /// </exception>
    public string Registered(string vault)
    {
        string[] names = [.. Invoke("Get-SecretVault", vault, []).Select(NameOf)];
        if (names.FirstOrDefault(name => string.Equals(name, vault, StringComparison.OrdinalIgnoreCase)) is { } found) return found;
        var nearest = NearestNames.Of(vault, names);
        throw new SegmentPushException(
            "VaultNotFound",
            $"SecretManagement has no vault '{vault}'.",
            nearest.Count > 0 ? (MessageText)$"Is it {MessageText.AnyOf(nearest.Select(name => $"'{name}'"))}?" : "Get-SecretVault lists the vaults; Register-SecretVault adds one.",
            vault);
    }

    /// <summary>Puts the client secret of an account into a vault, over the one that is there.</summary>
    public void Write(ISavedAccount account, SecureString secret) => Invoke(
        "Set-Secret",
        account.Vault,
        new() { ["Name"] = NameFor(account), ["SecureStringSecret"] = secret, ["Vault"] = account.Vault!, ["Confirm"] = false, ["WhatIf"] = false });

    /// <summary>Reads the client secret of an account out of its vault.</summary>
    /// <exception cref="SegmentPushException">As <see cref="Registered"/>; or it is not there (<c>SecretMissing</c>).</exception>
    public SecureString Read(ISavedAccount account) => Read(Registered(account.Vault!), NameFor(account), account.Name).Secret;

    /// <summary>Reads a secret that the user keeps in a vault.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="name">Name of the secret.</param>
    /// <param name="account">The account that needs it; null where none does yet.</param>
    /// <returns>The secret, which the caller may dispose, and the name that is kept with it; null where it is a secret text alone.</returns>
    /// <exception cref="SegmentPushException">As <see cref="Registered"/>; or it is not there, or of another kind (<c>SecretMissing</c>).</exception>
    public (SecureString Secret, string? UserName) Read(string vault, string name, string? account = null)
    {
        // A copy: the vault may keep its own.
        return Invoke("Get-Secret", vault, new() { ["Name"] = name, ["Vault"] = vault }).FirstOrDefault()?.BaseObject switch
        {
            SecureString secret => (secret.Copy(), null),
            PSCredential credential => (credential.Password.Copy(), credential.UserName),
            _ => throw new SegmentPushException(
                "SecretMissing",
                account is null ? (MessageText)$"The vault '{vault}' has no secret text '{name}'." : $"The vault '{vault}' has no secret text '{name}', which account '{account}' needs.",
                account is null ? (MessageText)"Get-SecretInfo lists the names." : $"Put it there with Set-Secret, or save the account again with {place.Connect} -SaveAs.",
                account ?? name),
        };
    }

    /// <summary>Removes the client secret of an account from its vault.</summary>
    public void Remove(ISavedAccount account)
    {
        string vault = Registered(account.Vault!);
        Invoke("Remove-Secret", vault, new() { ["Name"] = NameFor(account), ["Vault"] = vault, ["Confirm"] = false, ["WhatIf"] = false });
    }

    /// <summary>The name of the client secret of an account in its vault.</summary>
    public string NameFor(ISavedAccount account)
    {
        if (account.SecretName is { } own) return own;
        var vault = Find("Get-SecretVault") is null ? null
            : Invoke("Get-SecretVault", account.Vault, []).FirstOrDefault(item => string.Equals(NameOf(item), account.Vault, StringComparison.OrdinalIgnoreCase));
        return VaultNames.For(place.VaultFolder, account.Name, vault?.Properties["ModuleName"]?.Value?.ToString());
    }

    /// <summary>How messages name the client secret of an account, also where its vault does not answer.</summary>
    public MessageText Describe(ISavedAccount account)
    {
        try
        {
            return $"The secret '{NameFor(account)}'";
        }
        catch (SegmentPushException)
        {
            return $"The secret of account '{account.Name}'";
        }
    }

    private static string NameOf(PSObject vault) => vault.Properties["Name"]?.Value?.ToString() ?? string.Empty;

    // By its module, so that no other command of that name gets a secret.
    private static string FullName(string command) => $@"{Module}\{command}";

    // The engine imports the module if need be.
    private CommandInfo? Find(string command)
    {
        try
        {
            return cmdlet.InvokeCommand.GetCommand(FullName(command), CommandTypes.Cmdlet | CommandTypes.Function);
        }
        catch (CommandNotFoundException)
        {
            return null;
        }
    }

    private Collection<PSObject> Invoke(string command, string? vault, Dictionary<string, object> parameters)
    {
        if (Find(command) is null)
        {
            throw new SegmentPushException(
                "SecretManagementMissing",
                $"The module {Module}, which knows the vault '{vault}', is not on this machine.",
                $"Run: Install-PSResource {Module}. Without a vault the secret goes into a file of your own, or with -NoSecret nowhere.",
                vault);
        }

        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand(FullName(command), useLocalScope: true).AddParameters(parameters).AddParameter("ErrorAction", ActionPreference.Stop);
        try
        {
            return shell.Invoke();
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            if (e.ErrorRecord.FullyQualifiedErrorId.StartsWith("GetSecretNotFound", StringComparison.Ordinal)) return [];
            throw new SegmentPushException(
                "VaultFailed",
                vault is null ? (MessageText)$"{command} failed: {Cause(e)}" : $"{command} failed for the vault '{vault}': {Cause(e)}",
                "Try the vault with Test-SecretVault. One that asks for a password must be unlocked first where nobody can answer.",
                vault,
                e);
        }
    }

    // What the vault said, and below it why; ErrorAction Stop puts a sentence of its own before both.
    private static string Cause(RuntimeException error)
    {
        var said = error.ErrorRecord.Exception;
        string why = said.GetBaseException().Message;
        return SafeText.Of(why == said.Message ? why : $"{said.Message.TrimEnd('.')}: {why}");
    }
}
