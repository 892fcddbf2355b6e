#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $email = @{ email = 'email' }
    $creating = @{ PersonCreation = 'MatchExistingAndCreateMissing' }

    function Set-Segment([int] $People, [string] $Path = 'segment.csv') { New-Person $People | Select-Object email | Export-Csv $Path }

    function Set-FileTime([string] $Path, [timespan] $Ago) { (Get-Item $Path).LastWriteTimeUtc = [datetime]::UtcNow - $Ago }

    function Get-DueCheck { (Test-SegmentDestination 'Webinar EMEA') | Where-Object Check -EQ Due }

    # The names of what is due, and the warnings about what is not.
    function Get-Due {
        $names = (Get-SegmentDestination -Due -WarningVariable warnings).Name
        [pscustomobject]@{ Names = @($names); Warnings = @($warnings) }
    }
}

Describe 'Files that a destination keeps' {
    BeforeEach {
        $folder = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
        Set-Segment 20
    }

    AfterEach { Exit-TestFolder }

    It 'Are saved as whole paths, so that a push from any folder finds them' {
        $null = New-Item -ItemType Directory exports, elsewhere
        Set-Segment 30 exports/webinar_20261126020000.csv
        $made = New-SegmentDestination 'Webinar EMEA' 1021 $email @creating -Mode Mirror -Path exports/webinar_*.csv

        $made.Path | Should -Be (Join-Path $folder exports webinar_*.csv)
        Set-Location elsewhere
        $push = Invoke-SegmentPush -Destination 'Webinar EMEA'

        $push.State | Should -Be Completed
        $push.Source | Should -Be (Join-Path $folder exports webinar_20261126020000.csv)
        Get-MarketoStaticListMember 1021 | Should -HaveCount 30
    }

    It 'Are not due because their push was undone' {
        $null = New-SegmentDestination 'Webinar EMEA' 1021 $email @creating -Mode Mirror -Path segment.csv
        Set-FileTime segment.csv ([timespan]::FromHours(1))
        $push = Invoke-SegmentPush -Destination 'Webinar EMEA'
        $null = Undo-SegmentPush $push -Force

        Get-MarketoStaticListMember 1021 | Should -BeNullOrEmpty
        (Get-Due).Names | Should -BeNullOrEmpty
        (Get-DueCheck).Detail | Should -BeLike "*not changed since the push $($push.ShortId)*"
    }

    It 'Give way to -Path and to a pipeline' {
        $null = New-SegmentDestination 'Webinar EMEA' 1021 $email @creating -Path segment.csv
        Set-Segment 3 other.csv

        (Invoke-SegmentPush -Destination 'Webinar EMEA' -Path other.csv).Received | Should -Be 3
        (New-Person 5 | Invoke-SegmentPush -Destination 'Webinar EMEA').Received | Should -Be 5
        (Invoke-SegmentPush -Destination 'Webinar EMEA').Received | Should -Be 20
    }

    It 'Are changed and taken out with Set-SegmentDestination' {
        $null = New-SegmentDestination 'Webinar EMEA' 1021 $email -Path segment.csv

        (Set-SegmentDestination 'Webinar EMEA' -Path a.csv, b.csv -PassThru).Path | Should -Be (Join-Path $folder a.csv), (Join-Path $folder b.csv)
        (Set-SegmentDestination 'Webinar EMEA' -Description x -PassThru).Path | Should -HaveCount 2
        (Set-SegmentDestination 'Webinar EMEA' -Path '' -PassThru).Path | Should -BeNullOrEmpty
        Assert-Failure { Invoke-SegmentPush -Destination 'Webinar EMEA' } SegmentMissing InvalidArgument -Saying '-Path'
    }

    It 'Come through a file of the destination, which the schema checks' {
        $null = New-SegmentDestination 'Webinar EMEA' 1021 $email -Path segment.csv, '/exports/web*.csv'
        $file = Export-SegmentDestination 'Webinar EMEA' -Path out/ -PassThru
        $schema = Join-Path (Get-TestPlace).Module segment-destination.schema.json

        (Import-SegmentDestination $file.FullName -Journal other).Path | Should -Be (Join-Path $folder segment.csv), '/exports/web*.csv'
        Test-Json -Path $file.FullName -SchemaFile $schema | Should -BeTrue
        foreach ($whole in '\\\\share\\exports\\*.csv', 'D:\\exports') {
            (Get-Content $file.FullName -Raw).Replace('/exports/web*.csv', $whole) | Test-Json -SchemaFile $schema | Should -BeTrue
        }

        (Get-Content $file.FullName -Raw).Replace('/exports/web*.csv', 'web*.csv') | Set-Content relative.json
        Test-Json -Path relative.json -SchemaFile $schema -ErrorAction Ignore | Should -BeFalse
        Assert-Failure { Import-SegmentDestination relative.json -Journal third } PathNotWhole InvalidArgument -Saying 'web*.csv'
    }

    It 'Can''t stand beside an audience' {
        Connect-ExperiencePlatform -Rehearsal
        $null = New-SegmentDestination 'Webinar EMEA' 1021 @{ 'personalEmail.address' = 'email' } -Path segment.csv

        Assert-Failure { Set-SegmentDestination 'Webinar EMEA' -Audience 'Webinar EMEA' } SegmentTwice InvalidArgument -Saying "-Path ''"

        (Set-SegmentDestination 'Webinar EMEA' -Audience 'Webinar EMEA' -Path '' -PassThru).Audience | Should -Be 'Webinar EMEA'
    }

    It 'Are looked at by Test-SegmentDestination' {
        $null = New-SegmentDestination 'Webinar EMEA' 1021 $email @creating -Path segment.csv

        $checks = Test-SegmentDestination 'Webinar EMEA'

        ($checks | Where-Object Check -EQ File).Detail | Should -BeLike '*segment.csv*'
        ($checks | Where-Object Check -EQ Guard).Detail | Should -BeLike '*add 20 people*'
    }
}

