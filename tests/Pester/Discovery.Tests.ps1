#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $mapping = @{ email = 'email'; first = 'firstName'; last = 'lastName' }
}

Describe 'What an instance has' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'The connection tells who it is, and what is used of the quota of today' {
        $connection = Get-MarketoConnection

        $connection.MunchkinId | Should -Be 000-SBX-000
        $connection.ApiUser | Should -Match '@'
        $connection.CallsToday | Should -Be $connection.Calls
        $connection.DailyCallQuota | Should -Be 50000
        $connection.QuotaResets | Should -BeGreaterThan ([DateTimeOffset]::UtcNow)
        Get-MarketoField email -Connection $connection | Should -HaveCount 1
    }

    It 'A connection that was saved or opened by name has its account' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        (Get-MarketoConnection).Account | Should -Be Trial
    }

    It 'A session that is not connected has no connection' {
        Disconnect-MarketoLaunchpoint
        try { Get-MarketoConnection | Should -BeNullOrEmpty } finally { Connect-MarketoLaunchpoint @sandbox }
    }

    It 'Fields, partitions and folders are found by name, and a name that nothing has is an error' {
        (Get-MarketoField email).Searchable | Should -BeTrue
        (Get-MarketoField post*).Name | Should -Contain postalCode
        (Get-MarketoField -Searchable).Name | Should -Contain email
        Assert-Failure { Get-MarketoField emial } FieldNotFound ObjectNotFound -Saying "'email'"
        (Get-MarketoPartition).Name | Should -Be Default, Europe
        Assert-Failure { Get-MarketoPartition Mars } PartitionNotFound ObjectNotFound -Saying "'Europe'"
        $folder = Get-MarketoFolder 'Group Lists'
        $folder.Type | Should -Be Folder
        New-MarketoStaticList Autumn -Folder $folder.Id | Should -HaveCount 1
        Assert-Failure { Get-MarketoFolder Nowhere } FolderNotFound ObjectNotFound
        (Get-MarketoFolder -Root $folder.Id).Name | Should -Not -Contain 'Group Lists'
    }

    It 'Usage tells calls and errors, and whose they are' {
        try { Get-MarketoStaticListMember 99999 } catch { }

        $today = Get-MarketoUsage
        $today | Should -HaveCount 1
        $today.Calls | Should -BeGreaterThan 1
        $today.Users[0].Calls | Should -Be $today.Calls
        $today.Errors | Should -BeGreaterThan 0
        @(Get-MarketoUsage -Last7Days)[0].Date | Should -Be $today.Date
    }
}

Describe 'Checks' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'A good connection passes every check, and nothing is changed' {
        $before = (Get-MarketoStaticListMember 1022).Id

        $checks = Test-MarketoLaunchpoint -StaticList 1022

        $checks.Check | Should -Be Token, Proxy, Clock, Quota, Permissions, ListWritable
        $checks | Where-Object Outcome -NE Passed | Should -BeNullOrEmpty
        (Get-MarketoStaticListMember 1022).Id | Should -Be $before
    }

    It 'A list that is not there fails its check alone, and says what to do' {
        $checks = Test-MarketoLaunchpoint -StaticList 99999

        $failed = $checks | Where-Object Outcome -EQ Failed
        $failed.Check | Should -Be ListWritable
        $failed.ErrorId | Should -Be StaticListNotFound
        $failed.Action | Should -Not -BeNullOrEmpty
    }

    It 'A quota with nothing but the reserve left is a warning' {
        Connect-MarketoLaunchpoint -Sandbox -DailyCallQuota 1000 -DailyCallReserve 99
        1..12 | ForEach-Object { $null = Get-MarketoPartition }

        (Test-MarketoLaunchpoint | Where-Object Check -EQ Quota).Outcome | Should -Be Warning
    }

    It 'An account that does not connect is a failed check' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Gone
        Disconnect-MarketoLaunchpoint
        Connect-MarketoLaunchpoint @sandbox

        $checks = Test-MarketoLaunchpoint -Account Gone

        $checks | Should -HaveCount 1
        "$($checks.Check) $($checks.Outcome)" | Should -Be 'Token Failed'
        Assert-Failure { Test-MarketoLaunchpoint -Account Nobody } AccountNotFound
    }

    It 'A destination that would run tonight passes, and tells what its push would do' {
        New-Person 20 | Export-Csv segment.csv
        $null = New-SegmentDestination Autumn 1021 $mapping -Mode Mirror -PersonCreation MatchExistingAndCreateMissing

        $checks = Test-SegmentDestination Autumn -Path segment.csv

        $checks.Check | Should -Be Due, LastPush, Connection, ListAndMapping, File, Columns, Quota, Guard
        $checks | Where-Object Outcome -NE Passed | Should -BeNullOrEmpty
        $checks[-1].Detail | Should -BeLike 'The push would add 20 people, take 0 off*'
        Get-PushStatus | Should -BeNullOrEmpty
    }

    It 'What would stop the push of tonight is found: <what>' -ForEach @(
        @{ what = 'a file that is not there'; check = 'File'; errorId = 'FileNotFound'; do = { Remove-Item segment.csv } }
        @{ what = 'a column that is gone'; check = 'Columns'; errorId = 'SourceColumnNotFound'; do = { (Import-Csv segment.csv) | Select-Object email, first | Export-Csv segment.csv } }
        @{ what = 'a segment that is cut off'; check = 'Guard'; errorId = $null; do = { (Import-Csv segment.csv) | Select-Object -First 5 | Export-Csv segment.csv } }
        @{ what = 'an end date in the past'; check = 'Due'; errorId = $null; outcome = 'Warning'; do = { Set-SegmentDestination Autumn -StartDate 2020-01-01 -EndDate 2020-02-01 } }
    ) {
        New-Person 40 | Export-Csv segment.csv
        $null = New-SegmentDestination Autumn 1021 $mapping -Mode Mirror -PersonCreation MatchExistingAndCreateMissing
        $null = Invoke-SegmentPush -Destination Autumn -Path segment.csv
        & $do

        $found = Test-SegmentDestination Autumn -Path segment.csv | Where-Object Outcome -In Warning, Failed

        $found.Check | Should -Be $check
        $found.Outcome | Should -Be ($outcome ? $outcome : 'Failed')
        $found.ErrorId | Should -Be $errorId
        $found.Action | Should -Not -BeNullOrEmpty
    }
}
