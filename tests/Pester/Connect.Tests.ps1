#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
}

Describe 'Connections' {
    BeforeEach { $null = Enter-TestFolder $TestDrive }

    AfterEach { Exit-TestFolder }

    It 'A connection shows where it leads, and no secret' {
        $connection = Connect-MarketoLaunchpoint -Sandbox -PassThru

        $connection.MunchkinId | Should -Be '000-SBX-000'
        $connection.ApiUser | Should -Be 'sandbox@example.com'
        $connection.Expires | Should -BeGreaterThan ([DateTimeOffset]::UtcNow)
        $connection.Calls | Should -Be 0
        $connection.PSObject.Properties.Name | Should -Not -BeLike '*secret*'
        foreach ($text in ($connection | Format-List * -Force | Out-String -Width 4096), ($connection | Out-String), ($connection | ConvertTo-Json), "$connection") {
            $text | Should -Not -BeNullOrEmpty
            $text | Should -Not -BeLike '*sandbox-secret*'
        }
    }

    It 'Nothing is emitted unless -PassThru asks for it' {
        Connect-MarketoLaunchpoint -Sandbox | Should -BeNullOrEmpty
    }

    It 'An endpoint is accepted as <_>' -ForEach 'http://…/', 'http://…/rest', 'http://…/rest/' {
        $root = (Connect-MarketoLaunchpoint -Sandbox -PassThru).Endpoint

        $again = Connect-MarketoLaunchpoint -Endpoint ($_ -replace 'http://…/', "$root") -Credential (Get-SandboxCredential) -PassThru

        (Get-MarketoStaticList -Id 1021 -Connection $again).Name | Should -Be 'Webinar EMEA'
    }

    It 'A client id and a secret typed at Read-Host connect as well as a credential' {
        $endpoint = (Connect-MarketoLaunchpoint -Sandbox -PassThru).Endpoint

        Connect-MarketoLaunchpoint -Endpoint $endpoint -ClientId sandbox-client -ClientSecret (ConvertTo-SecureString sandbox-secret -AsPlainText)

        (Get-MarketoStaticList -Id 1021).Name | Should -Be 'Webinar EMEA'
    }

    It 'Wrong credentials fail at once, and say what to check' {
        $failure = Assert-Failure { Connect-MarketoLaunchpoint -Sandbox -Credential (Get-SandboxCredential hunter2hunter2) } InvalidCredentials AuthenticationError -Saying 'Admin > LaunchPoint'

        ($failure | Format-List * -Force | Out-String -Width 4096) + $failure.Exception + $failure.ErrorDetails.RecommendedAction | Should -Not -BeLike '*hunter2*'
    }

    It 'What cannot work has an error of its own that says what to do: <script>' -ForEach @(
        @{ script = { Connect-MarketoLaunchpoint -MunchkinId 284-RPR-133 }; id = 'CredentialIncomplete' }
        @{ script = { Connect-MarketoLaunchpoint -MunchkinId 284-RPR-133 -ClientId only }; id = 'CredentialIncomplete' }
        @{ script = { Connect-MarketoLaunchpoint -MunchkinId 'not one' -Credential (Get-SandboxCredential) }; id = 'InvalidMunchkinId' }
        @{ script = { Connect-MarketoLaunchpoint -Endpoint http://marketo.example/rest -Credential (Get-SandboxCredential) }; id = 'EndpointNotSecure' }
        @{ script = { Get-MarketoStaticList }; id = 'NotConnected' }
        @{ script = { Disconnect-MarketoLaunchpoint }; id = 'NotConnected' }
    ) {
        Assert-Failure $script $id
    }

    It 'A connection belongs to its own session, and can be handed on' {
        $connection = Connect-MarketoLaunchpoint -Sandbox -PassThru

        (Invoke-Session 'Get-MarketoStaticList').Errors.FullyQualifiedErrorId | Should -BeLike 'NotConnected,*'
        (Invoke-Session 'Get-MarketoStaticList -Connection $Argument[0]' $connection).Output.Name | Should -Contain 'Webinar EMEA'
    }

    It 'Disconnecting forgets the connection' {
        Connect-MarketoLaunchpoint -Sandbox
        Get-MarketoStaticList | Should -Not -BeNullOrEmpty

        Disconnect-MarketoLaunchpoint

        Assert-Failure { Get-MarketoStaticList } NotConnected ConnectionError
    }
}
