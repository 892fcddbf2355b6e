# Stands for SecretManagement: the default vault Team and the vault Spare, which keep their secrets in memory.
# Names, parameters and errors are those of the real one. Show-Secret, Lock-Vault and Clear-DefaultVault are for the tests.
$script:secrets = @{}
$script:isLocked = $false
$script:hasDefault = $true

function Stop-ByVault([System.Management.Automation.PSCmdlet] $Cmdlet, [string] $Id, [string] $What) {
    $Cmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([InvalidOperationException]::new($What), $Id, 'InvalidOperation', $null))
}

function Get-SecretVault {
    [CmdletBinding()] param([string] $Name)
    [pscustomobject]@{ Name = 'Team'; IsDefault = $script:hasDefault }
    [pscustomobject]@{ Name = 'Spare'; IsDefault = $false }
}

function Set-Secret {
    [CmdletBinding(SupportsShouldProcess)] param([string] $Name, [securestring] $SecureStringSecret, [string] $Vault)
    if ($script:isLocked) { Stop-ByVault $PSCmdlet SetSecretInvalidOperation 'The vault is locked.'; return }
    $script:secrets["$Vault $Name"] = $SecureStringSecret.Copy()
}

function Get-Secret {
    [CmdletBinding()] param([string] $Name, [string] $Vault)
    if ($script:isLocked) { Stop-ByVault $PSCmdlet GetSecretException 'The vault is locked.'; return }
    if (-not $script:secrets.ContainsKey("$Vault $Name")) { Stop-ByVault $PSCmdlet GetSecretNotFound "The secret $Name was not found."; return }
    $script:secrets["$Vault $Name"]
}

function Remove-Secret {
    [CmdletBinding(SupportsShouldProcess)] param([string] $Name, [string] $Vault)
    if ($script:isLocked) { Stop-ByVault $PSCmdlet RemoveSecretInvalidOperation 'The vault is locked.'; return }
    $script:secrets.Remove("$Vault $Name")
}

function Show-Secret {
    foreach ($entry in $script:secrets.GetEnumerator()) { "$($entry.Key)=$(ConvertFrom-SecureString $entry.Value -AsPlainText)" }
}

function Lock-Vault { $script:isLocked = $true }

function Clear-DefaultVault { $script:hasDefault = $false }

Export-ModuleMember -Function *-Secret, *-SecretVault, *-Vault, *-DefaultVault
