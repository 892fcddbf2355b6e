#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $to = @{ StaticList = 1021; Mapping = @{ email = 'email'; first = 'firstName'; last = 'lastName' } }

    # Uses the day's calls up but for the reserve, so that the push of the people is interrupted. Emits its error.
    function Invoke-InterruptedPush([int] $People) {
        Connect-MarketoLaunchpoint @sandbox -DailyCallQuota 1000
        foreach ($i in 1..3) { try { $null = New-Person 1 | Invoke-SegmentPush -StaticList 1022 -Mapping $to.Mapping -DailyCallReserve 98 } catch { } }
        $null = Get-MarketoStaticList
        try { $null = New-Person $People | Invoke-SegmentPush @to -DailyCallReserve 98 } catch { $_ }
    }
}

Describe 'Resuming' {
    BeforeEach { $null = Enter-TestFolder $TestDrive }

    AfterEach { Exit-TestFolder }

    It 'A push that the quota interrupted says when it can go on, and is resumed from the pipeline' {
        $failure = Invoke-InterruptedPush 900
        $before = Get-PushStatus -State Interrupted
        $after = $before | Resume-SegmentPush -DailyCallReserve 0

        $failure.FullyQualifiedErrorId | Should -BeLike 'DailyReserveReached,*'
        $failure.CategoryInfo.Category | Should -Be LimitsExceeded
        $before.Reason | Should -BeLike '*00:00 US Central*'
        $after.Id | Should -Be $before.Id
        "$($after.State) $($after.Received) $($after.NotDelivered)" | Should -Be 'Completed 900 0'
        Get-ChildItem . -Filter 'spool-*' -Recurse | Should -BeNullOrEmpty
    }

    It '-WhatIf resumes nothing, and -Last finds the last one' {
        $null = Invoke-InterruptedPush 10

        Resume-SegmentPush -Last -WhatIf
        (Get-PushStatus -Last 1).State | Should -Be Interrupted

        (Resume-SegmentPush -Last -DailyCallReserve 0).State | Should -Be Completed
    }

    It 'One that cannot be resumed does not stop the others' {
        Connect-MarketoLaunchpoint @sandbox
        $first = New-Person 1 | Invoke-SegmentPush @to

        Resume-SegmentPush -Id $first.Id, (New-Guid) -ErrorAction SilentlyContinue -ErrorVariable wrong

        $wrong.FullyQualifiedErrorId | Should -Be @(
            'NothingToResume,SegmentPush.Commands.ResumeSegmentPushCommand', 'PushNotFound,SegmentPush.Commands.ResumeSegmentPushCommand')
    }

    It '-WhatIf promises no more than a resume would do' {
        Connect-MarketoLaunchpoint @sandbox
        $complete = New-Person 1 | Invoke-SegmentPush @to

        Assert-Failure { Resume-SegmentPush -Id $complete.Id -WhatIf } NothingToResume
    }
}

Describe 'A push whose destination is removed' {
    BeforeEach { $null = Enter-TestFolder $TestDrive }

    AfterEach { Exit-TestFolder }

    It 'A warning names it, and it goes on once there is such a destination again' {
        Connect-MarketoLaunchpoint @sandbox -DailyCallQuota 1000
        $webinar = @{ Name = 'Webinar'; StaticList = 1021; Mapping = @{ email = 'email' }; Mode = 'Mirror'; PersonCreation = 'MatchExistingAndCreateMissing' }
        $null = New-SegmentDestination @webinar
        $null = New-SegmentDestination Other 1022 @{ email = 'email' }
        foreach ($i in 1..3) { try { $null = New-Person 1 | Invoke-SegmentPush -Destination Other -DailyCallReserve 98 } catch { } }
        $null = Get-MarketoStaticList
        New-Person 900 | Export-Csv people.csv
        try { $null = Invoke-SegmentPush -Destination Webinar -Path people.csv -DailyCallReserve 98 } catch { }
        $push = Get-PushStatus -State Interrupted

        Remove-SegmentDestination Webinar -WarningVariable said
        Remove-SegmentDestination Other -WarningVariable saidOfComplete

        $said | Should -HaveCount 1
        "$said" | Should -BeLike "The push $($push.ShortId) of the destination 'Webinar' has not completed*Stop-SegmentPush -Id $($push.ShortId) gives it up."
        $saidOfComplete | Should -BeNullOrEmpty
        Assert-Failure { Resume-SegmentPush $push.Id -DailyCallReserve 0 } DestinationNotFound ObjectNotFound
        $null = New-SegmentDestination @webinar
        (Resume-SegmentPush $push.Id -DailyCallReserve 0).State | Should -Be Completed
        Get-MarketoStaticListMember 1021 | Should -HaveCount 900
    }
}

