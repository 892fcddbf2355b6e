#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    Import-Module "$PSScriptRoot/Support.psm1" -Force

    # A person of the sandbox as Marketo has it.
    function Get-Member([string] $Address) {
        Get-MarketoStaticListMember 1021 -Field dateOfBirth, personScoreUpdated, weight, unsubscribed, leadSource, leadScore | Where-Object Email -EQ $Address
    }

    $create = @{ StaticList = 1021; PersonCreation = 'MatchExistingAndCreateMissing'; WarningAction = 'SilentlyContinue' }
    $mapping = @{ email = 'email'; born = 'dateOfBirth'; seen = 'personScoreUpdated'; weight = 'weight'; optout = 'unsubscribed' }
}

Describe 'Values' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'A DateTime keeps its time and its zone, at midnight too' {
        @(
            [pscustomobject]@{ email = 'a@example.org'; born = [datetime]'1980-02-03'; seen = [datetime]'2026-01-31' }
            [pscustomobject]@{ email = 'b@example.org'; born = [datetime]'1980-02-03'; seen = [datetime]::new(2026, 1, 31, 0, 0, 0, [System.DateTimeKind]::Utc) }
            [pscustomobject]@{ email = 'c@example.org'; born = [datetimeoffset]'1980-02-03T00:00:00-11:00'; seen = [datetimeoffset]'2026-01-31T00:00:00+05:30' }
        ) | Invoke-SegmentPush @create -Mapping @{ email = 'email'; born = 'dateOfBirth'; seen = 'personScoreUpdated' } -TimeZone Asia/Tokyo

        (Get-Member a@example.org).personScoreUpdated | Should -BeExactly '2026-01-31T00:00:00+09:00'
        (Get-Member b@example.org).personScoreUpdated | Should -BeExactly '2026-01-31T00:00:00Z'
        (Get-Member c@example.org).personScoreUpdated | Should -BeExactly '2026-01-31T00:00:00+05:30'
        foreach ($name in 'a', 'b', 'c') { (Get-Member "$name@example.org").dateOfBirth | Should -BeExactly '1980-02-03' }
    }

    It 'A culture reads text, and never a number or a date of a program' {
        $push = @(
            [pscustomobject]@{ email = 'a@example.org'; born = '03.02.1980'; seen = '31.01.2026 14:05'; weight = '1.234'; optout = 'WAHR' }
            [pscustomobject]@{ email = 'b@example.org'; born = [datetime]'1980-02-03'; seen = [datetime]'2026-01-31 14:05'; weight = 1.234; optout = $true }
            [pscustomobject]@{ email = 'c@example.org'; born = '1980-02-03'; seen = '2026-01-31 14:05'; weight = [decimal]'1234'; optout = 'true' }
        ) | Invoke-SegmentPush @create -Mapping $mapping -Culture de-DE -TimeZone Europe/Berlin

        $push.Added | Should -Be 3
        foreach ($name in 'a', 'b', 'c') {
            $person = Get-Member "$name@example.org"
            $person.dateOfBirth, $person.personScoreUpdated, $person.unsubscribed | Should -Be '1980-02-03', '2026-01-31T14:05:00+01:00', 'true'
            $person.weight | Should -BeExactly ($name -eq 'b' ? '1.234' : '1234')
        }
    }

    It 'Text of a culture that is not named is rejected, and -BadField LeaveOut pushes the person without it' {
        'email;born;seen;weight;optout', 'a@example.org;03.02.1980;31.01.2026 14:05;1.234,5;WAHR' | Set-Content segment.csv

        Assert-Failure { Invoke-SegmentPush segment.csv @create -Mapping $mapping } NobodyArrived
        $rejected = Get-PushStatus -Last 1
        $left = Invoke-SegmentPush segment.csv @create -Mapping $mapping -BadField LeaveOut -WarningVariable warnings

        $rejected.Rejected | Should -Be 1
        $reason = (Get-PushStatus -Id $rejected.Id -Outcome Rejected).Reason
        foreach ($field in 'dateOfBirth', 'personScoreUpdated', 'weight', 'unsubscribed') { $reason | Should -BeLike "*'$field'*" }
        # Each of the two dates and the number may be meant in a culture.
        [regex]::Matches($reason, 'name the culture of the file with -Culture').Count | Should -Be 3
        $left.Added, $left.ValuesLeftOut | Should -Be 1, 4
        (Get-PushStatus -Id $left.Id).ValuesLeftOut | Should -Be 4
        "$warnings" | Should -BeLike "*'born' 1*"
        "$warnings" | Should -Not -BeLike '*1980*'
    }

    It 'A resumed push reads values as it began' {
        # Pushes until nothing but the reserve of the day's calls is left.
        Connect-MarketoLaunchpoint -Sandbox -DailyCallQuota 1000
        $seen = @{ email = 'email'; seen = 'personScoreUpdated' }
        foreach ($i in 1..4) {
            'email;seen', "p$i@example.org;31.01.2026 14:05" | Set-Content "segment$i.csv"
            try { Invoke-SegmentPush "segment$i.csv" @create -Mapping $seen -Culture de-DE -TimeZone Asia/Tokyo -DailyCallReserve 99 | Out-Null } catch { $null = $_ }
        }

        $resumed = Get-PushStatus -State Interrupted | Resume-SegmentPush -DailyCallReserve 0

        $resumed.Count | Should -BeGreaterThan 0
        $resumed.State | Select-Object -Unique | Should -Be Completed
        foreach ($i in 1..4) { (Get-Member "p$i@example.org").personScoreUpdated | Should -BeExactly '2026-01-31T14:05:00+09:00' }
    }

    It 'A culture or a time zone that does not exist is refused: <id>' -ForEach @(
        @{ id = 'CultureNotFound'; rules = @{ Culture = 'xx-YY' } }
        @{ id = 'CultureNotFound'; rules = @{ Culture = 'en' } }
        @{ id = 'TimeZoneNotFound'; rules = @{ TimeZone = 'Europe/Nowhere' } }
    ) {
        'email', 'a@example.org' | Set-Content segment.csv

        Assert-Failure { Invoke-SegmentPush segment.csv 1021 @{ email = 'email' } @rules } $id
        Assert-Failure { New-SegmentDestination Webinar 1021 @{ email = 'email' } @rules } $id
    }

    It 'A destination keeps its culture and its rule for bad values, also in a file' {
        $null = New-SegmentDestination Webinar 1021 $mapping -Culture de_de -BadField LeaveOut -TimeZone Europe/Berlin

        Export-SegmentDestination Webinar webinar.json
        Remove-SegmentDestination Webinar -Confirm:$false
        $read = Import-SegmentDestination webinar.json
        $read.Culture, $read.BadField | Should -Be 'de-DE', 'LeaveOut'
        (Set-SegmentDestination Webinar -Culture $null -BadField Reject -PassThru).Culture | Should -BeNullOrEmpty
        'email', 'a@example.org' | Set-Content segment.csv
        foreach ($rule in @{ Culture = 'de-DE' }, @{ TimeZone = 'Asia/Tokyo' }, @{ BadField = 'LeaveOut' }) {
            Assert-Failure { Invoke-SegmentPush segment.csv -Destination Webinar @rule } ParameterConflict
        }
    }

    It 'A property that is not sent may hold anything' {
        $odd = [pscustomobject]@{ email = 'person1@example.com'; born = @(1, 2); weight = @{} }

        ($odd | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email'; born = 'dateOfBirth'; weight = 'weight' }).Added | Should -Be 1
    }
}

