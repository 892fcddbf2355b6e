#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force

    function Get-Joiner([int] $First, [int] $Last) { $First..$Last | ForEach-Object { [pscustomobject]@{ email = "joiner$_@example.com"; first = "N, $_" } } }

    function Set-Segment([int] $First, [int] $Last) { Get-Joiner $First $Last | Export-Csv segment.csv }
}

Describe 'A push to a destination' {
    BeforeEach {
        $folder = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        $to = @{ Account = 'Trial'; StaticList = 'Autumn'; CreateList = $true; Folder = 42; Mapping = @{ email = 'email'; first = 'firstName' } }
        $null = New-SegmentDestination 'Webinar EMEA' @to -PersonCreation MatchExistingAndCreateMissing -Mode Mirror -TimeZone Europe/Paris
        $tonight = @{ Destination = 'Webinar EMEA'; Path = 'segment.csv' }
    }

    AfterEach { Exit-TestFolder }

    It 'A scheduled task of one line needs no connection of its own' {
        Set-Segment 1 100
        Connect-MarketoLaunchpoint @sandbox

        $push = Invoke-SegmentPush -Destination 'webinar emea' -Path segment*.csv

        "$($push.State) $($push.Mode) $($push.Received) $($push.Added) $($push.ExitCode) $($push.IsVerified)" | Should -Be 'Completed Mirror 100 100 0 True'
        $push.Destination | Should -BeExactly 'Webinar EMEA'
        (Get-SegmentDestination).Members | Should -Be 100
        (Get-PushStatus -Destination 'Webinar EMEA').Id | Should -Be $push.Id
        Assert-Failure { Get-PushStatus -Destination Other } DestinationNotFound ObjectNotFound -Saying Other
    }

    It 'The list is the segment, day by day, and it is proven' {
        foreach ($day in 0..4) {
            Set-Segment (1 + 10 * $day) (500 + 10 * $day)
            $push = Invoke-SegmentPush @tonight
            $push.State | Should -Be Completed
            $push.IsVerified | Should -BeTrue
            $push.Removed | Should -Be ($day ? 10 : 0)
            $push.AlreadyMember | Should -Be ($day ? 490 : 0)
            Get-MarketoStaticListMember Autumn | Should -HaveCount 500
        }
    }

    It 'Import-Csv brings its people as well as the file does' {
        Set-Segment 1 100
        $null = Invoke-SegmentPush @tonight

        (Import-Csv segment.csv | Invoke-SegmentPush -Destination 'Webinar EMEA').AlreadyMember | Should -Be 100
    }

    It 'The form of its files is kept with a destination, and a push may say otherwise' {
        # Two delimiters fit, the encoding can't be seen, and NULL may be a name.
        $text = "email;first,last`r`n" + ((1..20 | ForEach-Object { "joiner$_@example.com;NULL,Zoë`r`n" }) -join '')
        [IO.File]::WriteAllText("$folder/segment.csv", $text, [Text.Encoding]::GetEncoding(28591))
        $mapping = @{ email = 'email'; 'first,last' = 'firstName' }
        Set-SegmentDestination 'Webinar EMEA' -Mapping $mapping -Path segment.csv -Delimiter ';' -Encoding windows-1252 -NullText 'NULL,Zoë'

        $push = Invoke-SegmentPush -Destination 'Webinar EMEA'

        "$($push.State) $($push.Added)" | Should -Be 'Completed 20'
        Get-MarketoStaticListMember Autumn -Field email, firstName | Where-Object { $_.MoreFields.firstName } | Should -BeNullOrEmpty
        (Test-SegmentDestination 'Webinar EMEA' | Where-Object Check -EQ File).Outcome | Should -Be Passed
        $file = Export-SegmentDestination 'Webinar EMEA' kept.json -PassThru
        (Get-Content $file | ConvertFrom-Json).form.delimiter | Should -Be ';'
        Get-SegmentDestination | Format-List | Out-String | Should -Match 'Delimiter\s+: ;'

        Assert-Failure { Invoke-SegmentPush -Destination 'Webinar EMEA' -Delimiter ',' } SourceColumnNotFound
        Invoke-SegmentPush -Destination 'Webinar EMEA' -NullText @()
        Get-MarketoStaticListMember Autumn -Field firstName | ForEach-Object { $_.MoreFields.firstName } | Should -Contain 'NULL,Zoë'
    }

    It 'Outside its dates nothing is done, and that is no error: <state>' -ForEach @(
        @{ first = 2; last = $null; state = 'NotStarted' }
        @{ first = -9; last = -2; state = 'Ended' }
    ) {
        $dates = @{ StartDate = (Get-Date).Date.AddDays($first); EndDate = $null -eq $last ? $null : (Get-Date).Date.AddDays($last) }
        Set-SegmentDestination 'Webinar EMEA' @dates

        # Not even the file need be there.
        $push = Invoke-SegmentPush -Destination 'Webinar EMEA' -Path nowhere.csv

        "$($push.State) $($push.ExitCode) $($push.Received)" | Should -Be "$state 0 0"
        $push.Reason | Should -BeLike '*Webinar EMEA*'
        Get-PushStatus | Should -BeNullOrEmpty
        (Get-Joiner 1 1 | Invoke-SegmentPush -Destination 'Webinar EMEA').State | Should -Be $state
    }

    It 'The guard has an error id and an exit code of its own, and -Force goes past it' {
        Set-Segment 1 100
        $null = Invoke-SegmentPush @tonight
        Set-Segment 1 50

        $failure = Assert-Failure { Invoke-SegmentPush @tonight } GuardStopped OperationStopped -Saying '-Force'
        $failure.Exception.ExitCode | Should -Be 3
        try { Invoke-SegmentPush @tonight -OutVariable stopped } catch { }
        $stopped.ExitCode | Should -Be 3
        Get-MarketoStaticListMember Autumn | Should -HaveCount 100

        (Invoke-SegmentPush @tonight -Force).Removed | Should -Be 50
        $null = New-Item empty.csv
        Assert-Failure { Invoke-SegmentPush -Destination 'Webinar EMEA' -Path empty.csv } GuardStopped
    }

    It 'A plan tells of each person what would be done, and changes nothing' {
        Set-Segment 1 100
        $null = Invoke-SegmentPush @tonight
        $rows = @(Get-Joiner 1 99) + [pscustomobject]@{ email = 'new@example.com'; first = 'New' }, [pscustomobject]@{ email = 'bad'; first = 'Bad' }, (Get-Joiner 3 3)
        $rows[6].first = 'Other'
        $rows | Export-Csv segment.csv

        $plan = Invoke-SegmentPush @tonight -WhatIf -Detailed

        $sums = $plan[-1]
        "$($sums.Received) $($sums.WouldCreate) $($sums.WouldUpdate) $($sums.WouldAdd) $($sums.WouldRemove) $($sums.Unchanged) $($sums.WouldReject) $($sums.Duplicate)" |
            Should -Be '102 1 1 1 1 98 1 1'
        $sums.GuardReason | Should -BeLike '*1 row has no identity that can be read*'
        $plan | Should -HaveCount 104
        $people = $plan[0..102] | Group-Object Action -AsHashTable -AsString
        $people.Update.Fields | Should -Be firstName
        $people.Create.Identity | Should -Be 'new@example.com'
        $people.Remove.MarketoId | Should -Not -BeNullOrEmpty
        $people.Reject.Code | Should -Be AddressMalformed
        Get-PushStatus | Should -HaveCount 1
    }

    It 'A saved plan is pushed just so, or refused' {
        Set-Segment 1 100
        (Invoke-SegmentPush @tonight -SavePlan plan.json).WouldCreate | Should -Be 100

        $push = Invoke-SegmentPush -Plan plan.json
        "$($push.State) $($push.Created) $($push.Added)" | Should -Be 'Completed 100 100'

        # The list is another one now.
        Assert-Failure { Invoke-SegmentPush -Plan plan.json } PlanOutdated

        # Then the file is.
        $null = Invoke-SegmentPush @tonight -SavePlan plan2.json
        Set-Segment 1 99
        Assert-Failure { Invoke-SegmentPush -Plan plan2.json } PlanOutdated -Saying segment.csv
    }

    It 'A plan is saved whole, also where only its first people are looked at' {
        Set-Segment 1 100
        (Invoke-SegmentPush @tonight -SavePlan plan.json -Detailed | Select-Object -First 1).Identity | Should -Be joiner1@example.com

        Test-Path plan.json | Should -BeTrue
        (Invoke-SegmentPush -Plan plan.json).Added | Should -Be 100
    }

    It 'The warning of rejected rows counts rows, not people who leave the list' {
        New-Person 4 | Export-Csv segment.csv
        $null = Invoke-SegmentPush @tonight
        & { New-Person 1; New-Person 1 'no domain' } | Export-Csv segment.csv

        $push = Invoke-SegmentPush @tonight -Force -WarningVariable warned

        $push.Removed | Should -Be 3
        $warned | Should -BeLike '1 of 2 rows was rejected;*'
    }

    It 'A new sandbox is another instance: what the journal knows of the lists of an ended one does not count (<how>)' -ForEach @(
        @{ how = 'connected'; connect = { Connect-MarketoLaunchpoint @sandbox } }
        @{ how = 'saved as account'; connect = { Connect-MarketoLaunchpoint @sandbox -SaveAs Trial -Force } }
    ) {
        & $connect
        $account = $how -eq 'connected' ? @{} : @{ Account = 'Trial' }
        $null = New-SegmentDestination Today 1021 @{ email = 'email' } -Mode Append @account -PersonCreation MatchExistingAndCreateMissing
        New-Person 3 | Export-Csv today.csv
        (Invoke-SegmentPush -Destination Today -Path today.csv).Added | Should -Be 3
        (Invoke-SegmentPush -Destination Today -Path today.csv).AlreadyMember | Should -Be 3
        Disconnect-MarketoLaunchpoint
        & $connect

        (Invoke-SegmentPush -Destination Today -Path today.csv -WhatIf 6> $null).WouldAdd | Should -Be 3
        (Invoke-SegmentPush -Destination Today -Path today.csv).Added | Should -Be 3
        @(Get-MarketoStaticListMember 1021).Where({ $_.Email -like 'person*' }) | Should -HaveCount 3
        (Invoke-SegmentPush -Destination Today -Path today.csv).AlreadyMember | Should -Be 3
    }

    It 'A push is undone, and its receipt says so' {
        Set-Segment 1 100
        $null = Invoke-SegmentPush @tonight
        Set-Segment 1 90
        $push = Invoke-SegmentPush @tonight

        $plan = Undo-SegmentPush $push.Id -WhatIf
        "$($plan.WouldAdd) $($plan.WouldRemove)" | Should -Be '10 0'
        $undone = $push | Undo-SegmentPush -Force

        "$($undone.State) $($undone.Added) $($undone.UndoOf) $($undone.IsVerified)" | Should -Be "Completed 10 $($push.Id) True"
        Get-MarketoStaticListMember Autumn | Should -HaveCount 100
        $receipt = Export-PushReceipt $undone.Id | ConvertFrom-Json
        "$($receipt.list.before) $($receipt.list.after) $($receipt.list.agree)" | Should -Be '90 100 True'
        (Export-PushReceipt $undone.Id -Path .).FullName | Should -Exist
        Assert-Failure { Export-PushReceipt $undone.Id -Path . } FileExists
    }

    It 'What does not go together is told before anything is sent: <id>' -ForEach @(
        @{ how = @{ Destination = 'Webinar EMEA'; StaticList = 1021 }; id = 'ParameterConflict' }
        @{ how = @{ StaticList = 1021; Mapping = @{ email = 'email' }; Resync = $true }; id = 'ParameterConflict' }
        @{ how = @{ StaticList = 1021 }; id = 'TargetMissing' }
        @{ how = @{ Destination = 'Webinar EMEAA' }; id = 'DestinationNotFound' }
    ) {
        Set-Segment 1 1

        Assert-Failure { Invoke-SegmentPush -Path segment.csv @how } $id
    }
}
