#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $place = Get-TestPlace
    $null = [System.Reflection.Assembly]::LoadFrom((Join-Path $place.Module lib SegmentPush.Sandbox.dll))
    $webinar = '7f04b2a6-5f7e-4e7f-9b3a-6d3c4e2a1b5c'
    $mapping = @{ 'identityMap.Email' = 'email'; 'person.name.firstName' = 'firstName' }
    $to = @{ StaticList = 1021; Mapping = $mapping }

    # An Experience Platform of the test's own, which it can change and look into.
    function Start-Platform([hashtable] $Options = @{}) {
        $all = [SegmentPush.Sandbox.Platform.PlatformSandboxOptions]::new()
        foreach ($name in $Options.Keys) { $all.$name = $Options[$name] }
        $script:platform = [SegmentPush.Sandbox.Platform.PlatformSandbox]::Start($all)
        $script:platform
    }

    function Get-PlatformParameter($Platform) {
        @{
            OrganizationId = $Platform.Options.OrganizationId
            Credential = [pscredential]::new($Platform.Options.ClientId, (ConvertTo-SecureString $Platform.Options.ClientSecret -AsPlainText))
            Endpoint = $Platform.Endpoint
            SignInEndpoint = $Platform.Endpoint
        }
    }

    # People of the audience: member1@example.com and so on.
    function Set-Profile($Platform, [int] $First, [int] $Last, [int[]] $SayingNo = @()) {
        $Platform.ClearProfiles()
        foreach ($i in $First..$Last) {
            $person = [SegmentPush.Sandbox.Platform.PlatformProfile]::new()
            $values = [System.Collections.Generic.Dictionary[string, string]]::new()
            $values['person.name.firstName'] = "First, $i"
            $values['workEmail.address'] = "member$i@example.com"
            if ($i -in $SayingNo) { $values['consents.marketing.email.val'] = 'n' }
            $person.Values = $values
            $identities = [System.Collections.Generic.Dictionary[string, System.Collections.Generic.IReadOnlyList[SegmentPush.Sandbox.Platform.PlatformIdentity]]]::new()
            $identities['Email'] = [SegmentPush.Sandbox.Platform.PlatformIdentity[]] [SegmentPush.Sandbox.Platform.PlatformIdentity]::new("member$i@example.com", $true)
            $person.Identities = $identities
            $memberships = [System.Collections.Generic.Dictionary[string, SegmentPush.Sandbox.Platform.PlatformMembership]]::new()
            $memberships[$webinar] = [SegmentPush.Sandbox.Platform.PlatformMembership]::new('realized', [datetimeoffset]::UtcNow)
            $person.Memberships = $memberships
            $Platform.AddProfile($person)
        }
    }

    # The same for the Tab key, by a person who presses it again where the platform took too long.
    function Get-LateOffer([string] $Line) {
        for ($i = 0; $i -lt 50; $i++) {
            if (($offer = (Get-Completion $Line).CompletionText)) { return $offer }
            Start-Sleep -Milliseconds 100
        }
    }

    function Get-Sum($Push) { "$($Push.State) $($Push.Received) = $($Push.Added) + $($Push.AlreadyMember) + $($Push.NoIdentity) + $($Push.NoConsent) + $($Push.Unmatched)" }
}

