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
            nearest.Count > 0 ? $"Is it {string.Join(" or ", nearest.Select(name => $"'{name}'"))}?" : "Get-SecretVault lists the vaults; Register-SecretVault adds one.",
            vault);
    }

    /// <summary>Puts the client secret of an account into a vault, over the one that is there.</summary>
    public void Write(string vault, string account, SecureString secret) => Invoke(
        "Set-Secret",
        vault,
        new() { ["Name"] = place.NameFor(account), ["SecureStringSecret"] = secret, ["Vault"] = vault, ["Confirm"] = false, ["WhatIf"] = false });

    /// <summary>Reads the client secret of an account out of a vault.</summary>
    /// <exception cref="SegmentPushException">As <see cref="Registered"/>; or it is not there (<c>SecretMissing</c>).</exception>
    public SecureString Read(string vault, string account)
    {
        var found = Invoke("Get-Secret", Registered(vault), new() { ["Name"] = place.NameFor(account), ["Vault"] = vault });
        // A copy, which the caller may dispose: the vault may keep its own.
        return (found.FirstOrDefault()?.BaseObject as SecureString)?.Copy() ?? throw new SegmentPushException(
            "SecretMissing",
            $"The vault '{vault}' has no secret text '{place.NameFor(account)}', which account '{account}' needs.",
            $"Put it there with Set-Secret, or save the account again with {place.Connect} -SaveAs.",
            account);
    }

    /// <summary>Removes the client secret of an account from a vault.</summary>
    public void Remove(string vault, string account) => Invoke(
        "Remove-Secret", Registered(vault), new() { ["Name"] = place.NameFor(account), ["Vault"] = vault, ["Confirm"] = false, ["WhatIf"] = false });

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
                $"{command} failed{(vault is null ? string.Empty : $" for the vault '{vault}'")}: {Cause(e)}",
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
