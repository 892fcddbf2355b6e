#Requires -Version 7.6
BeforeDiscovery {
    # Files that Import-Csv reads as they are meant, once it is told their delimiter and encoding.
    $corpus = Join-Path $PSScriptRoot .. Corpus
    $both = @(
        Get-ChildItem $corpus -Filter *.csv
        Get-ChildItem (Join-Path $corpus Cases) -Filter *.csv -Recurse
    ) | Where-Object FullName -NotMatch 'backslash|escape|sep-line|blank-lines|blanks-only|cell|quote|cr\.csv|encod|noncharacters|nul-at|latin1|1252|utf8\.csv|odd|surrogate|ebcdic|empty\.csv|binary|random|png|pdf|zip|gzip|html|json\.csv|only|no-header|comment|duplicate-column|empty-column|twobom|two-boms|oneplus|wide|trailing|cut-|barecommas|utf16|utf32|mixed|line-separators|control|text-after|form-feed' |
        ForEach-Object { @{ name = [System.IO.Path]::GetRelativePath($corpus, $_.FullName); file = $_.FullName } }
}

BeforeAll {
    $ErrorActionPreference = 'Stop'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $cases = Join-Path (Get-TestPlace).Root tests Corpus Cases
    $samples = Join-Path (Get-TestPlace).Root tests Corpus Samples
    $create = @{ StaticList = 1021; PersonCreation = 'MatchExistingAndCreateMissing'; WarningAction = 'SilentlyContinue' }
    $person = @{ email = 'email'; firstName = 'firstName' }

    function Get-Arrived([string[]] $Field = 'firstName') { Get-MarketoStaticListMember 1021 -Field $Field | Sort-Object Email }
}

