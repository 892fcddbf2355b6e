#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $mapping = @{ email = 'email'; first = 'firstName'; last = 'lastName' }

    function Push-Segment([int] $Count) {
        New-Person $Count | Export-Csv segment.csv
        Invoke-SegmentPush -Destination Autumn -Path segment.csv
    }
}

Describe 'Undo-SegmentPush' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
        $null = New-SegmentDestination Autumn 1021 $mapping -Mode Append -PersonCreation MatchExistingAndCreateMissing
    }

    AfterEach { Exit-TestFolder }

    It 'Shows first who would be taken off' {
        $push = Push-Segment 3

        $people, $plan = (Undo-SegmentPush $push -WhatIf -Detailed).Where({ $_.Action }, 'Split')

        $plan.WouldRemove | Should -Be 3
        $people.Identity | Sort-Object | Should -Be person1@example.com, person2@example.com, person3@example.com
        $people.Action | Select-Object -Unique | Should -Be Remove
        ($plan | Out-String) -split '\r?\n' -match '^WouldRemove +: 3$' | Should -HaveCount 1
        Get-MarketoStaticListMember 1021 | Should -HaveCount 3
    }

    It 'Has a message of its own where the guard stops it, and a number of removals lets it through' {
        $push = Push-Segment 3

        Assert-Failure { Undo-SegmentPush $push -Confirm:$false } GuardStopped OperationStopped -Saying 'undo of the push', $push.ShortId, 'first of 3 removals', '-MaxRemovals 3'
        Assert-Failure { Undo-SegmentPush $push -Confirm:$false -MaxRemovals 2 } GuardStopped -Saying 'more than 2 people'

        Assert-Failure { Resume-SegmentPush -Last } NothingToResume
        Assert-Failure { Resume-SegmentPush (Get-PushStatus -Last 1) } NotResumable -Saying 'not resumed, but done again', "Undo-SegmentPush -Id $($push.ShortId) again"
        (Undo-SegmentPush $push -Confirm:$false -MaxRemovals 3).Removed | Should -Be 3
        Get-MarketoStaticListMember 1021 | Should -BeNullOrEmpty
    }

    It 'Names a push that was undone, or that changed nobody, and leaves it' {
        $push = Push-Segment 3
        $undo = Undo-SegmentPush $push -Force
        Assert-Failure { Undo-SegmentPush $push -Force } AlreadyUndone InvalidOperation -Saying "push $($push.ShortId) was", "push $($undo.ShortId)."

        try { New-Person 5 'no domain' | Export-Csv bad.csv; $null = Invoke-SegmentPush -Destination Autumn -Path bad.csv } catch { }
        Assert-Failure { Undo-SegmentPush (Get-PushStatus -State Failed) -Force } NotUndoable InvalidOperation -Saying Failed, 'changed nobody'
    }

    It 'Does not promise more removals than the plan, where newer pushes may have taken people off' {
        $null = Set-SegmentDestination Autumn -Mode Mirror -MaxRemovalPercent 90 -MaxShrinkPercent 90
        $first = Push-Segment 5
        $null = Push-Segment 3

        $null = Start-Transcript said.txt
        $plan = Undo-SegmentPush $first -Alone -WhatIf
        $null = Stop-Transcript

        $plan.WouldRemove | Should -Be 3
        Get-Content said.txt -Raw | Should -Match 'Take at most 5 people off static list .* to undo push \w+ alone'
    }

    It 'Undoes an older push alone only where that is said' {
        $first = Push-Segment 3
        $null = Push-Segment 5

        Assert-Failure { Undo-SegmentPush $first -Force } PushNotLast -Saying '1 push has changed', '-Alone'
        (Undo-SegmentPush $first -Force -Alone).Removed | Should -Be 3
        Get-MarketoStaticListMember 1021 | Should -HaveCount 2
    }
}
