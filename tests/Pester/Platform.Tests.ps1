#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $webinar = '7f04b2a6-5f7e-4e7f-9b3a-6d3c4e2a1b5c'
}

Describe 'Experience Platform' {
    BeforeEach { $null = Enter-TestFolder $TestDrive }

    AfterEach { Exit-TestFolder }

    It 'Without a connection the error says what to run' {
        { Get-PlatformAudience } | Should -Throw -ErrorId 'PlatformNotConnected,*'
    }

    It 'A connection shows where it leads, and no secret' {
        $connection = Connect-ExperiencePlatform -Rehearsal -PassThru

        $connection.SandboxName | Should -Be prod
        $connection.OrganizationId | Should -BeLike '*@AdobeOrg'
        ($connection | Format-List * -Force | Out-String) | Should -Not -Match 'sandbox-secret|eyJ\.'
    }

    It 'A saved account connects again and its secret is the owner''s alone' {
        $rehearsal = Connect-ExperiencePlatform -Rehearsal -SaveAs Platform -PassThru

        $account = Get-PlatformAccount plat*
        $account.SandboxName | Should -Be prod
        $account.Endpoint | Should -Be $rehearsal.Endpoint
        $file = Get-ChildItem home/platform-accounts -Filter *.secret
        if (-not $IsWindows) { $file.UnixMode | Should -Be '-rw-------' }
        (Get-Content home/platform-accounts/*.json -Raw) | Should -Not -Match 'sandbox-secret'

        Get-PlatformAccount Platform | Connect-ExperiencePlatform
        (Get-PlatformAudience -Id $webinar).Name | Should -Be 'Webinar EMEA'

        Remove-PlatformAccount Platform
        Get-PlatformAccount | Should -BeNullOrEmpty
        Get-ChildItem home/platform-accounts | Should -BeNullOrEmpty
    }

    It 'An account without its secret takes it from the environment' {
        $null = Connect-ExperiencePlatform -Rehearsal -SaveAs Platform -NoSecret
        { Connect-ExperiencePlatform -Account Platform } | Should -Throw -ErrorId 'SecretMissing,*'

        $env:SEGMENTPUSH_PLATFORM_CLIENT_SECRET = 'sandbox-secret'
        (Connect-ExperiencePlatform -Account Platform -PassThru).SandboxName | Should -Be prod
    }

    It 'Accounts of Marketo and of Experience Platform may have one name and keep their secrets apart' {
        Install-Vault
        Connect-MarketoLaunchpoint -Sandbox -SaveAs Production
        Connect-ExperiencePlatform -Rehearsal -SaveAs Production

        $secrets = Get-VaultSecret
        "$secrets" | Should -BeLike '*SegmentPush/Production=*'
        "$secrets" | Should -BeLike '*SegmentPush.Platform/Production=*'
    }

    It 'Audiences come by wildcard, by name and by id' {
        Connect-ExperiencePlatform -Rehearsal

        (Get-PlatformAudience).Name | Sort-Object | Should -Be 'Customers of 2019', Newsletter, 'Webinar APAC', 'Webinar EMEA'
        (Get-PlatformAudience 'webinar*').State | Sort-Object | Should -Be draft, published
        $audience = Get-PlatformAudience 'Webinar EMEA'
        $audience.Id | Should -Be $webinar
        $audience.Size | Should -Be 112
        { Get-PlatformAudience Nobody } | Should -Throw -ErrorId 'AudienceNotFound,*'
    }

    It 'Audiences of a table are found by its column Id, and saved by it or by their name' {
        Connect-ExperiencePlatform -Rehearsal
        $audience = Get-PlatformAudience 'Webinar EMEA'

        ($audience | Select-Object Name, Id | Get-PlatformAudience).Name | Should -Be 'Webinar EMEA'
        ([pscustomobject]@{ Name = 'Webinar EMEA' } | Save-PlatformAudience -Path people.csv -Field identityMap.Email).Name | Should -Be people.csv
    }

    It 'Audiences are completed' {
        Connect-ExperiencePlatform -Rehearsal

        $found = TabExpansion2 'Save-PlatformAudience Webinar' 29

        $found.CompletionMatches.CompletionText | Should -Contain "'Webinar EMEA'"
    }

    It 'An audience is saved as CSV with the fields named' {
        Connect-ExperiencePlatform -Rehearsal

        $file = Get-PlatformAudience 'Webinar EMEA' | Save-PlatformAudience -Path people.csv -Field identityMap.Email, person.name.firstName

        $file.Name | Should -Be people.csv
        $people = Import-Csv people.csv
        $people.Count | Should -Be 112
        ($people | Where-Object 'identityMap.Email' -eq 'person3@example.com').'person.name.firstName' | Should -Be Aoife
        { Save-PlatformAudience 'Webinar EMEA' people.csv -Field identityMap.Email } | Should -Throw -ErrorId 'FileExists,*'
    }

    It 'An audience is saved as Parquet and pushed' {
        Connect-ExperiencePlatform -Rehearsal
        Connect-MarketoLaunchpoint @sandbox
        $mapping = @{ 'identityMap.Email' = 'email'; 'person.name.firstName' = 'firstName' }

        $files = Save-PlatformAudience 'Webinar EMEA' webinar/ -Mapping $mapping
        $push = Invoke-SegmentPush -Path $files -StaticList 1021 -Mapping $mapping -MaxRejectPercent 20

        $push.Received | Should -Be 112
        $push.Added | Should -Be 96
        $push.Rejected | Should -Be 8
        @($push | Get-PushStatus -Outcome NoConsent).Count | Should -Be 8
    }

    It 'A folder holds one export, so that a push of it takes nobody who has left since' {
        Connect-ExperiencePlatform -Rehearsal
        $null = New-Item -ItemType Directory webinar
        Set-Content webinar/readme.txt mine
        $first = Save-PlatformAudience 'Webinar EMEA' webinar/ -Field identityMap.Email

        { Save-PlatformAudience 'Webinar EMEA' webinar/ -Field identityMap.Email } | Should -Throw -ErrorId 'FileExists,*'
        Get-PlatformExport | Should -HaveCount 1
        $second = Save-PlatformAudience 'Webinar EMEA' webinar/ -Field identityMap.Email -Force

        (Get-ChildItem webinar -Filter *.parquet).Name | Should -Be @($second.Name)
        $second.Name | Should -Not -Be $first.Name
        Get-Content webinar/readme.txt | Should -Be mine
    }

    It 'WhatIf makes no job' {
        Connect-ExperiencePlatform -Rehearsal

        Save-PlatformAudience 'Webinar EMEA' people.csv -Field identityMap.Email -WhatIf

        Get-PlatformExport | Should -BeNullOrEmpty
        'people.csv' | Should -Not -Exist
    }

    It 'A draft is refused with the reason' {
        Connect-ExperiencePlatform -Rehearsal

        { Save-PlatformAudience 'Webinar APAC' people.csv -Field identityMap.Email } | Should -Throw -ErrorId 'AudienceNotUsable,*'
    }

    It 'What exports left is shown and deleted' {
        Connect-ExperiencePlatform -Rehearsal
        $null = Save-PlatformAudience 'Webinar EMEA' one/ -Field identityMap.Email
        $null = Save-PlatformAudience 'Webinar EMEA' two/ -Field identityMap.Email

        $exports = Get-PlatformExport
        $exports | Should -HaveCount 2
        $exports.Audience | Select-Object -Unique | Should -Be 'Webinar EMEA'
        # The first Tab asks the platform, and waits a moment only.
        $offered = foreach ($tab in 1..50) { if ($found = Get-Completion 'Remove-PlatformExport ' | Where-Object ToolTip -Like '*Webinar EMEA*') { $found; break }; Start-Sleep -Milliseconds 100 }
        $offered.CompletionText.Trim("'") | Should -Be $exports.BatchId
        $exports | Select-Object -Skip 1 | Remove-PlatformExport
        (Get-PlatformExport).BatchId | Should -Be $exports[0].BatchId
        { Remove-PlatformExport nobody } | Should -Throw -ErrorId 'ExportNotFound,*'
        Assert-Failure { Remove-PlatformExport $null } IdMissing InvalidArgument -Saying Get-PlatformExport
    }

    It 'A wrong secret is named, and is in no stream' {
        $rehearsal = Connect-ExperiencePlatform -Rehearsal -PassThru
        $wrong = ConvertTo-SecureString 'hunter2-hunter2' -AsPlainText

        $said = try { Connect-ExperiencePlatform $rehearsal.OrganizationId -ClientId sandbox-client -ClientSecret $wrong -Endpoint $rehearsal.Endpoint -SignInEndpoint $rehearsal.Endpoint *>&1 } catch { $_ }

        $said.FullyQualifiedErrorId | Should -BeLike 'PlatformClientSecretRefused,*'
        ($said | Format-List * -Force | Out-String) | Should -Not -Match hunter2
    }
}
