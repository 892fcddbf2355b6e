using System.Management.Automation;
using SegmentPush.Accounts;

namespace SegmentPush.Secrets;

/// <summary>A client secret that a vault of the user holds already.</summary>
internal static class KeptSecret
{
    /// <summary>Checks that no other client secret is given.</summary>
    /// <param name="secretName">Name of the secret in the vault; null for none.</param>
    /// <param name="isOtherGiven">Whether another one is given, or none is to be kept.</param>
    /// <exception cref="SegmentPushException"><c>SecretStoreAmbiguous</c>.</exception>
    public static void CheckAlone(string? secretName, bool isOtherGiven)
    {
        if (secretName is null || !isOtherGiven) return;
        throw new SegmentPushException(
            "SecretStoreAmbiguous",
            "-SecretName names a client secret that a vault holds already, and another one is given, or none is to be kept.",
            "Give -ClientId and -SecretName, without -Credential, -ClientSecret and -NoSecret.");
    }

    /// <summary>The vault that holds the secret.</summary>
    /// <param name="cmdlet">The cmdlet in whose session the vaults are.</param>
    /// <param name="place">Where secrets of the accounts are kept.</param>
    /// <param name="vault">Name of the vault; null for the default one.</param>
    /// <param name="secretName">Name of the secret.</param>
    /// <exception cref="SegmentPushException">There is no such vault (<c>VaultNotFound</c>).</exception>
    public static string VaultOf(PSCmdlet cmdlet, SecretPlace place, string? vault, string secretName)
    {
        var vaults = new SecretVault(cmdlet, place);
        return (vault is null ? vaults.Default() : vaults.Registered(vault)) ?? throw new SegmentPushException(
            "VaultNotFound", "There is no default vault that could hold the client secret.", "Name the vault with -Vault; Get-SecretVault lists the vaults.", secretName);
    }
}
