#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
}

Describe 'Mappings' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'A mapping kept as a table comes back through Import-Csv' {
        @'
Source,Target,Identity
mail,email,Email
person.name.firstName,firstName,
'@ | Set-Content mapping.csv

        $entries = Import-Csv mapping.csv | New-SegmentMapping

        $entries.Source | Should -Be 'mail', 'person.name.firstName'
        $entries.Target | Should -Be 'email', 'firstName'
        $entries.Identity | Should -Be 'Email', $null
    }

    It 'A mapping survives Export-Csv and ConvertTo-Json' {
        $mapping = @((New-SegmentMapping email email -Identity Email), (New-SegmentMapping first firstName))
        $mapping | Export-Csv mapping.csv
        $mapping | ConvertTo-Json | Set-Content mapping.json

        foreach ($kept in (Import-Csv mapping.csv), (Get-Content mapping.json -Raw | ConvertFrom-Json)) {
            $entries = $kept | New-SegmentMapping
            $entries | ForEach-Object { "$($_.Source) $($_.Target) $($_.Identity)" } | Should -Be 'email email Email', 'first firstName '
            (New-Person 3 | Invoke-SegmentPush -StaticList 1021 -Mapping $entries).Received | Should -Be 3
        }
    }

    It 'A push takes a mapping as <_>' -ForEach @(
        { @{ email = 'email'; first = 'firstName' } }
        { @((New-SegmentMapping email email -Identity Email), (New-SegmentMapping first firstName)) }
        { @([pscustomobject]@{ Source = 'email'; Target = 'email' }, @{ Source = 'first'; Target = 'firstName' }) }
    ) {
        (New-Person 3 | Invoke-SegmentPush -StaticList 1021 -Mapping (& $_)).Added | Should -Be 3
    }

    It 'A mistake in a mapping is named before anything is sent: <mapping>' -ForEach @(
        @{ mapping = { @{ email = 'emial' } }; id = 'FieldNotFound'; names = 'email' }
        @{ mapping = { @{ email = 'email'; first = 'createdAt' } }; id = 'FieldNotUpdateable'; names = 'createdAt' }
        @{ mapping = { @{ email = 'email'; mial = 'firstName' } }; id = 'SourceColumnNotFound'; names = 'email' }
        @{ mapping = { New-SegmentMapping email firstName -Identity Name }; id = 'IdentityNotSearchable'; names = 'firstName' }
        @{ mapping = { (New-SegmentMapping email email), (New-SegmentMapping first email) }; id = 'TargetMappedTwice'; names = 'email' }
        @{ mapping = { @{ first = 'firstName' } }; id = 'IdentityMissing'; names = 'email' }
    ) {
        Assert-Failure { New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping (& $mapping) } $id -Saying $names

        (Get-PushStatus).ErrorId | Should -Be $id
        (Get-PushStatus).Received | Should -Be 0
    }

    It 'An entry without a target is named by its column' {
        { New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email'; first = $null } } | Should -Throw "*column 'first' has no target*"
        { New-SegmentDestination A 1021 @{ email = 'email'; first = ' ' } } | Should -Throw "*column 'first' has no target*"
    }

    It 'What is no mapping is refused, and the error names the cmdlet that makes one' {
        { Invoke-SegmentPush -Path x.csv -StaticList 1021 -Mapping 'email' } | Should -Throw '*New-SegmentMapping*' -ErrorId 'ParameterArgumentTransformationError,*'
    }
}
