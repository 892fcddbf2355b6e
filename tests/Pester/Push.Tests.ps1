#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $mapping = @{ email = 'email'; first = 'firstName'; last = 'lastName' }
    $to = @{ StaticList = 1021; Mapping = $mapping }
    $creating = @{ PersonCreation = 'MatchExistingAndCreateMissing' }

    function Set-Segment([string] $Path) {
        @'
email;first;last
person1@example.com;Ann;Doe
PERSON1@example.com ;Ann;Again
zoe@example.org;Zoë;"O'Hara; ""Jr."""
not-an-address;Bad;Address
'@ | Set-Content $Path
    }
}

Describe 'A push' {
    BeforeEach {
        $folder = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'A file is put on the list, and every row is accounted for' {
        Set-Segment segment.csv

        $push = Invoke-SegmentPush segment.csv 1021 $mapping @creating

        $push.State | Should -Be Completed
        "$($push.Received) $($push.Activated) $($push.Excluded) $($push.Failed) $($push.Created)" | Should -Be '4 2 1 1 1'
        (Get-MarketoStaticListMember 1021 | Where-Object LastName -Like '*; "Jr."').Email | Should -Be 'zoe@example.org'
    }

    It 'Matching is the default, and creates nobody' {
        $push = New-Person 3001 | Invoke-SegmentPush -StaticList 'webinar emea' -Mapping $mapping

        $push.PersonCreation | Should -Be MatchExisting
        $push.Received | Should -Be 3001
        $push.Created | Should -Be 0
        $push.Unmatched | Should -BeGreaterThan 0
        $push.Added + $push.Unmatched | Should -Be 3001
        Get-MarketoStaticListMember -StaticList ST1021A1 | Should -HaveCount $push.Added
    }

    It 'A list may be given as <_>' -ForEach @(
        { 1021 }, { 'ST1021' }, { 'ST1021A1' }, { 'https://app-ab12.marketo.com/#ST1021A1' }, { 'WEBINAR emea' }, { Get-MarketoStaticList -Name 'Webinar*' }
    ) {
        (New-Person 1 | Invoke-SegmentPush -StaticList (& $_) -Mapping $mapping).Added | Should -Be 1
    }

    It '-WhatIf emits the plan, and changes nothing' {
        Set-Segment segment.csv

        $plan = Invoke-SegmentPush segment.csv 1021 $mapping @creating -WhatIf
        $piped = New-Person 2000 | Invoke-SegmentPush @to -WhatIf

        "$($plan.WouldMatch) $($plan.WouldCreate) $($plan.WouldAdd) $($plan.WouldReject)" | Should -Be '1 1 2 1'
        $piped.Received | Should -Be 2000
        $piped.WouldMatch + $piped.Unmatched | Should -Be 2000
        Get-MarketoStaticListMember 1021 | Should -BeNullOrEmpty
        Get-PushStatus | Should -BeNullOrEmpty
    }

    It '-WhatIf holds when a calling function has it' {
        function Push-Everybody { [CmdletBinding(SupportsShouldProcess)] param() New-Person 3 | Invoke-SegmentPush @to @creating }

        (Push-Everybody -WhatIf).WouldAdd | Should -Be 3

        Get-MarketoStaticListMember 1021 | Should -BeNullOrEmpty
        (Push-Everybody).Added | Should -Be 3
    }

    It 'A large segment goes by import, and says so' {
        $push = New-Person 21000 example.net | Invoke-SegmentPush @to @creating

        $push.Delivery | Should -Be Bulk
        $push.Added | Should -Be 21000
        $push.Calls | Should -BeLessThan 10
    }

    It 'Rejected rows can be mended and pushed again' {
        Set-Segment segment.csv

        $push = Invoke-SegmentPush segment.csv 1021 $mapping -RejectPath bad.csv
        $bad = Get-Content bad.csv -Raw
        $bad.Replace('not-an-address', 'person7@example.com') | Set-Content bad.csv -NoNewline
        $mended = Invoke-SegmentPush bad.csv 1021 $mapping

        $push.RejectPath | Should -Be (Join-Path $folder bad.csv)
        $bad | Should -BeLike "email;first;last;_Row;_Code;_Reason`r`nnot-an-address;Bad;Address;4;AddressMalformed;*"
        "$($mended.Received) $($mended.Added)" | Should -Be '1 1'
    }

    It 'Piped rows are rejected into a file that Import-Csv reads' {
        $null = & { New-Person 5; New-Person 1 'no domain' } | Invoke-SegmentPush @to -RejectPath bad.csv

        $bad = Import-Csv bad.csv
        "$($bad.email) $($bad.first) $($bad.last) $($bad._Row) $($bad._Code)" | Should -Be 'person1@no domain First1 Last, "1" 6 AddressMalformed'
        Get-ChildItem home -Filter *.csv | Should -BeNullOrEmpty
    }

    It 'Wildcards lead to all their files, and a literal path to one' {
        "email,first,last`nperson1@example.com,a,b" | Set-Content 'day 1.csv'
        "email,first,last`nperson1@example.com,a,b`nperson2@example.com,a,b" | Set-Content 'day 2.csv'
        "email,first,last`nperson3@example.com,a,b" | Set-Content -LiteralPath 'day [3].csv'

        $all = Invoke-SegmentPush -Path 'day ?.csv' @to
        $one = Invoke-SegmentPush -LiteralPath 'day [3].csv' @to

        "$($all.Received) $($all.Added) $($all.Duplicate)" | Should -Be '3 2 1'
        $one.Added | Should -Be 1
    }

    It 'A file that is no segment is refused before any call: <id>' -ForEach @(
        @{ name = 'missing.csv'; text = $null; id = 'FileNotFound' }
        @{ name = 'empty.csv'; text = ''; id = 'FileEmpty' }
        @{ name = 'header.csv'; text = "email,first,last`r`n"; id = 'FileHasNoRows' }
        @{ name = 'twice.csv'; text = "email,first,last,EMAIL`r`na,b,c,d`r`n"; id = 'DuplicateColumn' }
        @{ name = 'binary.csv'; text = 'email\0first\0'; id = 'BinaryFile' }
        @{ name = '.'; text = $null; id = 'FolderHasNoSegment' }
        @{ name = '_SUCCES?'; file = '_SUCCESS'; text = 'x'; id = 'FolderHasNoSegment' }
        @{ name = 'Variable:/PID'; text = $null; id = 'NotAFilePath' }
    ) {
        # A report of the tests may not hold the character itself.
        if ($null -ne $text) { Set-Content ($file ?? $name) $text.Replace('\0', "`0") -NoNewline }

        Assert-Failure { Invoke-SegmentPush $name 1021 $mapping } $id

        $status = Get-PushStatus
        "$($status.State) $($status.ErrorId) $($status.Calls) $($status.ExitCode)" | Should -Be "Failed $id 0 1"
    }

    It 'What Marketo or the machine does not have is named before anything is changed: <id>' -ForEach @(
        @{ how = @{ StaticList = 99999 }; id = 'StaticListNotFound' }
        @{ how = @{ StaticList = 'No such list' }; id = 'StaticListNotFound' }
        @{ how = @{ StaticList = 1021; Partition = 'Nowhere' }; id = 'PartitionNotFound' }
        @{ how = @{ StaticList = 1021; RejectPath = "$PSCommandPath/bad.csv" }; id = 'RejectPathNotWritable' }
    ) {
        Assert-Failure { New-Person 1 | Invoke-SegmentPush -Mapping $mapping @how } $id
    }

    It 'A pipeline of something else is refused: <_>' -ForEach 'text', 42 {
        Assert-Failure { $_ | Invoke-SegmentPush @to } NotAPerson
    }

    It 'An empty pipeline is an error' {
        Assert-Failure { @() | Invoke-SegmentPush @to } SegmentEmpty
    }
}

Describe 'The example''s segment' {
    BeforeAll {
        $segment = Join-Path (Get-TestPlace).Root examples segment.csv
        $mapping = @(
            New-SegmentMapping -Source personalEmail.address -Target email -Identity Email
            New-SegmentMapping -Source person.name.firstName -Target firstName
            New-SegmentMapping -Source person.name.lastName -Target lastName
            New-SegmentMapping -Source b2b.companyName -Target company
        )
        $to = @{ StaticList = 1021; Mapping = $mapping }
    }

    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'Every row of Import-Csv is accounted for' {
        $push = Import-Csv $segment | Invoke-SegmentPush @to

        $push.State | Should -Be Completed
        $push.Received | Should -Be 40
        $push.Activated + $push.Excluded + $push.Failed | Should -Be 40
        $push.Created | Should -Be 0
    }

    It 'The file does the same as the pipeline' {
        $file = Invoke-SegmentPush -Path $segment @to
        Connect-MarketoLaunchpoint @sandbox
        $piped = Import-Csv $segment | Invoke-SegmentPush @to

        foreach ($sum in 'Received', 'Added', 'Activated', 'Excluded', 'Failed') { $piped.$sum | Should -Be $file.$sum }
        $file.Added | Should -BeGreaterThan 0
        $people = foreach ($push in $file, $piped) { , (Get-PushStatus -Id $push.Id -Outcome Rejected, Unmatched, Duplicate) }
        $people[0] | Should -HaveCount ($file.Excluded + $file.Failed)
        Compare-Object $people[0] $people[1] -Property Row, Identity, Outcome, Code | Should -BeNullOrEmpty
    }

    It 'The missing are created with their accents, commas and line breaks' {
        $null = Invoke-SegmentPush $segment 1021 $mapping @creating

        $people = Get-MarketoStaticListMember 1021 -Field company | Group-Object Email -AsHashTable -AsString
        $people['newcomer12@example.org'].LastName | Should -Be (Import-Csv $segment | Where-Object 'personalEmail.address' -EQ newcomer12@example.org).'person.name.lastName'
        $people['newcomer4@example.org'].company | Should -Be 'Start-up 4; Ltd'
    }

    It 'Ids and lists are completed from the journal' {
        $push = Import-Csv $segment | Invoke-SegmentPush @to

        (Get-Completion 'Get-PushStatus -Id ').ListItemText | Should -Contain "$($push.ShortId) Completed Webinar EMEA"
        (Get-Completion 'Get-MarketoStaticListMember -StaticList Web').CompletionText | Should -Contain "'Webinar EMEA'"
    }
}
