#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $mapping = @{ email = 'email' }
    $create = @{ Mapping = $mapping; PersonCreation = 'MatchExistingAndCreateMissing' }
}

Describe 'What is piped' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
        $null = New-Person 3 | Invoke-SegmentPush -StaticList 1021 @create
        $null = New-SegmentDestination Other 1021 $mapping
    }

    AfterEach { Exit-TestFolder }

    It 'People are not left out for a file that is named, too: <name>' -ForEach @(
        @{ name = '-Path'; script = { New-Person 2 | Invoke-SegmentPush segment.csv -StaticList 1021 @create } }
        @{ name = '-LiteralPath'; script = { New-Person 2 | Invoke-SegmentPush -LiteralPath segment.csv -Destination Other } }
        @{ name = 'a destination'; script = { Get-SegmentDestination Other | Invoke-SegmentPush -Path segment.csv } }
        @{ name = 'a list'; script = { Get-MarketoStaticList 1021 | Invoke-SegmentPush -Path segment.csv -Mapping $mapping } }
    ) {
        New-Person 5 | Export-Csv segment.csv
        $before = @(Get-PushStatus -State Completed).Count

        Assert-Failure $script ParameterConflict InvalidArgument -Saying 'pipeline', '-StaticList or -Destination'

        Get-PushStatus -State Completed | Should -HaveCount $before
    }

    It 'One list that is not there stops no other' {
        $members = 1021, 99999, 1021 | Get-MarketoStaticListMember -ErrorAction SilentlyContinue -ErrorVariable failed

        $members | Should -HaveCount 6
        $failed.FullyQualifiedErrorId | Should -BeExactly 'StaticListNotFound,SegmentPush.Commands.GetMarketoStaticListMemberCommand'
        $failed.TargetObject | Should -Be 99999

        $lists = 1021, 99999, 'ST1022A1', 'no such list', 'Newsletter' | Get-MarketoStaticList -ErrorAction SilentlyContinue -ErrorVariable failed
        $lists.Id | Should -Be 1021, 1022, 1022
        $failed.TargetObject | Should -Be '99999', 'no such list'
        { 99999, 1021 | Get-MarketoStaticListMember } | Should -Throw -ErrorId 'StaticListNotFound,*'
    }

    It 'Names are piped as texts, too, and one that nothing has stops no other' {
        $null = New-SegmentDestination Second 1021 $mapping
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial

        ('Other', 'nothing', 'Sec*' | Get-SegmentDestination -ErrorAction SilentlyContinue -ErrorVariable failed).Name | Should -Be Other, Second
        $failed.FullyQualifiedErrorId | Should -BeExactly 'DestinationNotFound,SegmentPush.Commands.GetSegmentDestinationCommand'
        ('Other', 'Second' | Set-SegmentDestination -Mode Mirror -PassThru).Mode | Should -Be Mirror, Mirror
        ('Other', 'Second' | Test-SegmentDestination | Group-Object Target).Name | Should -Be Other, Second
        ('Other', 'Second' | Export-SegmentDestination -Path out/ -PassThru).Name | Should -Be Other.json, Second.json
        'Other', 'Second' | Remove-SegmentDestination -Force
        Get-SegmentDestination | Should -BeNullOrEmpty
        ('Trial' | Get-MarketoAccount).Name | Should -Be Trial
        'Trial' | Remove-MarketoAccount
        Get-MarketoAccount | Should -BeNullOrEmpty
        { 'no such task' | Get-SegmentPushTask -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound,*'
    }

    It 'The list of <what> is found, not the person or the push' -ForEach @(
        @{ what = 'a member'; from = { Get-MarketoStaticListMember 1021 | Select-Object -First 1 } }
        @{ what = 'a push'; from = { Get-PushStatus -Last 1 } }
        @{ what = 'a destination'; from = { Get-SegmentDestination Other } }
        @{ what = 'a list'; from = { Get-MarketoStaticList 'Webinar EMEA' } }
        @{ what = 'a row of a table with a list and a person'; from = { [pscustomobject]@{ Id = 4001; StaticListId = '1021' } } }
        @{ what = 'a row of a table of lists'; from = { [pscustomobject]@{ Id = 1021; Name = 'x' } } }
        @{ what = 'a row of Import-Csv'; from = { Get-PushStatus | Export-Csv pushes.csv; Import-Csv pushes.csv } }
    ) {
        (& $from | Get-MarketoStaticList).Id | Should -Be 1021
        & $from | Get-MarketoStaticListMember | Should -HaveCount 3
        (Get-MarketoStaticList -Id (& $from)).Id | Should -Be 1021
        Get-PushStatus -StaticList (& $from) | Should -HaveCount 1
    }

    It 'The id of <what> is taken for no id of a list' -ForEach @(
        @{ what = 'a folder'; from = { Get-MarketoFolder | Select-Object -First 1 } }
        @{ what = 'a folder with nothing but its id'; from = { Get-MarketoFolder | Select-Object -First 1 Id } }
        @{ what = 'a partition'; from = { Get-MarketoPartition | Select-Object -First 1 } }
        @{ what = 'a process'; from = { Get-Process -Id $PID } }
        @{ what = 'a file'; from = { New-Item 1021 -Force } }
    ) {
        foreach ($act in { & $from | Get-MarketoStaticList }, { & $from | Get-MarketoStaticListMember }, { Get-PushStatus -StaticList (& $from) }) {
            { & $act } | Should -Throw '*names no static list*'
        }
    }

    It 'The push of <what> is found' -ForEach @(
        @{ what = 'a push'; from = { Get-PushStatus -Last 1 } }
        @{ what = 'a person of a push'; from = { Get-PushStatus -Last 1 -Outcome All | Select-Object -First 1 } }
        @{ what = 'a short id'; from = { (Get-PushStatus -Last 1).ShortId } }
        @{ what = 'an id'; from = { (Get-PushStatus -Last 1).Id } }
        @{ what = 'a row with an id'; from = { Get-PushStatus -Last 1 | Select-Object Id } }
        @{ what = 'a row with a short id'; from = { Get-PushStatus -Last 1 | Select-Object ShortId } }
        @{ what = 'a row of Import-Csv'; from = { Get-PushStatus | Export-Csv pushes.csv; Import-Csv pushes.csv } }
        @{ what = 'a push of another process'; from = { Get-PushStatus | Export-Clixml push.xml; Import-Clixml push.xml } }
    ) {
        $id = (Get-PushStatus -Last 1).Id
        (& $from | Get-PushStatus).Id | Should -Be $id
        (Get-PushStatus -Id (& $from)).Id | Should -Be $id
        (& $from | Export-PushReceipt | ConvertFrom-Json).pushId | Should -Be $id
    }

    It 'The id of <what> is taken for no end of the id of a push' -ForEach @(
        @{ what = 'a member'; from = { Get-MarketoStaticListMember 1021 | Select-Object -First 1 } }
        @{ what = 'a member with nothing but its id'; from = { Get-MarketoStaticListMember 1021 | Select-Object -First 1 Id } }
        @{ what = 'a list'; from = { Get-MarketoStaticList 'Webinar EMEA' } }
        @{ what = 'a row of a table of people'; from = { [pscustomobject]@{ Id = '4001'; Email = 'person1@example.com' } } }
        @{ what = 'a process'; from = { Get-Process -Id $PID } }
    ) {
        foreach ($cmdlet in 'Get-PushStatus', 'Resume-SegmentPush', 'Undo-SegmentPush', 'Stop-SegmentPush', 'Export-PushReceipt', 'Remove-PushHistory') {
            $null = Assert-Failure { & $from | & $cmdlet } PushIdMalformed InvalidArgument
        }
        $null = Assert-Failure { 4001 | Get-PushStatus } PushIdMalformed -Saying 'the number 4001', 'quotes'
    }

    It 'Digits that PowerShell reads as a number name a push as they were typed' {
        foreach ($digits in '00123456', '1234e567', '12345678') {
            $null = Assert-Failure ([scriptblock]::Create("Get-PushStatus $digits")) PushNotFound -Saying "ends with '$digits'"
        }
    }

    It 'Rows of a wrong delimiter are told as objects, not as a file without a header' {
        "email;first`nperson1@example.com;N" | Set-Content local.csv
        Assert-Failure { Import-Csv local.csv | Select-Object @{ n = 'a;b'; e = { 'x' } } | Invoke-SegmentPush -StaticList 1021 -Mapping @{ 'E-mail' = 'email' } } SourceColumnNotFound -Saying 'in the piped objects.', 'Import-Csv'
    }

    It 'A row of a database has its columns, and nothing else of what a DataRow has' {
        $table = [System.Data.DataTable]::new('People')
        'email', 'first' | ForEach-Object { $null = $table.Columns.Add($_, [string]) }
        $null = $table.Rows.Add('person1@example.com', 'N')
        $null = $table.Rows.Add('person2@example.com', [DBNull]::Value)
        $null = $table.Rows.Add('no address', 'N')

        $push = $table.Rows | Invoke-SegmentPush -StaticList 1021 @create -RejectPath rejected.csv

        $push.Added, $push.Rejected | Should -Be 2, 1
        Get-Content rejected.csv -TotalCount 1 | Should -BeExactly 'email,first,_Row,_Code,_Reason'
    }

    It 'A property that can not be read rejects its row alone' {
        $people = New-Person 3
        $people[1] = [pscustomobject]@{ email = 'person2@example.com' } | Add-Member first -MemberType ScriptProperty { throw 'no' } -PassThru
        $people[2] | Add-Member unread -MemberType ScriptProperty { throw 'no' }

        $push = $people | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email'; first = 'firstName' } -ExistingPeople Update

        $push.Activated, $push.Rejected | Should -Be 2, 1
        $rejected = Get-PushStatus -Id $push.Id -Outcome Rejected
        $rejected.Row, $rejected.Code | Should -Be 2, 'ValueNotText'
        $rejected.Reason | Should -BeLike "*'first' can't be read*"
    }

    It 'A number that is none names nobody, with and without -Culture' {
        $people = [pscustomobject]@{ crmId = [double]::NaN }, [pscustomobject]@{ crmId = 7.0 }

        foreach ($how in @{}, @{ Culture = 'de-DE' }) {
            $push = $people | Invoke-SegmentPush -StaticList 1021 -Mapping (New-SegmentMapping crmId crmId -Identity CRM) -PersonCreation MatchExistingAndCreateMissing -WarningAction SilentlyContinue @how

            $push.Activated, $push.Rejected | Should -Be 1, 1
            (Get-PushStatus -Id $push.Id -Outcome Rejected).Code | Should -Be 'IdentityEmpty'
        }
    }

    It 'A file that was looked at is pushed' {
        New-Person 2 | Export-Csv segment.csv

        $push = Get-SegmentFile segment.csv | Invoke-SegmentPush -StaticList 1022 @create

        "$($push.Received) $(Split-Path -Leaf $push.Source)" | Should -Be '2 segment.csv'
    }

    It 'A saved account connects' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        Connect-MarketoLaunchpoint @sandbox -SaveAs Other

        $connection = Get-MarketoAccount Trial | Connect-MarketoLaunchpoint -PassThru

        $connection.MunchkinId | Should -Be '000-SBX-000'
        Get-MarketoAccount | Connect-MarketoLaunchpoint -PassThru | Should -HaveCount 2
    }

    It 'Files are pushed, each once and all by one push' {
        New-Person 2 | Export-Csv a.csv
        New-Person 2 other.example | Export-Csv b.csv

        $push = Get-Item *.csv | Invoke-SegmentPush -StaticList 1021 @create
        "$($push.State) $($push.Received) $($push.Source.Count)" | Should -Be 'Completed 4 2'
        (Get-ChildItem *.csv | Invoke-SegmentPush -StaticList 1021 @create).Received | Should -Be 4

        $null = New-SegmentDestination Webinar 1021 $mapping -PersonCreation MatchExistingAndCreateMissing
        (Get-Item *.csv | Invoke-SegmentPush -Destination Webinar -SavePlan plan.json).WouldReject | Should -Be 0
        (Invoke-SegmentPush -Plan plan.json).Received | Should -Be 4
    }
}

