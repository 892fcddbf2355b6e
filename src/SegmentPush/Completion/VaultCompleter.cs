using System.Management.Automation;

namespace SegmentPush.Completion;

/// <summary>Offers the vaults of SecretManagement, where the machine has that module.</summary>
public sealed class VaultCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand(@"Microsoft.PowerShell.SecretManagement\Get-SecretVault").AddParameter("ErrorAction", ActionPreference.Ignore);
        return [.. shell.Invoke().Select(vault => new Candidate(
            vault.Properties["Name"]?.Value?.ToString() ?? "",
            LanguagePrimitives.IsTrue(vault.Properties["IsDefault"]?.Value) ? "The default vault" : $"Vault of {vault.Properties["ModuleName"]?.Value}"))];
    }
}
