#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $to = @{ Path = 'segment.csv'; StaticList = 1021; Mapping = @{ email = 'email' } }

    function Set-Segment([string[]] $Address) { $Address | ForEach-Object { [pscustomobject]@{ email = $_ } } | Export-Csv segment.csv }
}

Describe 'A push for which too few people arrive' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'Emits its status and then an error with the same exit code, and has nothing to resume' {
        Set-Segment nobody1@example.com, nobody2@example.com, bad

        $failure = Assert-Failure { Invoke-SegmentPush @to -OutVariable script:shown } NobodyArrived InvalidResult -Saying 'NobodyFound (2 rows)'

        $failure.Exception.ExitCode | Should -Be 4
        $script:shown.Id | Should -Be (Get-PushStatus -Last 1).Id
        $push = Get-PushStatus -Last 1
        "$($push.State) $($push.ErrorId) $($push.ExitCode) $($push.Unmatched) $($push.Rejected)" | Should -Be 'Failed NobodyArrived 4 2 1'
        Assert-Failure { Resume-SegmentPush $push.Id } NothingToResume
        Assert-Failure { Resume-SegmentPush -Last } NothingToResume
    }

    It 'Takes the limit of rejected rows that is given with it' {
        Set-Segment person1@example.com, bad1, bad2

        Assert-Failure { Invoke-SegmentPush @to } TooManyRejected

        $push = Invoke-SegmentPush @to -MaxRejectPercent 67
        "$($push.State) $($push.ExitCode)" | Should -Be 'Completed 0'
        (Invoke-SegmentPush @to -WhatIf).ArrivalReason | Should -Be '2 of 3 rows would be rejected, which is more than 50%.'
        (Invoke-SegmentPush @to -MaxRejectPercent 67 -WhatIf).ArrivalReason | Should -BeNullOrEmpty
    }

    It 'Takes the limit of its destination, which is changed, exported and imported' {
        $toDestination = @{ Destination = 'Webinar'; Path = 'segment.csv' }
        Set-Segment person1@example.com, bad1, bad2

        (New-SegmentDestination Webinar 1021 $to.Mapping).MaxRejectPercent | Should -Be 50
        Assert-Failure { Invoke-SegmentPush @toDestination } TooManyRejected
        (Invoke-SegmentPush @toDestination -MaxRejectPercent 70).State | Should -Be Completed

        (Set-SegmentDestination Webinar -MaxRejectPercent 67 -PassThru).MaxRejectPercent | Should -Be 67
        (Invoke-SegmentPush @toDestination).State | Should -Be Completed
        Assert-Failure { Invoke-SegmentPush @toDestination -MaxRejectPercent 10 } TooManyRejected

        Export-SegmentDestination Webinar webinar.json
        Remove-SegmentDestination Webinar
        (Import-SegmentDestination webinar.json).MaxRejectPercent | Should -Be 67
    }

    It 'Takes the limit with which its plan was made' {
        Set-Segment person1@example.com, bad1, bad2
        $null = New-SegmentDestination Webinar 1021 $to.Mapping
        $null = Invoke-SegmentPush -Destination Webinar -Path segment.csv -MaxRejectPercent 80 -SavePlan plan.json

        Assert-Failure { Invoke-SegmentPush -Plan plan.json -MaxRejectPercent 10 } ParameterConflict
        (Invoke-SegmentPush -Plan plan.json).State | Should -Be Completed
    }
}

Describe 'The address of a list' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
        Set-Segment person1@example.com
    }

    AfterEach { Exit-TestFolder }

    It 'Names the list, and that of a smart list is refused' {
        $classic = 'https://experience.adobe.com/#/@acme/so:000-SBX-000/marketo-engage/classic'
        $rest = @{ Path = 'segment.csv'; Mapping = $to.Mapping }

        (Invoke-SegmentPush @rest -StaticList "$classic/ST1021A1?x=1").StaticListId | Should -Be 1021
        Assert-Failure { Invoke-SegmentPush @rest -StaticList "$classic/SL1021A1" } InvalidStaticList -Saying 'a smart list'
    }
}
