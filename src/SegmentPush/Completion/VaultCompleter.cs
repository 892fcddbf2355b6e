using System.Management.Automation;

namespace SegmentPush.Completion;

/// <summary>Offers the vaults of SecretManagement, where the machine has that module.</summary>
public sealed class VaultCompleter : Completer
{
    private const string Command = @"Microsoft.PowerShell.SecretManagement\Get-SecretVault";

    private protected override IEnumerable<Candidate> Offer(CompletionLine line)
    {
        // A command that is not there would leave an error in the session, even if it is caught here.
        if (Run("Get-Command", ("Name", Command)).Length == 0) return [];
        return Run(Command).Select(vault => new Candidate(
            vault.Properties["Name"]?.Value?.ToString() ?? "",
            LanguagePrimitives.IsTrue(vault.Properties["IsDefault"]?.Value) ? MessageText.Say("The default vault") : MessageText.Say($"Vault of {vault.Properties["ModuleName"]?.Value}")));
    }

    private static PSObject[] Run(string command, params (string Name, object Value)[] parameters)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand(command).AddParameter("ErrorAction", ActionPreference.Ignore);
        foreach (var (name, value) in parameters) shell.AddParameter(name, value);
        return [.. shell.Invoke()];
    }
}