Describe 'What is due' {
    BeforeEach {
        $folder = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
        Set-Segment 20
        Set-FileTime segment.csv '1:00:00'
        $null = New-SegmentDestination 'Webinar EMEA' 1021 $email @creating -Mode Mirror -Path segment.csv
    }

    AfterEach { Exit-TestFolder }

    It 'Is a destination before its first push, not after it, and again with a newer file' {
        (Get-Due).Names | Should -Be 'Webinar EMEA'
        $null = Invoke-SegmentPush -Destination 'Webinar EMEA'

        (Get-Due).Names | Should -BeNullOrEmpty
        (Get-Due).Warnings | Should -BeNullOrEmpty -Because 'nothing is amiss'
        (Get-DueCheck).Outcome | Should -Be Passed
        (Get-DueCheck).Detail | Should -BeLike '*not due*not changed*'

        Set-Segment 21
        (Get-Due).Names | Should -Be 'Webinar EMEA'
        (Get-DueCheck).Detail | Should -BeLike '*due*segment.csv*'
    }

    It 'Is no destination whose export is lost, and both cmdlets say so' {
        $null = Invoke-SegmentPush -Destination 'Webinar EMEA'
        Remove-Item segment.csv

        $due = Get-Due

        $due.Names | Should -BeNullOrEmpty
        "$($due.Warnings)" | Should -BeLike "*'Webinar EMEA' can't be pushed as it is.*segment.csv*"
        (Get-DueCheck).Outcome | Should -Be Warning
        (Get-DueCheck).Detail | Should -BeLike '*segment.csv*'
    }

    It 'Is no destination whose newest export is older than the one before, by its name' {
        Set-SegmentDestination 'Webinar EMEA' -Path web_*.csv
        Set-Segment 20 web_20261125020000.csv
        Set-Segment 30 web_20261126020000.csv
        Get-Item web_*.csv | ForEach-Object { Set-FileTime $_ '1:00:00' }
        (Invoke-SegmentPush -Destination 'Webinar EMEA').Received | Should -Be 30
        Remove-Item web_20261126020000.csv

        $due = Get-Due

        $due.Names | Should -BeNullOrEmpty
        "$($due.Warnings)" | Should -BeLike '*web_20261125020000.csv*older*2026-11-26 02:00*'
        (Get-DueCheck).Outcome | Should -Be Warning

        Set-Segment 31 web_20261127020000.csv
        Set-FileTime web_20261127020000.csv '2:00:00'
        (Get-Due).Names | Should -Be 'Webinar EMEA' -Because 'a copy may keep the time of the original'
    }

    It 'Is no destination whose file was replaced by an older one of the same name' {
        $null = Invoke-SegmentPush -Destination 'Webinar EMEA'
        Set-Segment 5
        Set-FileTime segment.csv '2:00:00'

        $due = Get-Due

        $due.Names | Should -BeNullOrEmpty
        "$($due.Warnings)" | Should -BeLike '*segment.csv*not what was pushed*'
    }

    It 'Is no destination whose export is not complete' {
        Set-SegmentDestination 'Webinar EMEA' -Path web_*.csv
        Set-Segment 20 web_20261126020000_2.csv

        "$((Get-Due).Warnings)" | Should -BeLike '*part 1*missing*'
    }

    It 'Is no destination outside its dates, and none that keeps no segment' {
        Set-SegmentDestination 'Webinar EMEA' -EndDate ([datetime]::Now.AddDays(-3))
        $null = New-SegmentDestination Bare 1022 $email

        (Get-Due).Names | Should -BeNullOrEmpty
        (Get-Due).Warnings | Should -BeNullOrEmpty
        $verbose = Get-SegmentDestination -Due -Verbose 4>&1
        "$verbose" | Should -BeLike '*Bare*keeps no segment*Webinar EMEA*ended*'
    }

    It 'Is a destination whose push failed, and one that leads to another list now' {
        Set-Segment 100
        $null = Invoke-SegmentPush -Destination 'Webinar EMEA'
        Set-Segment 3
        Assert-Failure { Invoke-SegmentPush -Destination 'Webinar EMEA' } GuardStopped
        (Get-Due).Names | Should -Be 'Webinar EMEA' -Because 'its people have not arrived'

        $null = Invoke-SegmentPush -Destination 'Webinar EMEA' -Force
        (Get-Due).Names | Should -BeNullOrEmpty
        Set-SegmentDestination 'Webinar EMEA' -StaticList 1022
        (Get-Due).Names | Should -Be 'Webinar EMEA'
    }

    It 'Is a destination with an audience once a day, in its own time zone' {
        Connect-ExperiencePlatform -Rehearsal
        Set-SegmentDestination 'Webinar EMEA' -Audience 'Webinar EMEA' -Path '' -Mapping @{ 'personalEmail.address' = 'email' }
        (Get-Due).Names | Should -Be 'Webinar EMEA'

        $null = Invoke-SegmentPush -Destination 'Webinar EMEA'

        (Get-Due).Names | Should -BeNullOrEmpty
        (Get-DueCheck).Detail | Should -BeLike '*pushed today*'
    }
}

