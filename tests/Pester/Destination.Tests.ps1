#Requires -Version 7.6
Describe 'A destination in a real pwsh' {
    BeforeAll {
        Import-Module "$PSScriptRoot/../../artifacts/SegmentPush" -Force
        $env:SEGMENTPUSH_HOME = "$TestDrive/home"
        Connect-MarketoLaunchpoint -Sandbox -SaveAs Trial -WarningAction SilentlyContinue
        $to = @{ Account = 'Trial'; StaticList = 'Autumn'; CreateList = $true; Folder = 42; Mapping = @{ email = 'email'; first = 'firstName' } }
        New-SegmentDestination 'Webinar EMEA' @to -PersonCreation MatchExistingAndCreateMissing -Mode Mirror
        function Export([int] $First, [int] $Last) {
            $First..$Last | ForEach-Object { [pscustomobject]@{ email = "person$_@example.net"; first = "N, $_" } } | Export-Csv "$TestDrive/segment.csv"
        }
    }

    AfterAll { Disconnect-MarketoLaunchpoint }

    It 'makes the list the segment, day by day, and proves it' {
        foreach ($day in 0..4) {
            Export (1 + 10 * $day) (500 + 10 * $day)
            $push = Invoke-SegmentPush -Destination 'Webinar EMEA' -Path "$TestDrive/segment.csv"
            $push.State | Should -Be Completed
            $push.IsVerified | Should -BeTrue
            $push.Removed | Should -Be ($day ? 10 : 0)
            $push.AlreadyMember | Should -Be ($day ? 490 : 0)
            @(Get-MarketoStaticListMember Autumn).Count | Should -Be 500
        }
    }

    It 'is stopped by the guard, with an exit code' {
        Export 401 500
        { Invoke-SegmentPush -Destination 'Webinar EMEA' -Path "$TestDrive/segment.csv" } | Should -Throw -ErrorId 'GuardStopped*'
        $Error[0].Exception.ExitCode | Should -Be 3
        @(Get-MarketoStaticListMember Autumn).Count | Should -Be 500
    }

    It 'takes its people from the pipeline, too' {
        Export 41 540
        $push = Import-Csv "$TestDrive/segment.csv" | Invoke-SegmentPush -Destination 'Webinar EMEA'
        $push.AlreadyMember | Should -Be 500
    }

    It 'can be undone' {
        Export 31 540
        $push = Invoke-SegmentPush -Destination 'Webinar EMEA' -Path "$TestDrive/segment.csv"
        $undone = $push | Undo-SegmentPush -Force -WarningAction SilentlyContinue
        $undone.Removed | Should -Be 10
        (Export-PushReceipt $undone.Id | ConvertFrom-Json).list.agree | Should -BeTrue
    }

    It 'is the daily example, which ends with an exit code' {
        $example = "$PSScriptRoot/../../examples/daily.ps1"
        Export 41 540
        & $example -Destination 'Webinar EMEA' -Path "$TestDrive/seg*.csv" -Receipts $TestDrive | Out-Null
        $LASTEXITCODE | Should -Be 0
        Get-ChildItem $TestDrive -Filter 'receipt-*.json' | Should -HaveCount 1
    }
}