Describe 'Files' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint -Sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'Get-SegmentFile shows the form of a file and its first rows' {
        $file = Get-SegmentFile (Join-Path $cases 02-aep-backslash-escape seg.csv) -SampleSize 2

        $file.Format, $file.Compression, $file.Encoding, $file.Delimiter, $file.Escape | Should -Be 'Delimited', 'None', 'utf-8', ',', 'Backslash'
        $file.Rows | Should -Be 9
        $file.Columns | Should -Be 'email', 'title', 'lastName'
        $file.Sample.title | Should -Be 'Head of "Ops"', 'The "Best", Inc'
    }

    It 'Get-SegmentFile shows the rows of a file with lists, which no column could be mapped from as a whole' {
        '{"email":"a@example.com","tags":["x","y"],"name":{"first":"Ann"}}' | Set-Content a.json

        $sample = (Get-SegmentFile a.json).Sample

        $sample.email, $sample.'name.first' | Should -Be 'a@example.com', 'Ann'
    }

    It 'A folder with exports of several segments is refused before any call, and a path with wildcards tells which one is meant' {
        'email', 'a@example.com' | Set-Content 'W_segment12341e18-abcd-49c2-836d-123c88e76c39_20261101020000.csv'
        'email', 'b@example.com' | Set-Content 'Z_segment99941e18-abcd-49c2-836d-123c88e76c39_20261101020000.csv'

        $null = Assert-Failure { Invoke-SegmentPush . @create -Mapping @{ email = 'email' } } SegmentAmbiguous -Saying 'one by one'
        $null = Invoke-SegmentPush W_* @create -Mapping @{ email = 'email' }
        (Get-Arrived).Email | Should -Be 'a@example.com'
        (Invoke-SegmentPush (Get-ChildItem *.csv).FullName @create -Mapping @{ email = 'email' }).Received | Should -Be 2
    }

    It 'A literal path into a folder that is not there is FileNotFound' {
        $null = Assert-Failure { Invoke-SegmentPush -LiteralPath (Join-Path $PWD none a.csv) @create -Mapping @{ email = 'email' } } FileNotFound
    }

    It 'Lines that SQL Server writes around its rows are nobody, by file and through Import-Csv' {
        'email,firstName', '-----,---------', 'a@example.com,Ann', '', '(1 row affected)' | Set-Content a.csv

        (Invoke-SegmentPush a.csv @create -Mapping $person).Received | Should -Be 1
        (Import-Csv a.csv | Invoke-SegmentPush @create -Mapping $person).Received | Should -Be 1
    }

    It 'Get-SegmentFile of a folder shows the parts of its exports, and no marker' {
        $files = Get-SegmentFile (Join-Path $cases 14-folder-of-export exp)

        $files.Part | Should -Be 1, 1, 2
        $files[2].SegmentId | Should -Be '12341e18-abcd-49c2-836d-123c88e76c39'
        (Get-SegmentFile (Join-Path $cases 14-folder-of-export exp) -Newest).Parts | Should -Be 2, 2
    }

    It 'Get-SegmentFile goes on after a file that can not be read' {
        'a,b', '1,"2' | Set-Content open.csv
        'a,b', '1,2' | Set-Content whole.csv

        $files = Get-SegmentFile *.csv -ErrorAction SilentlyContinue -ErrorVariable failed

        $files.Name | Should -Be whole.csv
        $failed.FullyQualifiedErrorId | Should -Be 'SourceUnreadable,SegmentPush.Commands.GetSegmentFileCommand'
    }

    It 'A folder is pushed as its newest complete export with -Newest' {
        $push = Invoke-SegmentPush (Join-Path $cases 14-folder-of-export exp) -Newest @create -Mapping @{ email = 'email' }

        $push.Received | Should -Be 3
        (Get-Arrived).Email | Should -Be 'person2@example.com', 'person3@example.com', 'person4@example.com'
    }

    It 'Files of Get-Item and Get-ChildItem are pushed, and markers among them are left out' {
        $push = Get-ChildItem (Join-Path $cases 14-folder-of-export exp) -File | Invoke-SegmentPush -Newest @create -Mapping @{ email = 'email' }

        $push.Received | Should -Be 3
        Assert-Failure { Get-Item (Join-Path $cases 04-delimiters one.csv), $PSCommandPath | ForEach-Object { $_; [pscustomobject]@{ email = 'x@example.com' } } | Invoke-SegmentPush @create -Mapping @{ email = 'email' } } MixedPipeline
    }

    It 'Files of Resolve-Path are pushed' {
        New-Person 3 | Export-Csv a.csv
        New-Person 4 | Export-Csv b.csv

        $push = Resolve-Path *.csv | Invoke-SegmentPush @create -Mapping @{ email = 'email' }

        $push.Received | Should -Be 7
        Split-Path $push.Source -Leaf | Should -Be a.csv, b.csv
    }

    It 'What can be read in two ways is refused before any call until the user says which' {
        'email,firstName', 'a@example.com,"C:\\Temp"' | Set-Content a.csv

        Assert-Failure { Invoke-SegmentPush a.csv @create -Mapping $person } EscapeAmbiguous
        $null = Invoke-SegmentPush a.csv @create -Mapping $person -Escape Backslash
        (Get-Arrived firstName).FirstName | Should -BeExactly 'C:\Temp'
    }

    It 'The form stands in the plan, in the status and in the verbose text' {
        'email;firstName', 'a@example.com;Ann' | Set-Content a.csv
        $line = "delimited, utf-8, delimiter ';', escape Double, no null text, 2 columns, 1 row"

        (Invoke-SegmentPush a.csv @create -Mapping $person -WhatIf).Form | Should -BeExactly $line
        $push = Invoke-SegmentPush a.csv @create -Mapping $person -Verbose 4>&1 | Tee-Object -Variable all | Where-Object { $_ -isnot [System.Management.Automation.VerboseRecord] }
        $push.Form | Should -BeExactly $line
        (Get-PushStatus -Id $push.Id).Form | Should -BeExactly $line
        "$all" | Should -BeLike "*$line*"
    }

    It 'A file of Excel in ANSI arrives with -Encoding in all its forms' -ForEach 1252, 'ansi', 'windows-1252', ([System.Text.Encoding]::GetEncoding(1252)) {
        if ($_ -eq 'ansi') { [cultureinfo]::CurrentCulture = 'en-US' }
        $file = Join-Path $cases 27-windows-1252 seg.csv

        Assert-Failure { Invoke-SegmentPush $file @create -Mapping $person } EncodingUnknown
        $null = Invoke-SegmentPush $file @create -Mapping $person -Encoding $_
        (Get-Arrived firstName).FirstName | Should -BeExactly 'Renée', 'Ann', "Müller $([char]0x201C)quoted$([char]0x201D)"
    }

    It 'NULL in another file gives one warning with its count and the parameter' {
        'email,firstName', 'a@example.com,NULL', 'b@example.com,NULL', 'c@example.com,Null' | Set-Content a.csv

        $null = Invoke-SegmentPush a.csv -StaticList 1021 -Mapping $person -PersonCreation MatchExistingAndCreateMissing -WarningVariable told -WarningAction SilentlyContinue
        $told.Message | Should -Be "'$((Get-Item a.csv).FullName)' has cells with NULL (2 in 'firstName'), which are sent as text. If they mean no value, say so with -NullText."
        $null = Invoke-SegmentPush a.csv -StaticList 1021 -Mapping $person -PersonCreation MatchExistingAndCreateMissing -NullText NULL -WarningVariable told
        $told | Should -BeNullOrEmpty
    }

    It 'JSON and Parquet of the same people are the same push' {
        $mapping = @{ 'identityMap.Email' = 'email'; 'person.name.firstName' = 'firstName' }
        $arrived = foreach ($file in Get-ChildItem $samples -Filter profile-nested.*) {
            Connect-MarketoLaunchpoint @sandbox
            $push = Invoke-SegmentPush -LiteralPath $file.FullName @create -Mapping $mapping
            $push.Added | Should -BeGreaterThan 100
            $push.Received | Should -Be ($push.Activated + $push.Excluded + $push.Failed)
            "$($push.Received) $($push.Added) $($push.Rejected)" + (Get-Arrived firstName | ForEach-Object { "|$($_.Email),$($_.FirstName)" })
        }

        $arrived.Count | Should -Be 5
        @($arrived | Select-Object -Unique).Count | Should -Be 1
    }
}

