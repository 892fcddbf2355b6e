#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force

    # A proxy on the loopback that asks for a name and password, and answers the call for a token itself. Emits its address and what it was asked.
    function Start-Proxy([switch] $Open) {
        $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $listener.Start()
        $seen = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $job = Start-ThreadJob -ArgumentList $listener, $seen, $Open {
            param($listener, $seen, $open)
            $token = '{"access_token":"a","token_type":"bearer","expires_in":3600,"scope":"api@example.com"}'
            while ($true) {
                try { $client = $listener.AcceptTcpClient() } catch { return }
                $stream = $client.GetStream()
                $reader = [System.IO.StreamReader]::new($stream)
                # One call for each connection: the next one would wait until a connection that is kept open has been idle for a minute.
                if ($line = $reader.ReadLine()) {
                    $seen.Enqueue($line)
                    $isSignedIn = $open
                    $length = 0
                    while ($header = $reader.ReadLine()) {
                        if ($header -like 'Proxy-Authorization: Basic *') { $isSignedIn = $true; $seen.Enqueue($header) }
                        if ($header -match '^Content-Length: (\d+)') { $length = [int]$Matches[1] }
                    }
                    for ($i = 0; $i -lt $length; $i++) { $null = $reader.Read() }
                    $answer = $isSignedIn ? "HTTP/1.1 200 OK`r`nConnection: close`r`nContent-Type: application/json`r`nContent-Length: $($token.Length)`r`n`r`n$token" `
                        : "HTTP/1.1 407 Asks`r`nConnection: close`r`nProxy-Authenticate: Basic realm=`"x`"`r`nContent-Length: 0`r`n`r`n"
                    $bytes = [System.Text.Encoding]::ASCII.GetBytes($answer)
                    $stream.Write($bytes, 0, $bytes.Length)
                }
                $client.Dispose()
            }
        }
        [pscustomobject]@{ Address = "http://127.0.0.1:$($listener.LocalEndpoint.Port)"; Seen = $seen; Listener = $listener; Job = $job }
    }

    # Nobody listens there, so an answer can only be the proxy's.
    $nowhere = @{ Endpoint = 'http://127.0.0.1:9/rest'; Credential = Get-SandboxCredential; RetryLimit = 0 }
}

