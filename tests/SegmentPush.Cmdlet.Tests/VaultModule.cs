namespace SegmentPush.Cmdlet.Tests;

/// <summary>
/// Stands for SecretManagement where a session finds its modules: the default vault Team and the vault Spare, which keep their
/// secrets in memory. Names, parameters and errors are those of the real one.
/// </summary>
internal static class VaultModule
{
    private const string Name = "Microsoft.PowerShell.SecretManagement";

    /// <summary>Puts the module where the session finds it by itself.</summary>
    public static void Install(ModuleSession session)
    {
        string folder = Directory.CreateDirectory(Path.Combine(session.Folder, "modules", Name)).FullName;
        File.WriteAllText(Path.Combine(folder, Name + ".psm1"), Script);
    }

    /// <summary>What the vaults keep: "vault name=secret".</summary>
    public static IEnumerable<string> Secrets(ModuleSession session) =>
        session.Run($@"Import-Module {Name}; {Name}\Show-Secret").Select(text => text.ToString());

    private const string Script = """
        $script:secrets = @{}
        $script:isLocked = $false
        function Fail([System.Management.Automation.PSCmdlet] $Cmdlet, [string] $Id, [string] $What) {
            $Cmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([InvalidOperationException]::new($What), $Id, 'InvalidOperation', $null))
        }
        function Get-SecretVault {
            [CmdletBinding()] param([string] $Name)
            [pscustomobject]@{ Name = 'Team'; IsDefault = -not $script:hasNoDefault }, [pscustomobject]@{ Name = 'Spare'; IsDefault = $false }
        }
        function Set-Secret {
            [CmdletBinding(SupportsShouldProcess)] param([string] $Name, [securestring] $SecureStringSecret, [string] $Vault)
            if ($script:isLocked) { Fail $PSCmdlet SetSecretInvalidOperation 'The vault is locked.'; return }
            $script:secrets["$Vault $Name"] = $SecureStringSecret.Copy()
        }
        function Get-Secret {
            [CmdletBinding()] param([string] $Name, [string] $Vault)
            if ($script:isLocked) { Fail $PSCmdlet GetSecretException 'The vault is locked.'; return }
            if (-not $script:secrets.ContainsKey("$Vault $Name")) { Fail $PSCmdlet GetSecretNotFound "The secret $Name was not found."; return }
            $script:secrets["$Vault $Name"]
        }
        function Remove-Secret {
            [CmdletBinding(SupportsShouldProcess)] param([string] $Name, [string] $Vault)
            if ($script:isLocked) { Fail $PSCmdlet RemoveSecretInvalidOperation 'The vault is locked.'; return }
            $script:secrets.Remove("$Vault $Name")
        }
        function Show-Secret {
            foreach ($it in $script:secrets.GetEnumerator()) { "$($it.Key)=$([pscredential]::new('x', $it.Value).GetNetworkCredential().Password)" }
        }
        function Lock-Vault([bool] $Locked = $true) { $script:isLocked = $Locked }
        function Clear-DefaultVault { $script:hasNoDefault = $true }
        """;
}