Describe 'Names with wildcards' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox -SaveAs 'Trial [1]'
        Connect-MarketoLaunchpoint @sandbox -SaveAs 'Trial 1'
        foreach ($name in 'Webinar [1]', 'Webinar 1', 'Webinar 2', 'Other') { $null = New-SegmentDestination $name 1021 @create }
    }

    AfterEach { Exit-TestFolder }

    It 'They remove, export and show all that match' {
        Export-SegmentDestination 'webinar ?' all
        (Get-ChildItem all).BaseName | Should -Be 'Webinar 1', 'Webinar 2'
        Remove-SegmentDestination 'webinar ?' -Force
        (Get-SegmentDestination).Name | Should -Be Other, 'Webinar [1]'
        Remove-MarketoAccount 'trial ?' -Confirm:$false
        (Get-MarketoAccount).Name | Should -Be 'Trial [1]'
    }

    It 'A name with brackets is first taken as it is written' {
        (Get-SegmentDestination 'Webinar [1]').Name | Should -Be 'Webinar [1]'
        Export-SegmentDestination 'webinar [1]' one.json
        (Get-Content one.json -Raw | ConvertFrom-Json).name | Should -Be 'Webinar [1]'
        Remove-SegmentDestination 'Webinar [1]'
        (Get-SegmentDestination).Name | Should -Be Other, 'Webinar 1', 'Webinar 2'
        # Now it is a pattern.
        Remove-SegmentDestination 'Webinar [1]'
        (Get-SegmentDestination).Name | Should -Be Other, 'Webinar 2'

        Remove-MarketoAccount 'Trial [1]'
        (Get-MarketoAccount).Name | Should -Be 'Trial 1'
        (Get-MarketoAccount 'trial [1]').Name | Should -Be 'Trial 1'
    }

    It 'A name that nothing has is an error, and a pattern that matches nothing is none' {
        foreach ($act in { Remove-SegmentDestination $name }, { Export-SegmentDestination $name all }, { Get-SegmentDestination $name }, { Get-PushStatus -Destination $name }) {
            $name = 'Nothing'
            Assert-Failure $act DestinationNotFound ObjectNotFound -Saying Nothing
            $name = 'Nothing*'
            & $act | Should -BeNullOrEmpty
        }
        Assert-Failure { Remove-MarketoAccount Nothing } AccountNotFound ObjectNotFound
        Remove-MarketoAccount Nothing*
    }

    It 'One name that nothing has stops no other' {
        Remove-SegmentDestination Nothing, Other -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.TargetObject | Should -Be Nothing
        Get-SegmentDestination Other -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'Pushes are found by the name of their destination, also after it was removed' {
        New-Person 1 | Export-Csv segment.csv
        foreach ($name in 'Webinar [1]', 'Webinar 1', 'Other') { $null = Invoke-SegmentPush -Destination $name -Path segment.csv }
        Remove-SegmentDestination Other

        (Get-PushStatus -Destination 'Web*').Destination | Should -Be 'Webinar 1', 'Webinar [1]'
        (Get-PushStatus -Destination 'Webinar [1]').Destination | Should -Be 'Webinar [1]'
        (Get-PushStatus -Destination other).Destination | Should -Be Other
        (Get-PushStatus -Destination 'Webinar 2') | Should -BeNullOrEmpty
    }

    It 'A file with brackets in its name is found as it is written' {
        New-Person 2 | Export-Csv -LiteralPath 'segment[1].csv'
        New-Person 1 | Export-Csv segment1.csv

        (Invoke-SegmentPush 'segment[1].csv' -StaticList 1022 @create).Received | Should -Be 2
        (Get-SegmentFile 'segment[1].csv').Rows | Should -Be 2
    }
}
