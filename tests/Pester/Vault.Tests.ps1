#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force

    function Get-SecretFile { Get-ChildItem home/accounts -Filter *.secret -ErrorAction Ignore }
}

Describe 'Secrets in a vault of SecretManagement' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Install-Vault
    }

    AfterEach { Exit-TestFolder }

    It 'The default vault keeps the secret, and nobody is warned' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Production -WarningVariable warnings

        $warnings | Should -BeNullOrEmpty
        Get-VaultSecret | Should -Be 'Team SegmentPush/Production=sandbox-secret'
        Get-SecretFile | Should -BeNullOrEmpty
        (Get-MarketoAccount).Vault | Should -Be Team
        Connect-MarketoLaunchpoint -Account Production
        Get-MarketoStaticList | Should -Not -BeNullOrEmpty
    }

    It 'SecretManagement without a default vault is not asked to keep anything' {
        Clear-DefaultVault

        Connect-MarketoLaunchpoint @sandbox -SaveAs Production

        Get-VaultSecret | Should -BeNullOrEmpty
        Get-SecretFile | Should -HaveCount 1
    }

    It 'A vault may be named, and an account remembers it' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs 'A b/[c]' -Vault spare
        Connect-MarketoLaunchpoint -Account 'a B/[C]'

        Get-VaultSecret | Should -Be 'Spare SegmentPush/A b/[c]=sandbox-secret'
    }

    It 'A secret that moves is not left where it was' {
        Clear-DefaultVault
        Connect-MarketoLaunchpoint @sandbox -SaveAs Production
        Get-SecretFile | Should -HaveCount 1

        Connect-MarketoLaunchpoint @sandbox -SaveAs production -Vault Team
        Get-SecretFile | Should -BeNullOrEmpty
        Get-VaultSecret | Should -Be 'Team SegmentPush/Production=sandbox-secret'

        Connect-MarketoLaunchpoint @sandbox -SaveAs Production -Vault Spare
        Get-VaultSecret | Should -Be 'Spare SegmentPush/Production=sandbox-secret'

        Connect-MarketoLaunchpoint @sandbox -SaveAs Production -NoSecret
        Get-VaultSecret | Should -BeNullOrEmpty
    }

    It 'A vault that is not there is an error before Marketo is asked' {
        $nowhere = @{ MunchkinId = '284-RPR-133'; Credential = Get-SandboxCredential; SaveAs = 'Production' }

        Assert-Failure { Connect-MarketoLaunchpoint @nowhere -Vault Teem } VaultNotFound -Saying "'Team'"
    }

    It 'A vault that fails is an error with its own words, and saves nothing' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Production
        Lock-Vault

        Assert-Failure { Connect-MarketoLaunchpoint -Account Production } VaultFailed -Saying 'The vault is locked.'
        Assert-Failure { Connect-MarketoLaunchpoint @sandbox -SaveAs Other } VaultFailed -Saying 'The vault is locked.'
        (Get-MarketoAccount).Name | Should -Be Production
    }

    It 'A secret that is gone from its vault is an error that names it' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Production
        Remove-Secret -Name SegmentPush/Production -Vault Team

        Assert-Failure { Connect-MarketoLaunchpoint -Account Production } SecretMissing -Saying 'SegmentPush/Production'
    }

    It 'Removing an account removes its secret too, and -WhatIf removes nothing' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs InVault
        Clear-DefaultVault
        Connect-MarketoLaunchpoint @sandbox -SaveAs InFile

        Get-MarketoAccount | Remove-MarketoAccount -WhatIf
        Get-MarketoAccount | Should -HaveCount 2
        Get-VaultSecret | Should -HaveCount 1

        Get-MarketoAccount | Remove-MarketoAccount -Confirm:$false
        Get-ChildItem home/accounts | Should -BeNullOrEmpty
        Get-VaultSecret | Should -BeNullOrEmpty
    }

    It 'An account whose secret cannot be removed stays unless forced' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Production
        Lock-Vault

        Assert-Failure { Remove-MarketoAccount Production } SecretNotRemoved -Saying '-Force'
        Get-MarketoAccount | Should -HaveCount 1

        Remove-MarketoAccount Production -Force -WarningVariable warnings
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '*SegmentPush/Production*'
        Get-MarketoAccount | Should -BeNullOrEmpty
    }
}

Describe 'Without SecretManagement' {
    BeforeEach { $null = Enter-TestFolder $TestDrive }

    AfterEach {
        Remove-Item Function:Get-SecretVault, Function:Set-Secret -ErrorAction Ignore
        Exit-TestFolder
    }

    It 'A vault is an error that says what to install' {
        Assert-Failure { Connect-MarketoLaunchpoint @sandbox -SaveAs Production -Vault Team } SecretManagementMissing NotInstalled -Saying Install-PSResource
    }

    It 'A command of another module with the name of a vault command gets no secret' {
        function global:Get-SecretVault { [pscustomobject]@{ Name = 'Trap'; IsDefault = $true } }
        function global:Set-Secret { $global:caught = $args }
        $global:caught = $null

        Connect-MarketoLaunchpoint @sandbox -SaveAs Production

        $global:caught | Should -BeNullOrEmpty
        Get-SecretFile | Should -HaveCount 1
    }
}
