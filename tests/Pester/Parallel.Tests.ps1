#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $manifest = (Get-TestPlace).Manifest
}

Describe 'Pushes in jobs and in parallel' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        $connection = Connect-MarketoLaunchpoint @sandbox -SaveAs Trial -PassThru
        # People that the sandbox does not know.
        New-Person 700 example.net | Export-Csv segment.csv
        $mapping = @{ email = 'email'; first = 'firstName' }
    }

    AfterEach { Exit-TestFolder }

    It 'A job of another process connects with a saved account, and its status comes back' {
        $job = Start-Job {
            Import-Module $using:manifest
            Connect-MarketoLaunchpoint -Account Trial
            Import-Csv segment.csv | Invoke-SegmentPush -StaticList 1021 -Mapping $using:mapping -PersonCreation MatchExistingAndCreateMissing
        }
        $push = $job | Receive-Job -Wait -AutoRemoveJob

        "$($push.State) $($push.Received) $($push.Added)" | Should -Be 'Completed 700 700'
        Get-MarketoStaticListMember 1021 | Should -HaveCount 700
        (Get-PushStatus).Id | Should -Be $push.Id
    }

    It 'A connection that is handed to another process says how to connect there' {
        $job = Start-Job {
            Import-Module $using:manifest
            Get-MarketoStaticList -Connection $using:connection
        }
        { $job | Receive-Job -Wait -AutoRemoveJob } | Should -Throw '*Connect-MarketoLaunchpoint -SaveAs*-Account*'
    }

    It 'A failure in a job is an error of the job, with its id' {
        $job = Start-ThreadJob {
            Import-Module $using:manifest
            Invoke-SegmentPush missing.csv 1021 $using:mapping -Connection $using:connection
        }
        { $job | Receive-Job -Wait -AutoRemoveJob } | Should -Throw -ErrorId 'FileNotFound,SegmentPush.Commands.InvokeSegmentPushCommand'
    }

    It 'A thread job pushes with the connection that it is handed' {
        $job = Start-ThreadJob {
            Import-Module $using:manifest
            Import-Csv segment.csv | Invoke-SegmentPush -StaticList 1021 -Mapping $using:mapping -PersonCreation MatchExistingAndCreateMissing -Connection $using:connection
        }
        $push = $job | Receive-Job -Wait -AutoRemoveJob

        "$($push.State) $($push.Received) $($push.Added)" | Should -Be 'Completed 700 700'
        Get-MarketoStaticListMember 1021 | Should -HaveCount 700
    }

    It 'ForEach-Object -Parallel pushes into several lists at once, and every person is accounted for in each' {
        $lists = 1021, 1022, (New-MarketoStaticList 'Third list' 42).Id
        $before = @(Get-MarketoStaticListMember 1022).Count

        $pushes = $lists | ForEach-Object -Parallel {
            Import-Module $using:manifest
            Invoke-SegmentPush -Path segment.csv -StaticList $_ -Mapping $using:mapping -PersonCreation MatchExistingAndCreateMissing -Connection $using:connection
        }

        $pushes.State | Should -Be (@('Completed') * 3)
        $pushes.StaticListId | Sort-Object | Should -Be ($lists | Sort-Object)
        foreach ($push in $pushes) { $push.Added + $push.AlreadyMember | Should -Be 700 }
        Get-MarketoStaticListMember 1021 | Should -HaveCount 700
        Get-MarketoStaticListMember $lists[2] | Should -HaveCount 700
        Get-MarketoStaticListMember 1022 | Should -HaveCount ($before + 700)
        # Nobody was created twice.
        ($pushes | Measure-Object Created -Sum).Sum | Should -Be 700
        Get-MarketoStaticListMember 1021 | Group-Object Email | Where-Object Count -GT 1 | Should -BeNullOrEmpty
    }

    It 'Pushes into one list take turns with -WaitForList' {
        $pushes = 1..3 | ForEach-Object -Parallel {
            Import-Module $using:manifest
            Invoke-SegmentPush -Path segment.csv -StaticList 1021 -Mapping $using:mapping -PersonCreation MatchExistingAndCreateMissing -Connection $using:connection -WaitForList 00:01:00
        }

        $pushes.State | Should -Be (@('Completed') * 3)
        $pushes.Created | Sort-Object | Should -Be 0, 0, 700
        Get-MarketoStaticListMember 1021 | Should -HaveCount 700
    }

    It 'A parallel push that fails does not stop the others' {
        $ErrorActionPreference = 'Continue'
        $all = 1021, 99999, 1022 | ForEach-Object -Parallel {
            Import-Module $using:manifest
            Invoke-SegmentPush -Path segment.csv -StaticList $_ -Mapping $using:mapping -PersonCreation MatchExistingAndCreateMissing -Connection $using:connection
        } 2>&1

        $wrong, $pushes = $all.Where({ $_ -is [System.Management.Automation.ErrorRecord] }, 'Split')
        $pushes.StaticListId | Sort-Object | Should -Be 1021, 1022
        $wrong.FullyQualifiedErrorId | Should -BeLike 'StaticListNotFound,*'
    }
}