Describe 'A push of an audience' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
        Connect-ExperiencePlatform -Rehearsal
    }

    AfterEach { Exit-TestFolder }

    It 'It is named by name or id, or comes from Get-PlatformAudience, and every profile has an outcome' -ForEach @(
        @{ find = { 'webinar emea' } }, @{ find = { '7f04b2a6-5f7e-4e7f-9b3a-6d3c4e2a1b5c' } }, @{ find = { Get-PlatformAudience 'Webinar EMEA' } }
    ) {
        $push = Invoke-SegmentPush -Audience (& $find) @to

        Get-Sum $push | Should -Be 'Completed 112 = 96 + 0 + 8 + 8 + 0'
        $push.Source | Should -Be 'Webinar EMEA'
        "$($push.Activated) $($push.Excluded) $($push.Failed)" | Should -Be '96 16 0'
        Get-MarketoStaticListMember 1021 | Should -HaveCount 96
        Get-ChildItem home -Directory -Filter 'audience-*' | Should -BeNullOrEmpty
    }

    It 'Profiles without an address and those without consent are counted, listed and summed' {
        $push = Invoke-SegmentPush -Audience 'Webinar EMEA' @to

        $push | Get-PushStatus -Outcome NoIdentity | Should -HaveCount 8
        $no = $push | Get-PushStatus -Outcome NoConsent
        $no | Should -HaveCount 8
        $no[0].Identity | Should -Be person12@example.com
        $push | Get-PushStatus -Outcome Excluded | Should -HaveCount 16
        (Get-PushStatus -Id $push.Id | Format-List | Out-String) | Should -Match '16 = 0 unmatched \+ 8 without identity \+ 8 without consent'
        $push | Export-PushReceipt -Path receipt.json
        (Get-Content receipt.json -Raw) | Should -Match '"noConsent": ?8'
    }

    It '-IgnoreConsent pushes those who say no, too' {
        Get-Sum (Invoke-SegmentPush -Audience 'Webinar EMEA' @to -IgnoreConsent) | Should -Be 'Completed 112 = 104 + 0 + 8 + 0 + 0'
    }

    It '-Identities All makes each address a row' {
        Get-Sum (Invoke-SegmentPush -Audience 'Webinar EMEA' @to -Identities All) | Should -Be 'Completed 216 = 96 + 0 + 8 + 16 + 96'
    }

    It '-WhatIf starts no job and tells size, age, labels, fields and the push before' {
        $first = Invoke-SegmentPush -Audience 'Webinar EMEA' @to
        $exports = @(Get-PlatformExport).Count

        $plan = Invoke-SegmentPush -Audience 'Webinar EMEA' @to -WhatIf

        $plan.Audience | Should -Be 'Webinar EMEA'
        $plan.AudienceId | Should -Be $webinar
        $plan.Size | Should -Be 112
        $plan.Age | Should -BeOfType timespan
        $plan.Labels | Should -Be 'core/C2'
        $plan.Fields | Should -Contain 'person.name.firstName'
        $plan.Fields | Should -Contain 'segmentMembership'
        $plan.Fields | Should -Contain 'consents.marketing.email.val'
        $plan.StaticListId | Should -Be 1021
        $plan.LastPush.Id | Should -Be $first.Id
        Get-PlatformExport | Should -HaveCount $exports
        Get-PushStatus | Should -HaveCount 1
    }

    It 'The screen of -WhatIf shows every field, how old the audience is, and what the push before did' {
        $null = Invoke-SegmentPush -Audience 'Webinar EMEA' @to

        $screen = Invoke-SegmentPush -Audience 'Webinar EMEA' @to -WhatIf | Out-String

        $screen | Should -Match 'Audience +: Webinar EMEA \(7f04b2a6-5f7e-4e7f-9b3a-6d3c4e2a1b5c\) of sandbox prod'
        $screen | Should -Match '112 profiles at the last evaluation'
        $screen | Should -Match '\d\d:\d\d:\d\d ago'
        $screen | Should -Match 'core/C2'
        foreach ($field in 'consents.idSpecific', 'identityMap', 'person.name.firstName', 'segmentMembership') { $screen | Should -Match ([regex]::Escape($field)) }
        $screen | Should -Match 'Completed: 112 received, 96 activated, 16 excluded, 0 failed'
        $screen | Should -Not -Match '…'
    }

    It 'Mistakes are found before a job is made: <id>' -ForEach @(
        @{ id = 'AudienceNotFound'; category = 'ObjectNotFound'; saying = 'Nobody'; do = { Invoke-SegmentPush -Audience Nobody @to } }
        @{ id = 'AudienceNotUsable'; category = 'InvalidArgument'; saying = 'draft'; do = { Invoke-SegmentPush -Audience 'Webinar APAC' @to } }
        @{ id = 'AudienceNotUsable'; category = 'InvalidArgument'; saying = 'inactive'; do = { Invoke-SegmentPush -Audience 'Customers of 2019' @to } }
        @{ id = 'FieldPathInvalid'; category = 'InvalidArgument'; saying = 'person name'; do = { Invoke-SegmentPush -Audience 'Webinar EMEA' 1021 @{ 'identityMap.Email' = 'email'; 'person name' = 'firstName' } } }
        @{ id = 'FieldNotFound'; saying = 'noSuchField'; do = { Invoke-SegmentPush -Audience 'Webinar EMEA' -StaticList 1021 -Mapping @{ 'identityMap.Email' = 'email'; 'person.name.firstName' = 'noSuchField' } } }
        @{ id = 'IdentitiesNotSuitable'; saying = '-Identities'; do = { Invoke-SegmentPush -Audience 'Webinar EMEA' -StaticList 1021 -Mapping @{ '_tenant.customerId' = 'id' } -Identities All } }
        @{ id = 'ThroughNotSuitable'; saying = '-SkipPolicyCheck'; do = { Invoke-SegmentPush -Audience 'Webinar EMEA' @to -Through b0780cb5-2bb7-4409-bf2c-c625ca818588 -SkipPolicyCheck } }
        @{ id = 'AudienceHasNoRows'; saying = 'Save-PlatformAudience'; do = { Invoke-SegmentPush -Audience 'Webinar EMEA' @to -Detailed -WhatIf } }
        @{ id = 'StaticListNotFound'; saying = '9999'; do = { Invoke-SegmentPush -Audience 'Webinar EMEA' 9999 $mapping } }
        @{ id = 'SegmentMissing'; saying = '-Audience'; do = { Invoke-SegmentPush @to } }
        @{ id = 'PlatformNotConnected'; saying = 'Connect-ExperiencePlatform'; do = { Disconnect-ExperiencePlatform; Invoke-SegmentPush -Audience 'Webinar EMEA' @to } }
    ) {
        $null = Assert-Failure $do $id $category -Saying $saying

        if ($id -ne 'PlatformNotConnected') { Get-PlatformExport | Should -BeNullOrEmpty }
        Get-MarketoStaticListMember 1021 | Should -BeNullOrEmpty
    }

    It 'Progress shows the job, its profiles and the bytes below the push, and again each second of a long wait' {
        $poll = $env:SEGMENTPUSH_POLL_SECONDS
        $env:SEGMENTPUSH_POLL_SECONDS = 3
        try {
            $run = Invoke-Session -Script @'
                Connect-MarketoLaunchpoint -Sandbox -CallsPer20Seconds 100 -MaxConcurrency 10
                Connect-ExperiencePlatform -Rehearsal
                $ProgressPreference = 'Continue'
                Invoke-SegmentPush -Audience 'Webinar EMEA' -StaticList 1021 -Mapping @{ 'identityMap.Email' = 'email' } -InformationAction Continue
'@
        }
        finally { $env:SEGMENTPUSH_POLL_SECONDS = $poll }

        $run.Errors | Should -BeNullOrEmpty
        $run.Output[-1].State | Should -Be Completed
        $export = @($run.Progress | Where-Object Activity -EQ 'Exporting the audience')
        $export.ParentActivityId | Select-Object -Unique | Should -Be 1
        @($export | Where-Object StatusDescription -Match '^Export job \d+ is NEW$').Count | Should -BeGreaterThan 2
        "$($export.StatusDescription)" | Should -Match 'MB fetched, 112 profiles'
        foreach ($record in $run.Progress) { ($record.Activity.Length + $record.StatusDescription.Length) | Should -BeLessThan 76 }
    }

    It 'It runs as a job' {
        $endpoint = (Connect-ExperiencePlatform -Rehearsal -PassThru -SaveAs Platform).Endpoint
        Connect-MarketoLaunchpoint @sandbox -SaveAs Marketo

        $manifest = $place.Manifest
        $job = Start-ThreadJob {
            Import-Module $using:manifest
            Set-Location $using:PWD
            Connect-MarketoLaunchpoint -Account Marketo
            Connect-ExperiencePlatform -Account Platform
            Invoke-SegmentPush -Audience 'Webinar EMEA' @using:to
        }
        $push = $job | Receive-Job -Wait -AutoRemoveJob

        Get-Sum $push | Should -Be 'Completed 112 = 96 + 0 + 8 + 8 + 0'
        $endpoint.Host | Should -Be 127.0.0.1
    }
}