Describe 'Lines of a file' {
    BeforeEach { $null = Enter-TestFolder $TestDrive }

    AfterEach { Exit-TestFolder }

    It 'A rejected row is named by its line too, where cells hold line ends or lines come before the header' {
        Connect-MarketoLaunchpoint @sandbox
        "email,note`r`nperson1@example.com,plain`r`nbad1,plain`r`nperson2@example.com,`"one`r`ntwo`r`nthree`"`r`nbad2,`"four`r`nfive`"`r`n`r`nbad3,x`r`n" | Set-Content segment.csv -NoNewline

        $push = Invoke-SegmentPush segment.csv 1021 @{ email = 'email' } -RejectPath rejects.csv -MaxRejectPercent 100

        $people = Get-PushStatus -Id $push.Id -Outcome Rejected
        $people.Row | Should -Be 2, 4, 5
        # The first rows are where everybody expects them: row 2 is on line 3.
        $people[0].Reason | Should -Not -BeLike '*line*'
        $people[1].Reason | Should -BeLike '*Row 4 is on line 7 of the file.'
        $people[2].Reason | Should -BeLike '*Row 5 is on line 10 of the file.'
        (Import-Csv rejects.csv)._Reason | Should -Be $people.Reason
        # The commonest reason counts them together.
        (Assert-Failure { Invoke-SegmentPush segment.csv 1021 @{ email = 'email' } -MaxRejectPercent 10 } TooManyRejected -Saying AddressMalformed, '3 rows') | Should -Not -BeNullOrEmpty
    }
}

