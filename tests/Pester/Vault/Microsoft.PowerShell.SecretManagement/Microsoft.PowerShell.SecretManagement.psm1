# Stands for SecretManagement: the default vault Team and the vaults Spare and Azure, which keep their secrets in memory. Azure has the rules of Azure Key Vault for names.
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
    [pscustomobject]@{ Name = 'Azure'; IsDefault = $false; ModuleName = 'Az.KeyVault' }
}

function Set-Secret {
    [CmdletBinding(SupportsShouldProcess)] param([string] $Name, [securestring] $SecureStringSecret, [string] $Vault)
    if ($script:isLocked) { Stop-ByVault $PSCmdlet SetSecretInvalidOperation 'The vault is locked.'; return }
    if ($Vault -eq 'Azure' -and $Name -notmatch '^[0-9a-zA-Z-]{1,127}$') { Stop-ByVault $PSCmdlet SetSecretInvalidName "The name $Name is not valid."; return }
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

# A credential, as Set-Secret -Secret would keep it.
function Set-CredentialSecret([string] $Name, [pscredential] $Credential, [string] $Vault) { $script:secrets["$Vault $Name"] = $Credential }

function Show-Secret {
    foreach ($entry in $script:secrets.GetEnumerator()) { "$($entry.Key)=$(ConvertFrom-SecureString ($entry.Value -is [pscredential] ? $entry.Value.Password : $entry.Value) -AsPlainText)" }
}

function Lock-Vault { $script:isLocked = $true }

function Clear-DefaultVault { $script:hasDefault = $false }

Export-ModuleMember -Function *-Secret, *-CredentialSecret, *-SecretVault, *-Vault, *-DefaultVault