Describe 'Several destinations in one command' {
    BeforeEach {
        $folder = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
        foreach ($name in 'A', 'B', 'C') { Set-Segment 10 "$name.csv" }
        $null = New-SegmentDestination A 1021 $email @creating -Path A.csv
        $null = New-SegmentDestination B 1022 $email @creating -Path B.csv
        $null = New-SegmentDestination C 'Empty' $email @creating -CreateList -Folder 'Group Lists' -Mode Mirror -Path C.csv
    }

    AfterEach { Exit-TestFolder }

    It 'All are pushed, with one summary at the end' {
        $before = (Get-MarketoStaticListMember 1022).Count
        $night = Get-SegmentDestination -Due | Invoke-SegmentPush

        $night | Should -HaveCount 4
        $night[0..2].Destination | Should -Be A, B, C
        $night[0..2].State | Should -Be Completed, Completed, Completed
        "$($night[3])" | Should -Be '3 destinations: 3 completed, 0 with nothing to do, 0 interrupted, 0 failed; exit code 0'
        $night[3].ExitCode | Should -Be 0
        Get-MarketoStaticListMember 1022 | Should -HaveCount $before -Because 'the ten are on that list of the sandbox'
        Get-SegmentDestination -Due | Invoke-SegmentPush | Should -BeNullOrEmpty
    }

    It 'One that fails does not stop the others, and the worst exit code is told' {
        'name', 'x' | Set-Content A.csv
        Set-SegmentDestination B -EndDate ([datetime]::Now.AddDays(-3))

        $night = Get-SegmentDestination | Invoke-SegmentPush -ErrorAction SilentlyContinue -ErrorVariable wrong

        $wrong | Should -HaveCount 1
        $wrong[0].FullyQualifiedErrorId | Should -BeLike 'SourceColumnNotFound,*'
        $night[-1].Errors | Should -Be 'A: SourceColumnNotFound'
        "$($night[-1])" | Should -BeLike '3 destinations: 1 completed, 1 with nothing to do, 0 interrupted, 1 failed; exit code 1'
        (Get-SegmentDestination A).LastError | Should -Be SourceColumnNotFound
        (Get-SegmentDestination C).LastState | Should -Be Completed
    }

    It 'A push that fails on its way does not stop the others: <code>' -ForEach @(
        @{ code = 3; id = 'GuardStopped'; arrange = { Set-Segment 100 C.csv; $null = Invoke-SegmentPush -Destination C; Set-Segment 2 C.csv } }
        @{ code = 4; id = 'NobodyArrived'; arrange = { Set-SegmentDestination C -PersonCreation MatchExisting -ExistingPeople Keep; New-Person 3 nobody.example | Export-Csv C.csv } }
    ) {
        . $arrange
        $night = 'C', 'A' | ForEach-Object { Get-SegmentDestination $_ } | Invoke-SegmentPush -ErrorAction SilentlyContinue -ErrorVariable wrong

        $wrong.FullyQualifiedErrorId | Should -BeLike "$id,*"
        $night.State | Should -Be Failed, Completed
        $night[-1].ExitCode | Should -Be $code
        $night[-1].Errors | Should -Be "C: $id"
    }

    It 'An error is worse than a stop by the guard' {
        Set-Segment 100 C.csv
        $null = Invoke-SegmentPush -Destination C
        Set-Segment 2 C.csv
        Remove-Item A.csv

        (Get-SegmentDestination | Invoke-SegmentPush -ErrorAction SilentlyContinue)[-1].ExitCode | Should -Be 1
    }

    It '-WhatIf plans each and pushes none' {
        $plans = Get-SegmentDestination | Invoke-SegmentPush -WhatIf

        $plans | Should -HaveCount 3
        $plans.WouldAdd | Should -Be 10, 0, 10
        Get-PushStatus | Should -BeNullOrEmpty
    }

    It 'Each connects with its own account, also to one instance' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs First
        Connect-MarketoLaunchpoint @sandbox -SaveAs Second
        Set-SegmentDestination A -Account First
        Set-SegmentDestination B -Account Second
        Set-Content (Get-ChildItem home/accounts -Filter Second*.secret) wrong -NoNewline

        $night = Get-SegmentDestination A, B | Invoke-SegmentPush -ErrorAction SilentlyContinue -ErrorVariable wrong

        $night[0].State | Should -Be Completed
        $wrong | Should -HaveCount 1 -Because 'the secret of the second account is wrong'
        $night[-1].Failed | Should -Be 1
    }

    It 'A destination is pushed once, and one from a file of objects too' {
        Get-SegmentDestination A | Export-Clixml a.xml

        $night = & { Import-Clixml a.xml; Get-SegmentDestination A } | Invoke-SegmentPush

        $night | Should -HaveCount 2
        $night[0].Destination | Should -Be A
    }

    It 'What can''t be meant is refused before anything is sent' {
        Assert-Failure { Get-SegmentDestination | Invoke-SegmentPush -Destination A } ParameterConflict InvalidArgument -Saying Destination
        Assert-Failure { & { Get-SegmentDestination A; New-Person 1 } | Invoke-SegmentPush } MixedPipeline
        Assert-Failure { Get-SegmentDestination | Invoke-SegmentPush -RejectPath rejected.csv } ParameterConflict -Saying RejectPath
        Assert-Failure { New-Person 1 | Invoke-SegmentPush } TargetMissing

        Get-PushStatus | Should -BeNullOrEmpty
    }

    It 'The summary is a short list' {
        $text = Get-SegmentDestination A | Invoke-SegmentPush | Out-String -Width 80

        $text | Should -Match 'Destinations : 1 = 1 completed'
        $text | Should -Match 'ExitCode     : 0'
    }
}
