#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $place = Get-TestPlace
    $daily = Join-Path $place.Root examples daily.ps1

    function Set-Segment([int] $People) { New-Person $People | Export-Csv segment.csv }
}

Describe 'A scheduled task' {
    BeforeEach {
        $folder = Enter-TestFolder $TestDrive
        # The tasks run in processes of their own, beside the sandbox of this one.
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        $null = New-SegmentDestination 'Webinar EMEA' 1021 @{ email = 'email' } -Account Trial -PersonCreation MatchExistingAndCreateMissing -Mode Mirror
        $env:PSModulePath = (Split-Path $place.Module), $env:PSModulePath -join [System.IO.Path]::PathSeparator
    }

    AfterEach { Exit-TestFolder }

    It 'The daily example ends with 0 and a receipt, and with 3 where the guard stopped it' {
        Set-Segment 100
        $null = New-Item -ItemType Directory receipts

        $first = Invoke-CleanPwsh -File $daily -Destination 'Webinar EMEA' -Path 'seg*.csv' -Receipts receipts
        $first.ErrorText | Should -BeNullOrEmpty
        $first.ExitCode | Should -Be 0
        Get-ChildItem receipts -Filter 'receipt-*.json' | Should -HaveCount 1
        Get-MarketoStaticListMember 1021 | Should -HaveCount 100

        Set-Segment 5
        $second = Invoke-CleanPwsh -File $daily -Destination 'Webinar EMEA' -Path 'seg*.csv' -Receipts receipts
        $second.ExitCode | Should -Be 3
        $second.ErrorText | Should -BeLike '*guard*'
        Get-MarketoStaticListMember 1021 | Should -HaveCount 100
    }

    It 'A task of one line ends with the exit code of its status' {
        Set-Segment 100

        $run = Invoke-CleanPwsh -Command 'exit (Invoke-SegmentPush -Destination ''Webinar EMEA'' -Path segment.csv).ExitCode'

        $run.ErrorText | Should -BeNullOrEmpty
        $run.ExitCode | Should -Be 0
        (Get-PushStatus).Received | Should -Be 100
    }

    It 'A task of one line ends with 1 where its push fails' {
        (Invoke-CleanPwsh -Command 'exit (Invoke-SegmentPush -Destination ''Webinar EMEA'' -Path missing.csv -ErrorAction Stop).ExitCode').ExitCode | Should -Be 1
    }
}

Describe 'A session without questions' {
    BeforeEach { $null = Enter-TestFolder $TestDrive }

    AfterEach { Exit-TestFolder }

    It 'Tables hold no colours where NO_COLOR asks for none' {
        $before = $env:NO_COLOR
        $env:NO_COLOR = '1'
        try {
            $run = Invoke-CleanPwsh -CommandWithArgs @'
Import-Module $args[0]
Connect-MarketoLaunchpoint -Sandbox -PassThru
[pscustomobject]@{ email = 'person1@example.com' } | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' }
'@ $place.Manifest
        }
        finally { $env:NO_COLOR = $before }

        $run.ErrorText | Should -BeNullOrEmpty
        "$($run.Output)" | Should -BeLike '*000-SBX-000*'
        "$($run.Output)" | Should -BeLike '*Completed*'
        $run.Output -match "`e" | Should -BeNullOrEmpty
    }
}