Describe 'Constants and proposals' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'A constant is written for each person, given as <_>' -ForEach @(
        { @((New-SegmentMapping email email), (New-SegmentMapping -Value Webinar -Target leadSource), (New-SegmentMapping -Value 7.0 -Target leadScore)) }
        { @(@{ email = 'email' }, @{ Value = 'Webinar'; Target = 'leadSource' }, @{ Value = 7; Target = 'leadScore' }) }
        { "Source,Target,Identity,Value`nemail,email,Email,`n,leadSource,,Webinar`n,leadScore,,007`nfirst,,," | ConvertFrom-Csv }
        { "Source,Target,Identity,Value`nemail,email,Email,`n,leadSource,,Webinar`n,leadScore,,007`nfirst,,," | ConvertFrom-Csv | New-SegmentMapping }
    ) {
        $push = New-Person 2 example.org | Invoke-SegmentPush @create -Mapping (& $_)

        $push.Added | Should -Be 2
        $person = Get-Member person2@example.org
        $person.leadSource, $person.leadScore | Should -Be 'Webinar', '7'
    }

    It 'A constant that is wrong is named before anything is sent: <id>' -ForEach @(
        @{ id = 'ConstantNotValid'; mapping = { @{ email = 'email' }, @{ Value = 'many'; Target = 'leadScore' } } }
        @{ id = 'IdentityIsConstant'; mapping = { @{ Value = 'a@example.org'; Target = 'email' } } }
    ) {
        Assert-Failure { New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping (& $mapping) } $id
        (Get-PushStatus).ErrorId | Should -Be $id
        (Get-PushStatus).Received | Should -Be 0
    }

    It 'An entry needs a source or a value' {
        Assert-Failure { New-SegmentMapping -Target email } MappingEntryMalformed
        Assert-Failure { New-SegmentMapping a email -Value b } MappingEntryMalformed
        Assert-Failure { New-SegmentMapping -Value (1, 2) -Target leadSource } MappingEntryMalformed
    }

    It 'A proposal is a mapping, as it is and after it was a CSV' {
        'workEmail_address,person_name_firstName,Lead Source,shoe size', 'a@example.org,Ann,Web,42' | Set-Content segment.csv

        $proposals = New-SegmentMapping -Auto -Path segment.csv
        $proposals | Export-Csv mapping.csv

        $proposals.Target | Should -Be 'email', 'firstName', 'leadSource', ''
        "$($proposals.Confidence)" | Should -BeExactly 'High High Medium None'
        $proposals.Reason | Should -Not -Contain ''
        (Invoke-SegmentPush segment.csv @create -Mapping $proposals).Created | Should -Be 1
        (Invoke-SegmentPush segment.csv @create -Mapping (Import-Csv mapping.csv | New-SegmentMapping)).Updated | Should -Be 1
        (Get-Member a@example.org).leadSource | Should -BeExactly Web
    }

    It 'Without a connection only well-known fields are proposed, and a warning says so' {
        Disconnect-MarketoLaunchpoint
        'email,crmId', 'a@example.org,1' | Set-Content segment.csv

        $proposals = New-SegmentMapping -Auto -Path segment.csv -WarningVariable warnings -WarningAction SilentlyContinue

        $proposals.Target | Should -Be 'email', ''
        "$warnings" | Should -BeLike '*no connection*'
    }

    It 'All mistakes of a mapping are in one error' {
        Assert-Failure { New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping @{ frist = 'firstName'; lsat = 'lastName' } } SourceColumnNotFound -Saying '3 mistakes', "'frist'", "'lsat'", 'finds the person'
        Assert-Failure { New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email'; first = 'fristName'; last = 'createdAt' } } FieldNotFound -Saying '2 mistakes', "'fristName'", "'createdAt'"
        $both = @{ emial = 'email'; first = 'fristName'; lsat = 'lastName' }
        Assert-Failure { New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping $both } SourceColumnNotFound -Saying '3 mistakes', "'emial'", "'lsat'", "'fristName'"
        Assert-Failure { New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping $both -WhatIf } SourceColumnNotFound -Saying '3 mistakes', "'emial'", "'lsat'", "'fristName'"
    }
}
