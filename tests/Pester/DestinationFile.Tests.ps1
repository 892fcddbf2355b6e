#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $webinar = @{ Name = 'Webinar EMEA'; StaticList = 1021; Mapping = @{ email = 'email'; first = 'firstName' } }
    $email = @{ email = 'email' }
}

Describe 'Destinations in JSON files' {
    BeforeEach {
        $folder = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'What is exported is imported in another journal as it was' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        $null = New-SegmentDestination @webinar -Account Trial -Mode Mirror -EndDate 2026-12-31 -MaxRemovals 5 -TimeZone Europe/Paris
        $null = New-SegmentDestination 'Web / [US]' Newsletter $email

        $files = Get-SegmentDestination | Export-SegmentDestination -Path out/files -PassThru
        $imported = Import-SegmentDestination out/files -JournalPath other

        $files | Should -HaveCount 2
        $files[1].Name | Should -Be 'Webinar EMEA.json'
        $imported | Should -HaveCount 2
        $text = { "$($_.Name) $($_.StaticListId) $($_.Account) $($_.Mode) $($_.EndDate) $($_.MaxRemovals) $($_.TimeZone) $($_.Mapping)" }
        Get-SegmentDestination -JournalPath other | ForEach-Object $text | Should -Be (Get-SegmentDestination | ForEach-Object $text)
    }

    It 'A file is UTF-8 with line feeds, ConvertFrom-Json reads it, and no secret is in it' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        $null = New-SegmentDestination 'Été' 1021 $email -Account Trial

        Export-SegmentDestination Été it.json -InformationVariable told | Should -BeNullOrEmpty
        "$told" | Should -BeLike '*it.json*'

        $bytes = [System.IO.File]::ReadAllBytes((Join-Path $folder it.json))
        $text = [System.Text.UTF8Encoding]::new($false, $true).GetString($bytes)
        $bytes[0] | Should -Be ([byte][char]'{')
        $text.EndsWith("}`n") | Should -BeTrue
        $text.Contains("`r") | Should -BeFalse
        $text | Should -Not -BeLike '*sandbox-*'
        $json = Get-Content it.json -Raw | ConvertFrom-Json
        $json.name | Should -BeExactly 'Été'
        $json.account | Should -Be Trial
    }

    It 'The file follows the schema that the module brings' {
        $null = New-SegmentDestination @webinar -Mode Mirror -StartDate 2026-09-01 -MaxRemovals 5
        Export-SegmentDestination 'Webinar EMEA' it.json

        $schema = Join-Path (Get-TestPlace).Module segment-destination.schema.json
        Test-Json -Path it.json -SchemaFile $schema | Should -BeTrue
        Get-Content it.json -Raw | ForEach-Object { $_.Replace('"mode"', '"moed"') } | Test-Json -SchemaFile $schema -ErrorAction Ignore | Should -BeFalse
    }

    It 'A file that exists is written over only with -Force' {
        $null = New-SegmentDestination @webinar
        $null = New-SegmentDestination B 1022 $email
        Set-Content B.json mine

        $files = Get-SegmentDestination | Export-SegmentDestination -Path . -PassThru -ErrorAction SilentlyContinue -ErrorVariable wrong
        $files.Name | Should -Be 'Webinar EMEA.json'
        $wrong.FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        Get-Content B.json | Should -Be mine

        Export-SegmentDestination B B.json -Force -WhatIf
        Get-Content B.json | Should -Be mine
        Export-SegmentDestination B B.json -Force
        (Get-Content B.json -Raw | ConvertFrom-Json).name | Should -Be B
    }

    It 'One file takes one destination' {
        $null = New-SegmentDestination @webinar
        $null = New-SegmentDestination B 1022 $email

        Assert-Failure { Get-SegmentDestination | Export-SegmentDestination -Path all.json } OneFileForMany

        'all.json' | Should -Not -Exist
    }

    It 'A file that cannot be imported is an error, and the others come' {
        $null = New-SegmentDestination @webinar
        Export-SegmentDestination 'Webinar EMEA' good.json
        Remove-SegmentDestination 'Webinar EMEA'
        $good = Get-Content good.json -Raw
        Set-Content a-typo.json $good.Replace('"mode"', '"moed"')
        Set-Content b-other.json $good.Replace('000-SBX-000', '284-RPR-133')
        Set-Content c-list.json $good.Replace('1021', '77777')
        Set-Content d-percent.json $good.Replace('"maxRemovalPercent": 20', '"maxRemovalPercent": 200')
        Set-Content z-twice.json $good

        Import-SegmentDestination *.json -ErrorAction SilentlyContinue -ErrorVariable wrong | Should -HaveCount 1

        $wrong | ForEach-Object { "$(Split-Path -Leaf $_.TargetObject) $($_.FullyQualifiedErrorId -replace ',.*')" } | Should -Be @(
            'a-typo.json DestinationFileMalformed', 'b-other.json OtherInstance', 'c-list.json StaticListNotFound', 'd-percent.json PercentOutOfRange', 'z-twice.json DestinationTwice')
        foreach ($failure in $wrong) { "$failure".Contains($failure.TargetObject) | Should -BeTrue }
        "$($wrong[0])" | Should -BeLike '*(line *'
        $wrong[0].CategoryInfo.Category | Should -Be InvalidData
    }

    It 'A folder is read as it was written, and one without a destination is an error' {
        $null = New-SegmentDestination @webinar
        $null = Export-SegmentDestination * -Path dest
        (Import-SegmentDestination dest).Name | Should -Be 'Webinar EMEA'
        (Import-SegmentDestination -LiteralPath dest).Name | Should -Be 'Webinar EMEA'
        (Get-Item dest | Import-SegmentDestination).Name | Should -Be 'Webinar EMEA'

        $null = New-Item -ItemType Directory empty
        Assert-Failure { Import-SegmentDestination empty } FileNotFound ObjectNotFound -Saying empty, .json
    }

    It '-WhatIf of an import checks, and saves nothing' {
        $null = New-SegmentDestination @webinar
        Export-SegmentDestination 'Webinar EMEA' it.json
        Set-SegmentDestination 'Webinar EMEA' -Mode Mirror

        Import-SegmentDestination it.json -WhatIf | Should -BeNullOrEmpty
        (Get-SegmentDestination).Mode | Should -Be Mirror
        (Import-SegmentDestination it.json).Mode | Should -Be Append
    }

    It 'A list may be named in a file, and the id counts where both are there' {
        @{ name = 'By name'; staticList = @{ name = 'newsletter' }; mapping = @(@{ source = 'email'; target = 'email' }) } | ConvertTo-Json -Depth 3 | Set-Content name.json
        @{ name = 'Both'; staticList = @{ id = 1021; name = 'Old name' }; mapping = @(@{ source = 'email'; target = 'email' }) } | ConvertTo-Json -Depth 3 | Set-Content both.json

        (Import-SegmentDestination name.json).StaticListId | Should -Be 1022

        (Import-SegmentDestination both.json -WarningVariable warnings).StaticListName | Should -Be 'Webinar EMEA'
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike "*'Old name'*"
    }

    It 'An import takes the account of the file where it is saved, and another where one is given' {
        foreach ($account in 'Trial', 'Other') { Connect-MarketoLaunchpoint @sandbox -SaveAs $account }
        $null = New-SegmentDestination @webinar -Account Trial
        Export-SegmentDestination 'Webinar EMEA' it.json

        $other = Invoke-Session @'
(Import-SegmentDestination it.json).Account
(Import-SegmentDestination it.json -Account other).Account
Remove-MarketoAccount Trial
try { Import-SegmentDestination it.json } catch { $_.FullyQualifiedErrorId }
Connect-MarketoLaunchpoint -Account Other
(Import-SegmentDestination it.json).Account
'@

        $other.Errors | Should -BeNullOrEmpty
        $other.Output | Should -BeExactly 'Trial', 'Other', 'NotConnected,SegmentPush.Commands.ImportSegmentDestinationCommand', 'Trial'
        $other.Warnings | Should -HaveCount 1
        "$($other.Warnings)" | Should -BeLike "*'Trial', which is not saved here*"
    }
}
