#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force

    function Get-AccountFile([string] $Filter) { Get-ChildItem home/accounts -Filter $Filter -ErrorAction Ignore }
}

Describe 'Saved accounts' {
    BeforeEach { $null = Enter-TestFolder $TestDrive }

    AfterEach { Exit-TestFolder }

    It 'A saved account connects in another session that knows nothing but its name' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Production

        $other = Invoke-Session 'Connect-MarketoLaunchpoint -Account production -PassThru; Get-MarketoStaticList -Id 1021'

        $other.Errors | Should -BeNullOrEmpty
        $other.Output.MunchkinId | Should -Be '000-SBX-000'
        $other.Output.Name | Should -Be 'Webinar EMEA'
    }

    It 'An account shows where it leads and where its secret is' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Production -RetryLimit 3

        $account = Get-MarketoAccount

        $account.Name | Should -BeExactly Production
        $account.MunchkinId | Should -Be '000-SBX-000'
        $account.ClientId | Should -Be 'sandbox-client'
        $account.RetryLimit | Should -Be 3
        $account.SecretStore | Should -Be ($IsWindows ? 'Protected' : 'File')
        $account.Saved | Should -BeGreaterThan ([DateTimeOffset]::UtcNow.AddMinutes(-5))
    }

    It 'A secret in a file that is not encrypted is told plainly' -Skip:$IsWindows {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Production -WarningVariable warnings

        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '*NOT encrypted*'
        "$warnings".Contains((Get-AccountFile *.secret).FullName) | Should -BeTrue
    }

    It 'Only the owner can read the file of a secret' -Skip:$IsWindows {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Production

        (Get-AccountFile *.secret).UnixMode | Should -Be '-rw-------'
        (Get-Item home/accounts).UnixMode | Should -Be 'drwx------'
    }

    It 'No secret is in a stream, in an account or in a file of the journal, also when something goes wrong' {
        Install-Vault

        $said = & {
            $VerbosePreference = $DebugPreference = $InformationPreference = $WarningPreference = $ErrorActionPreference = 'Continue'
            Connect-MarketoLaunchpoint -Sandbox -SaveAs Production -PassThru
            Connect-MarketoLaunchpoint -Account Production -PassThru
            Get-MarketoAccount | Format-List * -Force
            Get-MarketoAccount | ConvertTo-Json
            Lock-Vault
            try { Connect-MarketoLaunchpoint -Account Production } catch { $_ | Format-List * -Force; $_.Exception.ToString() }
            try { Connect-MarketoLaunchpoint -Sandbox -SaveAs Other } catch { $_ | Format-List * -Force; $_.Exception.ToString() }
            Remove-MarketoAccount Production
            $Error[0].FullyQualifiedErrorId
            $Error | ForEach-Object { "$_"; ($_.Exception ?? $_).ToString() }
        } *>&1 | Out-String -Width 4096

        $said | Should -BeLike '*SecretNotRemoved*'
        $said | Should -BeLike '*sandbox-client*'
        $said | Should -BeLike '*The vault is locked*'
        $said | Should -Not -BeLike '*sandbox-secret*'
        $files = Get-ChildItem home -Recurse -File
        $files | Should -Not -BeNullOrEmpty
        $files | Select-String -SimpleMatch sandbox-secret | Should -BeNullOrEmpty
    }

    It 'The account of a sandbox that has ended says so, and how a new one starts' {
        Connect-MarketoLaunchpoint -Sandbox -SaveAs 'My trial'
        Connect-ExperiencePlatform -Rehearsal -SaveAs 'My trial'
        Disconnect-MarketoLaunchpoint
        Disconnect-ExperiencePlatform

        $marketo = Assert-Failure { Connect-MarketoLaunchpoint -Account 'My trial' } SandboxEnded ResourceUnavailable -Saying 'My trial'
        $platform = Assert-Failure { Connect-ExperiencePlatform -Account 'My trial' } SandboxEnded ResourceUnavailable -Saying 'My trial'

        $marketo.ErrorDetails.RecommendedAction | Should -BeLike "*Connect-MarketoLaunchpoint -Sandbox -SaveAs 'My trial' -Force*"
        $platform.ErrorDetails.RecommendedAction | Should -BeLike "*Connect-ExperiencePlatform -Rehearsal -SaveAs 'My trial' -Force*"
    }

    It 'Wrong credentials save nothing' {
        Install-Vault

        Assert-Failure { Connect-MarketoLaunchpoint @sandbox -Credential (Get-SandboxCredential hunter2) -SaveAs Production } InvalidCredentials

        Get-MarketoAccount | Should -BeNullOrEmpty
        Get-VaultSecret | Should -BeNullOrEmpty
    }

    It 'An account that cannot be saved leaves no connection behind' {
        $null = New-Item home/accounts -Value 'A file is in the way.' -Force

        Assert-Failure { Connect-MarketoLaunchpoint @sandbox -SaveAs Production } AccountNotWritable WriteError
        Assert-Failure { Get-MarketoStaticList } NotConnected
    }

    It 'The same connection is saved again without asking, and another one only with -Force' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Production
        Connect-MarketoLaunchpoint @sandbox -SaveAs PRODUCTION -RetryLimit 9
        (Get-MarketoAccount production).RetryLimit | Should -Be 9
        $elsewhere = @{ Endpoint = (Connect-MarketoLaunchpoint @sandbox -PassThru).Endpoint; Credential = Get-SandboxCredential; SaveAs = 'production' }

        Assert-Failure { Connect-MarketoLaunchpoint @elsewhere } AccountExists ResourceExists -Saying '000-SBX-000'
        (Get-MarketoAccount).MunchkinId | Should -Be '000-SBX-000'

        Connect-MarketoLaunchpoint @elsewhere -Force
        (Get-MarketoAccount).MunchkinId | Should -BeNullOrEmpty
    }

    It 'An account that was saved without its secret has it from the environment' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Agent -NoSecret
        Get-AccountFile *.secret | Should -BeNullOrEmpty

        Assert-Failure { Connect-MarketoLaunchpoint -Account Agent } SecretMissing -Saying SEGMENTPUSH_CLIENT_SECRET

        $env:SEGMENTPUSH_CLIENT_SECRET = 'sandbox-secret'
        Connect-MarketoLaunchpoint -Account Agent
        Get-MarketoStaticList | Should -Not -BeNullOrEmpty
    }

    It 'An account may be saved without a secret while the environment has it' {
        $env:SEGMENTPUSH_CLIENT_SECRET = 'sandbox-secret'
        Connect-MarketoLaunchpoint @sandbox -ClientId sandbox-client -SaveAs Agent -NoSecret

        $env:SEGMENTPUSH_CLIENT_SECRET = 'wrong'
        Assert-Failure { Connect-MarketoLaunchpoint -Account Agent } InvalidCredentials
    }

    It 'The limits of an account hold unless others are given' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Careful -DailyCallQuota 1000 -DailyCallReserve 99
        $push = { foreach ($i in 1..4) { New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' } } }

        Assert-Failure { Connect-MarketoLaunchpoint -Account Careful; & $push } DailyReserveReached

        Connect-MarketoLaunchpoint -Account Careful -DailyCallReserve 10
        (& $push).State | Should -Be (@('Completed') * 4)
    }

    It 'Names are found with wildcards, and a name that looks like one is found as it is' {
        foreach ($name in 'Prod [EMEA]', 'Prod US', 'Trial') { Connect-MarketoLaunchpoint @sandbox -SaveAs $name }

        (Get-MarketoAccount prod*).Name | Should -Be 'Prod US', 'Prod [EMEA]'
        (Get-MarketoAccount 'Prod [EMEA]').Name | Should -Be 'Prod [EMEA]'
        (Get-MarketoAccount).Name | Should -Be 'Prod US', 'Prod [EMEA]', 'Trial'
        Get-MarketoAccount no* | Should -BeNullOrEmpty
    }

    It 'An unknown name is an error that does not keep others from their turn' {
        foreach ($name in 'Production', 'Trial') { Connect-MarketoLaunchpoint @sandbox -SaveAs $name }

        (Get-MarketoAccount Prodution, Trial -ErrorAction SilentlyContinue).Name | Should -Be Trial
        Assert-Failure { Get-MarketoAccount Prodution } AccountNotFound -Saying "'Production'"

        Remove-MarketoAccount Prodution, Trial -ErrorAction SilentlyContinue -ErrorVariable wrong
        $wrong.FullyQualifiedErrorId | Should -BeLike 'AccountNotFound,*'
        (Get-MarketoAccount).Name | Should -Be Production
        Assert-Failure { Connect-MarketoLaunchpoint -Account Trial } AccountNotFound
    }

    It 'A damaged account hides no other, and can be saved anew or removed' {
        foreach ($name in 'Production', 'Trial') { Connect-MarketoLaunchpoint @sandbox -SaveAs $name }
        $file = Get-AccountFile production-*.json
        Set-Content $file '{'

        (Get-MarketoAccount -ErrorAction SilentlyContinue).Name | Should -Be Trial
        Assert-Failure { Get-MarketoAccount } AccountDamaged InvalidData
        Assert-Failure { Connect-MarketoLaunchpoint @sandbox -SaveAs Production } AccountDamaged

        Connect-MarketoLaunchpoint @sandbox -SaveAs Production -Force
        Connect-MarketoLaunchpoint -Account Production
        Set-Content $file '{'
        Assert-Failure { Remove-MarketoAccount Production } AccountDamaged
        Remove-MarketoAccount Production -Force
        (Get-MarketoAccount).Name | Should -Be Trial
    }

    It 'An account that was edited is held to the rules of a new connection: <to>' -ForEach @(
        @{ from = 'http://127.0.0.1:'; to = 'http://marketo.example:'; id = 'EndpointNotSecure' }
        @{ from = 'http://127.0.0.1:'; to = 'ftp://127.0.0.1:'; id = 'InvalidEndpoint' }
    ) {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Production
        $file = Get-AccountFile *.json
        $text = Get-Content $file -Raw
        $text.Contains($from) | Should -BeTrue
        Set-Content $file $text.Replace($from, $to)

        Assert-Failure { Connect-MarketoLaunchpoint -Account Production } $id -Saying "'Production'"
    }

    It 'An account with an edited limit is held to the rules of a new connection' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Production
        $file = Get-AccountFile *.json
        $account = Get-Content $file -Raw | ConvertFrom-Json
        $account.RetryLimit | Should -Be 6
        $account.RetryLimit = 99
        $account | ConvertTo-Json | Set-Content $file

        { Connect-MarketoLaunchpoint -Account Production } |
            Should -Throw "*'Production'*" -ErrorId 'InvalidConnectionOption,SegmentPush.Commands.ConnectMarketoLaunchpointCommand'
    }

    It 'What cannot work has an error of its own that says what to do: <script>' -ForEach @(
        @{ script = { Connect-MarketoLaunchpoint -Sandbox -NoSecret }; id = 'SaveAsMissing' }
        @{ script = { Connect-MarketoLaunchpoint -Sandbox -Vault Team }; id = 'SaveAsMissing' }
        @{ script = { Connect-MarketoLaunchpoint -Sandbox -SaveAs x -Vault Team -NoSecret }; id = 'SecretStoreAmbiguous' }
        @{ script = { Connect-MarketoLaunchpoint -Sandbox -SaveAs ' ' }; id = 'AccountNameInvalid' }
        @{ script = { Connect-MarketoLaunchpoint -Account ' ' }; id = 'AccountNameInvalid' }
        @{ script = { Connect-MarketoLaunchpoint -Sandbox -ClientId only -SaveAs x -NoSecret }; id = 'SecretMissing' }
    ) {
        Assert-Failure $script $id
    }

    It 'Names are completed after <_>' -ForEach 'Connect-MarketoLaunchpoint -Account', 'Get-MarketoAccount', 'Remove-MarketoAccount' {
        foreach ($name in 'Production EMEA', 'Trial') { Connect-MarketoLaunchpoint @sandbox -SaveAs $name }

        (Get-Completion "$_ pr").CompletionText | Should -Be "'Production EMEA'"
    }
}