Describe 'A push of an audience of a platform that differs' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox -SaveAs Production
        $platform = $null
    }

    AfterEach {
        Exit-TestFolder
        if ($platform) { $platform.Dispose() }
    }

    It 'Two audiences of one name are refused with their ids, and an id chooses' {
        $platform = Start-Platform
        $platform.AddAudience([SegmentPush.Sandbox.Platform.PlatformSandboxAudience]::new('11111111-2222-3333-4444-555555555555', 'WEBINAR emea'))
        $connect = Get-PlatformParameter $platform
        Connect-ExperiencePlatform @connect

        $null = Assert-Failure { Invoke-SegmentPush -Audience 'Webinar EMEA' @to } AudienceAmbiguous -Saying $webinar, '11111111-2222-3333-4444-555555555555'
        (Invoke-SegmentPush -Audience $webinar @to).Added | Should -Be 96
        $platform.ExportJobs | Should -HaveCount 1
    }

    It 'An audience of accounts is refused' {
        $platform = Start-Platform
        $accounts = [SegmentPush.Sandbox.Platform.PlatformSandboxAudience]::new('11111111-2222-3333-4444-555555555555', 'Companies')
        $accounts.SchemaName = '_xdm.context.account'
        $platform.AddAudience($accounts)
        $connect = Get-PlatformParameter $platform
        Connect-ExperiencePlatform @connect

        $null = Assert-Failure { Invoke-SegmentPush -Audience Companies @to } AudienceNotUsable -Saying accounts
    }

    It 'A policy that forbids emails refuses the push, is in the plan, and -SkipPolicyCheck goes past it' {
        $platform = Start-Platform
        $platform.AddPolicy('No emails to contract data', 'C2')
        $connect = Get-PlatformParameter $platform
        Connect-ExperiencePlatform @connect

        (Invoke-SegmentPush -Audience 'Webinar EMEA' @to -WhatIf).PolicyReason | Should -BeLike '*No emails to contract data*'
        $null = Assert-Failure { Invoke-SegmentPush -Audience 'Webinar EMEA' @to } PolicyViolated -Saying 'No emails to contract data', '-SkipPolicyCheck'
        $platform.ExportJobs | Should -BeNullOrEmpty
        (Invoke-SegmentPush -Audience 'Webinar EMEA' @to -SkipPolicyCheck).Added | Should -Be 96
    }

    It 'A job that fails ends the push with an error, and the status says so' {
        $platform = Start-Platform @{ ExportDuration = [timespan]::FromMinutes(5) }
        $connect = Get-PlatformParameter $platform
        Connect-ExperiencePlatform @connect
        $failing = Start-ThreadJob { param($platform) while (-not $platform.ExportJobs) { Start-Sleep -Milliseconds 20 }; $platform.FailExportJobs() } -ArgumentList $platform

        $failure = Assert-Failure { Invoke-SegmentPush -Audience 'Webinar EMEA' @to } PlatformExportFailed -Saying "$($platform.ExportJobs)"

        $failing | Remove-Job -Force
        $failure.Exception.ExitCode | Should -Be 1
        $push = Get-PushStatus
        "$($push.State) $($push.ErrorId) $($push.Received)" | Should -Be 'Failed PlatformExportFailed 0'
        Get-ChildItem home -Directory -Filter 'audience-*' | Should -BeNullOrEmpty
    }

    It 'It goes through a file destination' {
        $platform = Start-Platform
        Set-Profile $platform 1 20
        $connect = Get-PlatformParameter $platform
        Connect-ExperiencePlatform @connect

        $push = Invoke-SegmentPush -Audience 'Webinar EMEA' -StaticList 1021 -Mapping @{ workEmail_address = 'email' } -PersonCreation MatchExistingAndCreateMissing -Through $platform.Options.DataflowId

        "$($push.State) $($push.Received) $($push.Added)" | Should -Be 'Completed 20 20'
        $platform.ExportJobs | Should -BeNullOrEmpty
    }

    It 'A process that is killed while its job runs is resumed with the same job' {
        $platform = Start-Platform @{ ExportDuration = [timespan]::FromSeconds(4) }
        $connect = Get-PlatformParameter $platform
        Connect-ExperiencePlatform @connect -SaveAs Platform
        $program = [System.Diagnostics.ProcessStartInfo]::new([System.Environment]::ProcessPath)
        if ([System.IO.Path]::GetFileNameWithoutExtension($program.FileName) -eq 'dotnet') { $program.ArgumentList.Add((Join-Path $PSHOME pwsh.dll)) }
        foreach ($argument in '-NoProfile', '-NonInteractive', '-Command', @"
Import-Module '$($place.Manifest)'
Connect-MarketoLaunchpoint -Account Production
Connect-ExperiencePlatform -Account Platform
Invoke-SegmentPush -Audience 'Webinar EMEA' -StaticList 1021 -Mapping @{ 'identityMap.Email' = 'email' }
"@) { $program.ArgumentList.Add($argument) }
        $program.RedirectStandardOutput = $program.RedirectStandardError = $true
        $program.WorkingDirectory = $PWD.ProviderPath
        $process = [System.Diagnostics.Process]::Start($program)
        while (-not $platform.ExportJobs -and -not $process.HasExited) { Start-Sleep -Milliseconds 20 }
        Start-Sleep -Milliseconds 300
        $process.Kill()
        $process.WaitForExit()

        $interrupted = Get-PushStatus -State Interrupted
        $push = Resume-SegmentPush -Last

        $push.Id | Should -Be $interrupted.Id
        Get-Sum $push | Should -Be 'Completed 112 = 96 + 0 + 8 + 8 + 0'
        $platform.ExportJobs | Should -HaveCount 1
        Get-ChildItem home -Directory -Filter 'audience-*' | Should -BeNullOrEmpty
    }
}

