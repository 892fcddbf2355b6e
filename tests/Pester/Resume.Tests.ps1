#Requires -Version 7.6
Describe 'A push that is stopped in a real pwsh' {
    BeforeAll {
        Import-Module "$PSScriptRoot/../../artifacts/SegmentPush" -Force
        $env:SEGMENTPUSH_HOME = "$TestDrive/home"
        $connection = Connect-MarketoLaunchpoint -Sandbox -PassThru -CallsPer20Seconds 100
        1..25000 | ForEach-Object { [pscustomobject]@{ email = "person$_@example.com"; first = "N$_" } } | Export-Csv "$TestDrive/segment.csv"
    }

    AfterAll { Disconnect-MarketoLaunchpoint }

    It 'is finished by Resume-SegmentPush, though its rows came through the pipeline' {
        $mapping = @{ email = 'email'; first = 'firstName' }
        $to = @{ StaticList = 1021; Mapping = $mapping; Delivery = 'Sync'; Connection = $connection }

        # The consumer has seen enough as soon as the push has made ten calls, as with Ctrl+C.
        $seen = Import-Csv "$TestDrive/segment.csv" | Invoke-SegmentPush @to -Verbose 4>&1 | Select-Object -First 10
        $stopped = Get-PushStatus -Last 1
        $resumed = Get-PushStatus -State Interrupted | Resume-SegmentPush -Connection $connection -WarningAction SilentlyContinue

        $seen.Count | Should -Be 10
        $stopped.State | Should -Be Interrupted
        $resumed.Id | Should -Be $stopped.Id
        $resumed.State | Should -Be Completed
        $resumed.NotDelivered | Should -Be 0
        $resumed.Activated + $resumed.Excluded | Should -Be $resumed.Received
        $resumed.Activated | Should -BeGreaterThan 0
        @(Get-MarketoStaticListMember 1021).Count | Should -Be $resumed.Activated
        Get-ChildItem $env:SEGMENTPUSH_HOME -Filter 'spool-*' | Should -BeNullOrEmpty
    }

    It 'is named by Remove-PushHistory -WhatIf and then taken out' {
        Remove-PushHistory -Before (Get-Date).AddDays(1) -WhatIf
        @(Get-PushStatus).Count | Should -Be 1

        Remove-PushHistory -Before (Get-Date).AddDays(1)
        Get-PushStatus | Should -BeNullOrEmpty
    }
}