Describe 'Objects of the pipeline' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint -Sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'A property that only later objects have is read' {
        $push = 1..1500 | ForEach-Object {
            $row = [ordered]@{ email = "later$_@example.org" }
            if ($_ -gt 1200) { $row.firstName = "F$_" }
            [pscustomobject]$row
        } | Invoke-SegmentPush @create -Mapping $person

        $push.Added | Should -Be 1500
        (Get-Arrived firstName | Where-Object FirstName).Count | Should -Be 300
    }

    It 'A property that no object has is an error before any call' {
        Assert-Failure { [pscustomobject]@{ email = 'a@example.com' } | Invoke-SegmentPush @create -Mapping $person } SourceColumnNotFound
    }

    It 'Nested objects are read by paths, as JSON files are' {
        $rows = '{"identityMap":{"Email":[{"id":"a@example.com"},{"id":"b@example.com","primary":true}]},"person":{"name":{"firstName":"Ann"}}}'

        $null = $rows | ConvertFrom-Json | Invoke-SegmentPush @create -Mapping @{ 'identityMap.Email' = 'email'; 'person.name.firstName' = 'firstName' }

        $arrived = Get-Arrived firstName
        "$($arrived.Email) $($arrived.FirstName)" | Should -Be 'b@example.com Ann'
    }

    It 'Objects tell by nested memberships who has left, and lists that are not read are no fault: <how>' -ForEach @(
        @{ how = 'found'; membership = @{} }
        @{ how = 'named'; membership = @{ MembershipColumn = 'segmentMembership.ups.s1.status' } }
    ) {
        Connect-MarketoLaunchpoint -Sandbox -SaveAs trial
        $null = New-SegmentDestination Delta -Account trial -StaticList 1021 -Mode Delta -Mapping @{ email = 'email'; tags = 'firstName' } -PersonCreation MatchExisting @membership -WarningAction SilentlyContinue
        $people = '{"email":"person1@example.com","tags":["a","b"],"other":[1],"segmentMembership":{"ups":{"s1":{"status":"exited"}}}}',
            '{"email":"person2@example.com","tags":["a","b"],"other":[1],"segmentMembership":{"ups":{"s1":{"status":"realized"}}}}' | ConvertFrom-Json

        $push = $people | Invoke-SegmentPush -Destination Delta -WarningAction SilentlyContinue

        $push.Rejected | Should -Be 0
        $push.Received | Should -Be 2
        (Get-PushStatus -Id $push.Id -Outcome AlreadyMember, Added).Identity | Should -Be person2@example.com
    }

    It 'A list in a property that is mapped by another spelling of its name is a fault' {
        $people = '{"email":"ann@example.com","person_name_firstName":["a","b"]}', '{"email":"bob@example.com","person_name_firstName":"Bob"}' | ConvertFrom-Json

        $push = $people | Invoke-SegmentPush @create -Mapping @{ email = 'email'; 'person.name.firstName' = 'firstName' }

        (Get-PushStatus -Id $push.Id -Outcome Rejected).Code | Should -Be ValueNotText
    }

    It 'DBNull and null are empty, and lists that nobody maps are no fault with a reject file' {
        $push = @(
            [pscustomobject]@{ email = 'a@example.com'; firstName = [DBNull]::Value; tags = 1, 2 }
            [pscustomobject]@{ email = 'bad'; firstName = $null; tags = 1, @{ x = 'y' } }
        ) | Invoke-SegmentPush @create -Mapping $person -RejectPath bad.csv

        $push.Added, $push.Rejected | Should -Be 1, 1
        (Import-Csv bad.csv).tags | Should -BeExactly '[1,{"x":"y"}]'
    }

    It 'An empty pipeline is an error without a destination, and an empty segment with one' {
        Assert-Failure { @() | Invoke-SegmentPush @create -Mapping $person } SegmentEmpty
        New-SegmentDestination 'Empty' 1021 $person -Mode Append
        (@() | Invoke-SegmentPush -Destination Empty).Received | Should -Be 0
    }
}