Describe 'Consent of people who do not come from an audience' {
    BeforeAll {
        # The consents of people who say yes, and no in each of the places that profiles have.
        $consents = [ordered]@{
            'yes@example.com' = '{"marketing":{"email":{"val":"y"}}}'
            'none@example.com' = '{}'
            'email@example.com' = '{"marketing":{"email":{"val":"n"}}}'
            'any@example.com' = '{"marketing":{"any":{"val":"n"},"email":{"val":"y"}}}'
            'own@example.com' = '{"idSpecific":{"Email":{"OWN@example.com":{"marketing":{"email":{"val":"n"}}}}}}'
        }
        $create = @{ StaticList = 1021; Mapping = @{ email = 'email' }; PersonCreation = 'MatchExistingAndCreateMissing' }
        function Get-Profile { foreach ($address in $consents.Keys) { '{{"email":"{0}","consents":{1}}}' -f $address, $consents[$address] } }
    }

    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'A no excludes people of JSON lines, of a JSON document and of a pipeline of profiles' -ForEach @(
        @{ push = { Get-Profile | Set-Content people.jsonl; Invoke-SegmentPush people.jsonl @create } }
        @{ push = { "[$((Get-Profile) -join ',')]" | Set-Content people.json; Invoke-SegmentPush people.json @create } }
        @{ push = { Get-Profile | ConvertFrom-Json | Invoke-SegmentPush @create } }
        @{ push = { Get-Profile | ConvertFrom-Json -AsHashtable | Invoke-SegmentPush @create } }
    ) {
        $result = & $push

        "$($result.Received) = $($result.Added) + $($result.NoConsent)" | Should -Be '5 = 2 + 3'
        ($result | Get-PushStatus -Outcome NoConsent).Identity | Should -Be 'email@example.com', 'any@example.com', 'own@example.com'
    }

    It 'A no counts where many piped profiles before it have no consent at all' {
        $result = & {
            1..3000 | ForEach-Object { [pscustomobject]@{ email = "p$_@example.com"; person = [pscustomobject]@{ name = 'A' } } }
            Get-Profile | ConvertFrom-Json
        } | Invoke-SegmentPush @create

        "$($result.Received) = $($result.Added) + $($result.NoConsent)" | Should -Be '3005 = 3002 + 3'
    }

    It 'A no excludes people of a CSV file with any names of its columns' -ForEach @(
        @{ column = 'consents.marketing.email.val' }, @{ column = 'consents_marketing_email_val' }, @{ column = 'consents_marketing_any_val' }
    ) {
        "email,$column", 'a@example.com,y', 'b@example.com,n', 'c@example.com,' | Set-Content people.csv

        $result = Invoke-SegmentPush people.csv @create

        "$($result.Received) = $($result.Added) + $($result.NoConsent)" | Should -Be '3 = 2 + 1'
    }

    It 'A consent of one address in the name of a column is refused, in a file and in a pipeline, and -IgnoreConsent pushes' {
        'email,consents.idSpecific.Email.own@example.com.marketing.email.val', 'own@example.com,n', 'yes@example.com,' | Set-Content people.csv

        { Invoke-SegmentPush people.csv @create } | Should -Throw -ErrorId 'ConsentNotUnderstood*'
        { Import-Csv people.csv | Invoke-SegmentPush @create } | Should -Throw -ErrorId 'ConsentNotUnderstood*'
        (Get-PushStatus -Last 2).ErrorId | Should -Be 'ConsentNotUnderstood', 'ConsentNotUnderstood'
        (Import-Csv people.csv | Invoke-SegmentPush @create -IgnoreConsent).Added | Should -Be 2
    }

    It 'A no that comes after a thousand objects without consent counts or is refused: <name>' -ForEach @(
        @{ name = 'a property'; last = @{ email = 'no@example.com'; 'consents.marketing.email.val' = 'n' } }
        @{ name = 'another spelling'; last = @{ email = 'no@example.com'; consents_marketing_any_val = 'n' } }
        @{ name = 'objects'; last = @{ email = 'no@example.com'; consents = @{ marketing = @{ email = @{ val = 'n' } } } } }
        @{ name = 'an address'; last = @{ email = 'no@example.com'; consents = @{ idSpecific = @{ Email = @{ 'NO@example.com' = @{ marketing = @{ email = @{ val = 'n' } } } } } } } }
    ) {
        $people = @(foreach ($i in 1..1050) { [pscustomobject]@{ email = "late$i@example.com" } }) + [pscustomobject]$last
        $nested = @(foreach ($i in 1..1050) { [pscustomobject]@{ email = "late$i@example.com"; person = @{ name = 'x' } } }) + [pscustomobject]$last

        $result = $nested | Invoke-SegmentPush @create

        "$($result.Received) = $($result.Activated) + $($result.NoConsent)" | Should -Be '1051 = 1050 + 1'
        { $people | Invoke-SegmentPush @create } | Should -Throw -ErrorId 'ConsentNotUnderstood*'
        $people[0] | Add-Member consents $null
        ($people | Invoke-SegmentPush @create).NoConsent | Should -Be 1
        ($people | Invoke-SegmentPush @create -IgnoreConsent).NoConsent | Should -Be 0
    }

    It 'A consent that can not be read is refused, also where it comes with the objects of a second file: <name>' -ForEach @(
        @{ name = 'a text'; value = @{ 'consents.marketing' = '{"email":{"val":"n"}}' } }
        @{ name = 'an address in the name'; value = @{ 'consents.idSpecific.Email.no@example.com.marketing.email.val' = 'n' } }
        @{ name = 'another place'; value = @{ '_acme.consents.marketing.email.val' = 'n' } }
        @{ name = 'below another object'; value = @{ _acme = @{ consents = @{ marketing = @{ email = @{ val = 'n' } } } } } }
    ) {
        $person = [pscustomobject](@{ email = 'no@example.com' } + $value)
        $people = foreach ($i in 1..1050) { [pscustomobject]@{ email = "late$i@example.com" } }

        { $person | Invoke-SegmentPush @create } | Should -Throw -ErrorId 'ConsentNotUnderstood*'
        { $people + @($person) * 100 | Invoke-SegmentPush @create } | Should -Throw -ErrorId 'ConsentNotUnderstood*'
    }

    It 'A text in the place of consents is no yes' {
        $person = [pscustomobject]@{ email = 'no@example.com'; consents = '{"marketing":{"email":{"val":"n"}}}' }
        $people = foreach ($i in 1..1050) { [pscustomobject]@{ email = "late$i@example.com" } }

        { $person | Invoke-SegmentPush @create } | Should -Throw -ErrorId 'ConsentNotUnderstood*'
        { $people + $person | Invoke-SegmentPush @create } | Should -Throw -ErrorId 'ConsentNotUnderstood*'
    }

    It 'A no counts wherever an object has it: <name>' -ForEach @(
        @{ name = 'objects'; json = '{"consents":{"marketing":{"email":{"val":"n"}}}}' }
        @{ name = 'names with dots'; json = '{"consents":{"marketing.email.val":"n"}}' }
        @{ name = 'another case'; json = '{"Consents":{"MARKETING":{"any":{"val":"n"}}}}' }
        @{ name = 'an address'; json = '{"consents":{"idSpecific":{"email":{"no@example.com":{"marketing":{"email":{"val":"n"}}}}}}}' }
    ) {
        $first = foreach ($i in 1..1050) { [pscustomobject]@{ email = "late$i@example.com"; 'consents.marketing.email.val' = 'y' } }
        $person = ConvertFrom-Json $json | Add-Member email no@example.com -PassThru

        foreach ($people in @($first[0], $person), @($first + $person), @($first[0], (ConvertFrom-Json ($person | ConvertTo-Json -Depth 9) -AsHashtable))) {
            $result = $people | Invoke-SegmentPush @create

            "$($result.Received) = $($result.Activated) + $($result.NoConsent)" | Should -Be "$($people.Count) = $($people.Count - 1) + 1"
        }
    }

    It 'A consent that can not be read rejects its object: <json>' -ForEach @(
        @{ json = '{"consents":{"marketing":{"email":[{"val":"y"},{"val":"n"}]}}}' }
        @{ json = '{"consents":[{"marketing":{"email":{"val":"y"}}},{"marketing":{"email":{"val":"n"}}}]}' }
        @{ json = '{"consents":{"idSpecific":"n"}}' }
        @{ json = '{"consents":{"idSpecific":{"Email":{"no@example.com":"n"}}}}' }
        @{ json = '{"consents":{"idSpecific":{"Email":[{"id":"no@example.com","marketing":{"email":{"val":"n"}}}]}}}' }
        @{ json = '{"consents":{"marketing":{"email":{"val":"y"}}},"Consents":{"marketing":{"email":{"val":"n"}}}}' }
    ) {
        $person = ConvertFrom-Json $json -AsHashtable
        $person['email'] = 'no@example.com'

        $result = [pscustomobject]@{ email = 'yes@example.com' }, $person | Invoke-SegmentPush @create

        "$($result.Received) = $($result.Activated) + $($result.Rejected)" | Should -Be '2 = 1 + 1'
    }

    It 'Consents that hold nothing permit: <json>' -ForEach @(
        @{ json = '{"consents":null}' }, @{ json = '{"consents":{}}' }, @{ json = '{"consents":""}' }, @{ json = '{"consents.marketing":""}' }
        @{ json = '{"consents":{"metadata":{"time":"2026-01-01T00:00:00Z"},"marketing":{"email":{"time":"2026-01-01T00:00:00Z"},"sms":{"val":"n"}}}}' }
    ) {
        $person = ConvertFrom-Json $json | Add-Member email yes@example.com -PassThru

        ($person | Invoke-SegmentPush @create).Activated | Should -Be 1
    }

    It 'The reject file of a pipeline keeps the no of an address' {
        $person = ConvertFrom-Json '{"email":"no at example.com","consents":{"idSpecific":{"Email":{"no@example.com":{"marketing":{"email":{"val":"n"}}}}}}}'
        $null = [pscustomobject]@{ email = 'yes@example.com' }, $person | Invoke-SegmentPush @create -RejectPath rejected.csv

        (Get-Content rejected.csv -Raw) -replace ' at ', '@' | Set-Content mended.csv
        { Invoke-SegmentPush mended.csv @create } | Should -Throw
        (Get-PushStatus -Last 1).NoConsent | Should -Be 1
    }
}