Describe 'Accounts that others could have changed' -Skip:$IsWindows {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
    }

    AfterEach { Exit-TestFolder }

    It 'They are refused before the secret is used: <what> with mode <mode>' -ForEach @(
        foreach ($mode in '777', '770', '702', '720') { @{ what = 'folder'; mode = $mode } }
        foreach ($mode in '666', '660', '602', '644') { @{ what = 'file'; mode = $mode } }
    ) {
        $path = $what -eq 'folder' ? (Get-Item home/accounts) : (Get-ChildItem home/accounts -Filter *.json)
        # An account without its secret shows that the secret was not read.
        Remove-Item home/accounts/*.secret
        chmod $mode $path.FullName

        Assert-Failure { Connect-MarketoLaunchpoint -Account Trial } AccountExposed SecurityError -Saying chmod, $path.FullName
        (Get-MarketoAccount Trial).Name | Should -Be Trial

        chmod ($what -eq 'folder' ? '700' : '600') $path.FullName
        Assert-Failure { Connect-MarketoLaunchpoint -Account Trial } SecretMissing
    }

    It 'A secret in the environment or a vault is not used for them either' {
        $env:SEGMENTPUSH_CLIENT_SECRET = 'sandbox-secret'
        Connect-MarketoLaunchpoint -Sandbox -ClientId sandbox-client -NoSecret -SaveAs Environment
        chmod 666 (Get-ChildItem home/accounts -Filter environment*.json).FullName

        Assert-Failure { Connect-MarketoLaunchpoint -Account Environment } AccountExposed SecurityError
    }

    It 'No secret is saved into a folder that is open to others' {
        chmod 777 home/accounts
        Assert-Failure { Connect-MarketoLaunchpoint @sandbox -SaveAs Second } AccountExposed SecurityError -Saying chmod
        Get-ChildItem home/accounts -Filter second* | Should -BeNullOrEmpty
    }
}

Describe 'What is pasted with a secret' {
    BeforeEach { $null = Enter-TestFolder $TestDrive }

    AfterEach { Exit-TestFolder }

    It '<what> is named in the error, and nothing is sent' -ForEach @(
        @{ what = 'A line end'; secret = "sandbox-secret`n"; said = 'ends with a line end' }
        @{ what = 'A line end of Windows'; secret = "sandbox-secret`r`n"; said = 'ends with a line end' }
        @{ what = 'A blank behind'; secret = 'sandbox-secret '; said = 'ends with a blank' }
        @{ what = 'A blank before'; secret = ' sandbox-secret'; said = 'begins with a blank' }
        @{ what = 'A mark that can''t be seen'; secret = "sandbox-secret`u{200B}"; said = 'can''t be seen' }
    ) {
        $failure = Assert-Failure { Connect-MarketoLaunchpoint -Sandbox -Credential (Get-SandboxCredential $secret) } InvalidCredentials AuthenticationError -Saying 'client secret', $said
        "$failure" | Should -Not -BeLike '*sandbox-secret*'
        $env:SEGMENTPUSH_CLIENT_SECRET = $secret
        Assert-Failure { Connect-MarketoLaunchpoint -Sandbox -ClientId sandbox-client -NoSecret -SaveAs A } InvalidCredentials AuthenticationError -Saying $said

        $place = @{ OrganizationId = '0123456789ABCDEF01234567@AdobeOrg'; Endpoint = 'http://127.0.0.1:1'; SignInEndpoint = 'http://127.0.0.1:1' }
        $failure = Assert-Failure { Connect-ExperiencePlatform @place -Credential (Get-SandboxCredential $secret) } PlatformCredentialsRefused AuthenticationError -Saying 'client secret', $said, Console
        "$failure" | Should -Not -BeLike '*sandbox-secret*'
    }

    It 'A blank behind the client id is named too' {
        Assert-Failure { Connect-MarketoLaunchpoint -Sandbox -ClientId 'sandbox-client ' -ClientSecret (Get-SandboxCredential).Password } InvalidCredentials -Saying 'client id'
    }
}

Describe 'Secrets that a vault holds already' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Install-Vault
        Import-Module Microsoft.PowerShell.SecretManagement
        Set-Secret -Name marketo-prod -SecureStringSecret (Get-SandboxCredential).Password -Vault Spare
        Set-CredentialSecret marketo-login (Get-SandboxCredential) Team
    }

    AfterEach { Exit-TestFolder }

    It 'They are read by their name, for a connection and for an account, and stay as they are' {
        (Connect-MarketoLaunchpoint -Sandbox -ClientId sandbox-client -Vault Spare -SecretName marketo-prod -PassThru).MunchkinId | Should -Be '000-SBX-000'

        Connect-MarketoLaunchpoint -Sandbox -ClientId sandbox-client -Vault Spare -SecretName marketo-prod -SaveAs Production
        $account = Get-MarketoAccount Production
        "$($account.SecretStore) $($account.Vault) $($account.SecretName)" | Should -Be 'Vault Spare marketo-prod'
        Connect-MarketoLaunchpoint -Account Production
        Get-VaultSecret | Should -Not -BeLike '*SegmentPush*'

        Remove-MarketoAccount Production
        Get-VaultSecret | Should -Contain 'Spare marketo-prod=sandbox-secret'
    }

    It 'A credential brings the client id, and the default vault is taken' {
        (Connect-MarketoLaunchpoint -Sandbox -SecretName marketo-login -PassThru).MunchkinId | Should -Be '000-SBX-000'
    }

    It 'An account whose secret moves to the user''s own leaves no secret of ours behind' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Production
        Get-VaultSecret | Should -Contain 'Team SegmentPush/Production=sandbox-secret'
        $endpoint = (Get-MarketoAccount Production).Endpoint

        Connect-MarketoLaunchpoint -Endpoint $endpoint -ClientId sandbox-client -Vault Spare -SecretName marketo-prod -SaveAs Production -Force

        Get-VaultSecret | Should -Not -BeLike '*SegmentPush*'
        Connect-MarketoLaunchpoint -Account Production
    }

    It 'What can''t be is refused: <_>' -ForEach @(
        { Connect-MarketoLaunchpoint -Sandbox -SecretName marketo-login -Credential (Get-SandboxCredential) }
        { Connect-MarketoLaunchpoint -Sandbox -SecretName marketo-login -NoSecret -SaveAs A }
    ) {
        Assert-Failure $_ SecretStoreAmbiguous InvalidArgument
    }

    It 'A name that the vault does not have is told' {
        Assert-Failure { Connect-MarketoLaunchpoint -Sandbox -ClientId a -SecretName nothing } SecretMissing ObjectNotFound -Saying nothing
        Clear-DefaultVault
        Assert-Failure { Connect-MarketoLaunchpoint -Sandbox -ClientId a -SecretName nothing } VaultNotFound ObjectNotFound -Saying -Vault
        Assert-Failure { Connect-MarketoLaunchpoint -Sandbox -SecretName marketo-prod -Vault Spare } CredentialIncomplete
    }

    It 'The rules of Azure Key Vault for names are kept' {
        foreach ($name in 'Production', 'Trial EMEA', 'Trial.EMEA', 'Été') { Connect-MarketoLaunchpoint @sandbox -Vault Azure -SaveAs $name }

        $names = (Get-VaultSecret) -match '^Azure ' -replace '^Azure ' -replace '=.*'
        $names | Should -HaveCount 4
        $names -notmatch '^[0-9a-zA-Z-]{1,127}$' | Should -BeNullOrEmpty
        $names | Should -Contain 'SegmentPush-Production'
        Connect-MarketoLaunchpoint -Account 'trial emea'
        Get-MarketoAccount | Remove-MarketoAccount -Confirm:$false
        (Get-VaultSecret) -match '^Azure ' | Should -BeNullOrEmpty
    }
}

Describe 'Proxies' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        $proxy = Start-Proxy
        $credential = [pscredential]::new('somebody', (ConvertTo-SecureString 'proxy-password' -AsPlainText))
    }

    AfterEach {
        # A job that ends by itself while it is removed may be gone before its removal has ended.
        $proxy.Listener.Stop()
        $null = $proxy.Job | Wait-Job -Timeout 30
        $proxy.Job | Remove-Job -Force
        Exit-TestFolder
    }

    It 'A proxy is used with name and password' {
        $connection = Connect-MarketoLaunchpoint @nowhere -Proxy $proxy.Address -ProxyCredential $credential -PassThru

        $connection.ApiUser | Should -Be 'api@example.com'
        $proxy.Seen.ToArray() -like 'POST http://127.0.0.1:9/identity/*' | Should -Not -BeNullOrEmpty
        $proxy.Seen.ToArray() | Should -Contain "Proxy-Authorization: Basic $([Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes('somebody:proxy-password')))"
    }

    It 'A proxy that asks who it is, and is not told, is named' {
        Assert-Failure { Connect-MarketoLaunchpoint @nowhere -Proxy $proxy.Address } ProxyAuthenticationRequired AuthenticationError -Saying -ProxyCredential
        Assert-Failure { Connect-MarketoLaunchpoint @nowhere -Proxy http://127.0.0.1:9 } ConnectionFailed ConnectionError
    }

    It 'An account remembers its proxy, and not the password for it' {
        Connect-MarketoLaunchpoint @nowhere -Proxy $proxy.Address -ProxyCredential $credential -SaveAs Proxied -WarningVariable warnings

        "$warnings" | Should -BeLike '*not saved*'
        (Get-MarketoAccount Proxied).Proxy | Should -Be "$($proxy.Address)/"
        Get-ChildItem home -Recurse -File | Select-String proxy-password, somebody | Should -BeNullOrEmpty
        Assert-Failure { Connect-MarketoLaunchpoint -Account Proxied -RetryLimit 0 } ProxyAuthenticationRequired
        Connect-MarketoLaunchpoint -Account Proxied -ProxyCredential $credential -RetryLimit 0
    }

    It 'What is no proxy is refused' {
        Assert-Failure { Connect-MarketoLaunchpoint @nowhere -Proxy ftp://proxy.example.com } InvalidProxy InvalidArgument -Saying ftp
        Assert-Failure { Connect-MarketoLaunchpoint @nowhere -Proxy http://user:word@proxy.example.com } InvalidProxy InvalidArgument -Saying -ProxyCredential
        Assert-Failure { Connect-MarketoLaunchpoint @nowhere -Proxy $proxy.Address -ProxyCredential $credential -ProxyUseDefaultCredentials } ProxyCredentialAmbiguous
    }
}