Describe 'A push that a newer one has superseded' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox -DailyCallQuota 1000
        $null = New-SegmentDestination Webinar 1021 @{ email = 'email' } -Mode Mirror -PersonCreation MatchExistingAndCreateMissing -MaxRemovalPercent 100 -MaxShrinkPercent 100
        foreach ($i in 1..3) { try { $null = New-Person 1 | Invoke-SegmentPush -StaticList 1022 -Mapping $to.Mapping -DailyCallReserve 98 } catch { } }
        $null = Get-MarketoStaticList
        New-Person 900 | Export-Csv yesterday.csv
        try { $null = Invoke-SegmentPush -Destination Webinar -Path yesterday.csv -DailyCallReserve 98 } catch { }
        $old = Get-PushStatus -State Interrupted
        New-Person 20 | Export-Csv today.csv
        $null = Invoke-SegmentPush -Destination Webinar -Path today.csv -DailyCallReserve 0 -Force
    }

    AfterEach { Exit-TestFolder }

    It 'It is shown as such, left out of the interrupted ones, and refused, so that today''s list stays' {
        (Get-PushStatus -Id $old.Id).State | Should -Be Superseded
        Get-PushStatus -State Interrupted | Resume-SegmentPush | Should -BeNullOrEmpty
        Assert-Failure { Resume-SegmentPush -Last } NothingToResume InvalidOperation
        (Assert-Failure { Resume-SegmentPush $old.Id } Superseded InvalidOperation -Saying '-Force', 'Stop-SegmentPush').TargetObject | Should -Be $old.Id
        Get-MarketoStaticListMember 1021 | Should -HaveCount 20
    }

    It 'It is resumed with -Force' {
        (Resume-SegmentPush $old.Id -Force -DailyCallReserve 0).State | Should -Be Completed
        Get-MarketoStaticListMember 1021 | Should -HaveCount 900
    }

    It 'It is given up for good, and its history stays' {
        Get-PushStatus -State Superseded | Stop-SegmentPush -WhatIf | Should -BeNullOrEmpty
        (Get-PushStatus -Id $old.Id).State | Should -Be Superseded

        (Get-PushStatus -State Superseded | Stop-SegmentPush).State | Should -Be Abandoned

        $now = Get-PushStatus -Id $old.Id
        "$($now.State) $($now.Received) $($now.Started)" | Should -Be "Abandoned $($old.Received) $($old.Started)"
        Assert-Failure { Resume-SegmentPush $old.Id -Force } Abandoned InvalidOperation
        Get-PushStatus -State Superseded, Interrupted | Should -BeNullOrEmpty
        Assert-Failure { Get-PushStatus -Last 1 | Stop-SegmentPush } NothingToAbandon InvalidOperation
        Assert-Failure { Stop-SegmentPush (New-Guid) } PushNotFound ObjectNotFound
        Assert-Failure { Stop-SegmentPush $null } IdMissing
    }
}

Describe 'The journal' {
    BeforeEach {
        $folder = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'History is removed by date and by id, and -WhatIf names it and leaves it' {
        $pushes = foreach ($i in 1..3) { New-Person 3 | Invoke-SegmentPush @to }

        Remove-PushHistory -Before (Get-Date).AddDays(1) -WhatIf
        Get-PushStatus | Should -HaveCount 3

        $pushes[1] | Remove-PushHistory
        (Get-PushStatus).Id | Should -Be $pushes[2].Id, $pushes[0].Id

        Remove-PushHistory -Before (Get-Date).AddDays(-1)
        Get-PushStatus | Should -HaveCount 2

        Remove-PushHistory -Before (Get-Date).AddDays(1) -Force
        Get-PushStatus | Should -BeNullOrEmpty
    }

    It 'Another journal is chosen by its path, and only its owner can read it' {
        $other = Join-Path $folder 'other journal'

        $null = New-Person 3 | Invoke-SegmentPush @to -JournalPath $other

        Get-PushStatus | Should -BeNullOrEmpty
        Get-PushStatus -JournalPath $other | Should -HaveCount 1
        if (-not $IsWindows) { (Get-Item -LiteralPath $other).UnixMode | Should -Be 'drwx------' }
    }

    It 'With hashed identities people are shown by their rows' {
        $person = New-Person 1 | Invoke-SegmentPush @to -JournalIdentity Hash | Get-PushStatus -Outcome Added

        $person.Row | Should -Be 1
        $person.Identity | Should -BeNullOrEmpty
    }
}