Describe 'A destination with an audience' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox -SaveAs Production
        $platform = Start-Platform
        Set-Profile $platform 1 100
        $connect = Get-PlatformParameter $platform
        Connect-ExperiencePlatform @connect -SaveAs Platform
        Disconnect-ExperiencePlatform
        $how = @{ Account = 'Production'; PlatformAccount = 'Platform'; Audience = 'Webinar EMEA'; Mode = 'Mirror'; PersonCreation = 'MatchExistingAndCreateMissing' }
        $null = New-SegmentDestination 'Webinar EMEA' @to @how
    }

    AfterEach {
        Exit-TestFolder
        $platform.Dispose()
    }

    It 'One line pushes it day by day with its accounts: leavers and those who say no are taken off, and one export stays' {
        $first = Invoke-SegmentPush -Destination 'Webinar EMEA'
        Set-Profile $platform 6 105 -SayingNo 6, 7
        $second = Invoke-SegmentPush -Destination 'Webinar EMEA'

        "$($first.State) $($first.Received) $($first.Added) $($first.IsVerified)" | Should -Be 'Completed 100 100 True'
        "$($second.State) $($second.Added) $($second.AlreadyMember) $($second.Removed) $($second.NoConsent) $($second.IsVerified)" | Should -Be 'Completed 5 93 7 2 True'
        Get-MarketoStaticListMember 1021 | Should -HaveCount 98
        $platform.ExportJobs | Should -HaveCount 2
        $platform.Batches | Should -HaveCount 1
        $platform.Violations | Should -BeNullOrEmpty
        (Get-SegmentDestination).Audience | Should -Be 'Webinar EMEA'
    }

    It 'The guard stops a push of an audience that has shrunk, and -Force goes past it' {
        $null = Invoke-SegmentPush -Destination 'Webinar EMEA'
        Set-Profile $platform 1 10

        (Assert-Failure { Invoke-SegmentPush -Destination 'Webinar EMEA' } GuardStopped OperationStopped).Exception.ExitCode | Should -Be 3
        Get-MarketoStaticListMember 1021 | Should -HaveCount 100
        (Invoke-SegmentPush -Destination 'Webinar EMEA' -Force).Removed | Should -Be 90
    }

    It 'Another segment is refused, and so is the mode Delta' {
        New-Person 1 | Export-Csv segment.csv
        $null = Assert-Failure { Invoke-SegmentPush -Destination 'Webinar EMEA' -Path segment.csv } ParameterConflict -Saying audience
        $null = Assert-Failure { Set-SegmentDestination 'Webinar EMEA' -Mode Delta } AudienceIsWhole -Saying Mirror
        $null = Assert-Failure { New-SegmentDestination Other @to -Through x } AudienceMissing -Saying '-Audience'
    }

    It 'Test-SegmentDestination tells whether the push of tonight would run, and exports nobody' {
        $checks = Test-SegmentDestination 'Webinar EMEA'

        $checks.Check | Should -Be Due, LastPush, Connection, ListAndMapping, Platform, Audience, Policy, Export, Quota, Guard
        ($checks | Where-Object Outcome -NE Passed).Check | Should -Be Guard
        ($checks | Where-Object Check -EQ Audience).Detail | Should -BeLike "*'Webinar EMEA' ($webinar) had 100 profiles*"
        $platform.ExportJobs | Should -BeNullOrEmpty
    }

    It 'Test-SegmentDestination finds what would stop it: <what>' -ForEach @(
        @{ what = 'a policy'; check = 'Policy'; errorId = 'PolicyViolated'; do = { $platform.AddPolicy('No emails', 'C2') } }
        @{ what = 'an account that is gone'; check = 'Platform'; errorId = 'AccountNotFound'; do = { Remove-PlatformAccount Platform } }
        @{ what = 'tokens that are refused'; check = 'Platform'; errorId = 'PlatformClientSecretRefused'; do = { Set-Content (Get-ChildItem home/platform-accounts -Filter *.secret) wrong -NoNewline } }
    ) {
        & $do

        $found = Test-SegmentDestination 'Webinar EMEA' | Where-Object Outcome -EQ Failed

        "$($found.Check) $($found.ErrorId)" | Should -Be "$check $errorId"
        $found.Action | Should -Not -BeNullOrEmpty
    }

    It 'Test-SegmentDestination plans the push of files that Save-PlatformAudience has saved' {
        Connect-ExperiencePlatform -Account Platform
        $files = Save-PlatformAudience 'Webinar EMEA' saved/ -Mapping $mapping

        (Test-SegmentDestination 'Webinar EMEA' -Path $files | Where-Object Check -EQ Guard).Detail | Should -BeLike 'The push would add 100 people, take 0 off*'
    }

    It 'The Tab key offers audiences of the session or of the account in the line, and saved accounts' {
        Get-LateOffer 'New-SegmentDestination x -PlatformAccount Platform -Audience web' | Should -Be "'Webinar APAC'", "'Webinar EMEA'"
        (Get-Completion 'New-SegmentDestination x -PlatformAccount Pla').CompletionText | Should -Be Platform
        (Get-Completion 'Connect-ExperiencePlatform -Account Pla').CompletionText | Should -Be Platform
        (Get-Completion 'Invoke-SegmentPush -Audience web').CompletionText | Should -BeNullOrEmpty

        Connect-ExperiencePlatform -Account Platform
        $found = Get-Completion 'Invoke-SegmentPush -Audience web'
        $found.CompletionText | Should -Be "'Webinar APAC'", "'Webinar EMEA'"
        $found[1].ToolTip | Should -Be $webinar
    }
}