Describe 'Rows by file and by pipeline' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
    }

    AfterEach { Exit-TestFolder }

    It '<name> gives the same people both ways' -ForEach $both {
        $form = Get-SegmentFile -LiteralPath $file -SampleSize 0 -ErrorAction Ignore
        $mapping = @{}
        foreach ($column in $form.Columns) {
            $target = switch -Regex ($column.Trim()) {
                '^(e.?mail|personalEmail_address|mail)$' { 'email' }
                '^(first.?name|person_name_firstName)$' { 'firstName' }
                '^(last.?name|person_name_lastName)$' { 'lastName' }
                '^company$' { 'company' }
            }
            if ($target -and $mapping.Values -notcontains $target) { $mapping[$column] = $target }
        }
        if ($mapping.Values -notcontains 'email') { $mapping = @{ email = 'email' } }

        $arrived = foreach ($way in 'file', 'pipeline') {
            Connect-MarketoLaunchpoint -Sandbox
            $push = try {
                if ($way -eq 'file') { Invoke-SegmentPush -LiteralPath $file @create -Mapping $mapping }
                else { Import-Csv -LiteralPath $file -Delimiter ($form.Delimiter ?? ',') -Encoding ($form.Encoding ?? 'utf8') | Invoke-SegmentPush @create -Mapping $mapping }
            }
            catch { $_.FullyQualifiedErrorId }
            $codes = if ($push -isnot [string]) { (Get-PushStatus -Id $push.Id -Outcome Rejected).Code }
            "$($push.Received) $($push.Added) $codes" + (Get-Arrived firstName, lastName, company | ForEach-Object { "|$($_.Email),$($_.FirstName),$($_.LastName),$($_.Company)" })
        }

        $arrived[1] | Should -BeExactly $arrived[0]
    }
}

Describe 'Reject files' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint -Sandbox
        'email;firstName', 'bad1;=1+1', 'bad2;+44 20 7946', 'bad3;-5', 'bad4;"Head of ""Ops""; Paris"', 'fine@example.com;x' | Set-Content segment.csv
        $null = Invoke-SegmentPush segment.csv @create -Mapping $person -RejectPath rejected.csv -MaxRejectPercent 100
        (Get-Content rejected.csv) -replace '^bad(\d)', 'good$1@example.com' | Set-Content mended.csv
    }

    AfterEach { Exit-TestFolder }

    It 'Rows come back <way> as they were' -ForEach @{ way = 'by file' }, @{ way = 'through Import-Csv' }, @{ way = 'after the three columns were deleted' } {
        $null = switch ($way) {
            'by file' { Invoke-SegmentPush mended.csv @create -Mapping $person }
            'through Import-Csv' { Import-Csv mended.csv -Delimiter ';' | Invoke-SegmentPush @create -Mapping $person }
            default {
                Import-Csv mended.csv -Delimiter ';' | Select-Object * -ExcludeProperty _Row, _Code, _Reason | Export-Csv own.csv -Delimiter ';'
                Invoke-SegmentPush own.csv @create -Mapping $person
            }
        }

        (Get-Arrived firstName | Where-Object Email -Like 'good*').FirstName | Should -BeExactly '=1+1', '+44 20 7946', '-5', 'Head of "Ops"; Paris'
    }

    It 'Only what a spreadsheet would run as a formula is altered' {
        Get-Content rejected.csv | Select-Object -First 4 | ForEach-Object { ($_ -split ';')[0..1] -join ';' } | Should -BeExactly @("email;firstName'", "bad1;'=1+1", 'bad2;+44 20 7946', 'bad3;-5')
    }

    It 'The file of yesterday goes where nobody is rejected today' {
        $null = Invoke-SegmentPush mended.csv @create -Mapping $person -RejectPath rejected.csv

        'rejected.csv' | Should -Not -Exist
    }

    It 'A file that is no reject file stays' {
        Assert-Failure { Invoke-SegmentPush mended.csv @create -Mapping $person -RejectPath segment.csv } RejectPathExists
    }
}
