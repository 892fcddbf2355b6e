#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $mapping = @{ email = 'email'; first = 'firstName'; last = 'lastName' }

    # Lines of a view as a window of this width shows them.
    function Get-ViewLine($Object, [int] $Width = 80) { ($Object | Out-String -Width $Width) -split '\r?\n' -ne '' }

    function Invoke-FailedPush { try { $null = New-Person 5 'no domain' | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping } catch { } }
}

Describe 'Views' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'The table of pushes fits 80 columns, and its short id is taken by the next command' {
        $null = New-SegmentDestination 'Webinar EMEA spring campaign' 1022 $mapping -Mode Append
        New-Person 4 | Export-Csv segment.csv
        $null = Invoke-SegmentPush -Destination 'Webinar EMEA spring campaign' -Path segment.csv
        Invoke-FailedPush

        $lines = Get-ViewLine (Get-PushStatus)

        $lines | Where-Object Length -GT 80 | Should -BeNullOrEmpty
        $lines[0] | Should -Match '^Id\s+Started\s+State\s+Added\s+Removed\s+Destination\s*$'
        $failed, $completed = Get-PushStatus
        $row = $lines -match '^[0-9a-f]{8} .* Failed '
        (Get-PushStatus -Id $row.Substring(0, 8)).Id | Should -Be $failed.Id
        ($lines -join ' ' -replace '\s+', ' ') | Should -BeLike '*Nothing was sent: all rows were rejected, 5 of 5.*AddressMalformed*'
        ($lines -join ' ' -replace '\s+', ' ') | Should -BeLike '*Webinar EMEA spring campaign*'
    }

    It 'The table of pushes shows how many people were not activated' {
        $null = & { New-Person 2; New-Person 1 nobody.example; New-Person 1 'no domain'; New-Person 1 } | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping 3>$null

        (Get-ViewLine (Get-PushStatus)) -join ' ' -replace '\s+', ' ' | Should -BeLike '* Completed 2 0 * 1 failed, 2 excluded*'
    }

    It 'No state is ever cut' {
        $push = New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping
        foreach ($state in [enum]::GetValues($push.State.GetType())) {
            $push | Add-Member State $state -Force
            $lines = Get-ViewLine $push
            $lines -match " $state " | Should -HaveCount 1
            $lines | Where-Object Length -GT 80 | Should -BeNullOrEmpty
        }
    }

    It 'An undo is one in the table, in its line and in what it tells' {
        $null = New-SegmentDestination Autumn 1021 $mapping -Mode Append -PersonCreation MatchExistingAndCreateMissing
        $push = New-Person 2 | Invoke-SegmentPush -Destination Autumn
        $undo = Undo-SegmentPush $push.Id -Force -InformationVariable told

        (Get-ViewLine $undo) -join ' ' -replace '\s+', ' ' | Should -BeLike "*Autumn undo of $($push.ShortId)*"
        "$undo" | Should -BeLike "Push $($undo.ShortId) into Autumn, undo of $($push.ShortId): Completed,*"
        "$($told[0])" | Should -BeLike "*undo of $($push.ShortId)*"
        "$($told[-1])" | Should -BeLike "*undo of $($push.ShortId)*"
        "$push" | Should -Not -BeLike '*undo*'
    }

    It 'Headings and labels are names of properties or parameters' {
        $assembly = (Get-MarketoConnection).GetType().Assembly
        [xml] $views = Get-Content "$((Get-TestPlace).Module)/SegmentPush.Format.ps1xml"
        $names = @(foreach ($type in $assembly.GetExportedTypes()) { $type.GetProperties().Name }) +
            @((Get-Command -Module SegmentPush).Parameters.Keys) + 'Instance' | Select-Object -Unique
        $labels = @($views.SelectNodes('//Label').InnerText | Select-Object -Unique)

        $labels.Count | Should -BeGreaterThan 50
        $labels | Where-Object { $_ -notin $names } | Should -BeNullOrEmpty
    }

    It 'An object of any type that follows objects of another type is a short list' {
        $null = New-SegmentDestination Autumn 1022 $mapping -Mode Append
        New-Person 1 | Export-Csv a.csv
        $push = Invoke-SegmentPush a.csv -StaticList 1021 -Mapping $mapping
        $plan = Invoke-SegmentPush a.csv -StaticList 1021 -Mapping $mapping -WhatIf
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        Connect-ExperiencePlatform -Rehearsal -SaveAs Trial
        $things = $push, $plan, (Invoke-SegmentPush a.csv -StaticList 1021 -Mapping $mapping -WhatIf -Detailed)[0], (Get-SegmentDestination), (Get-SegmentDestination).Mapping[0],
            (Get-PushStatus -Outcome All)[0], (Get-SegmentFile a.csv), (New-SegmentMapping -Auto -Path a.csv)[0], (Get-MarketoAccount), (Get-MarketoConnection), (Get-MarketoStaticList)[0],
            (Get-MarketoStaticListMember 1022)[0], (Get-MarketoField)[0], (Get-MarketoPartition)[0], (Get-MarketoFolder)[0], (Get-MarketoUsage)[0], (Test-MarketoLaunchpoint)[0],
            (Get-PlatformAccount), (Get-PlatformAudience)[0],
            (Invoke-SegmentPush -Audience 'Webinar EMEA' -StaticList 1021 -Mapping @{ 'identityMap.Email' = 'email' } -WhatIf)

        $check = (Test-MarketoLaunchpoint)[0]
        foreach ($thing in $things) {
            $first = $thing -is $things[0].GetType() ? $things[3] : $things[0]
            $lines = Get-ViewLine ($first, $thing) | Select-Object -Skip 3
            $properties = @($lines -match '^\w+ +: ')
            $properties.Count | Should -BeIn (2..14) -Because $thing.GetType().Name
            # The sentence of a check tells the zone.
            $lines -match ($thing -is $check.GetType() ? '\{' : '\{|\+00:00') | Should -BeNullOrEmpty -Because $thing.GetType().Name
        }
    }

    It 'A plan names its rows in their order, and people of no row last' {
        $null = New-SegmentDestination Autumn 1021 $mapping -Mode Mirror -PersonCreation MatchExistingAndCreateMissing
        $null = New-Person 4 | Invoke-SegmentPush -Destination Autumn
        $plan = & { New-Person 1; New-Person 1 'no domain'; New-Person 1; New-Person 3 | Select-Object -Last 1 } | Invoke-SegmentPush -Destination Autumn -WhatIf -Detailed

        $people = @($plan | Where-Object { $null -ne $_.Action })
        $people.Row | Select-Object -First 4 | Should -Be 1, 2, 3, 4
        $removed = @($people | Where-Object Action -EQ Remove)
        $removed | Should -HaveCount 2
        @($removed.Row) -ne $null | Should -BeNullOrEmpty
        $people[-1].Action | Should -Be Remove
        "$($people[-1])" | Should -BeLike 'Id * of the static list: Remove'
    }

    It 'A person that no row names has no row' {
        $null = New-SegmentDestination Autumn 1021 $mapping -Mode Mirror -PersonCreation MatchExistingAndCreateMissing
        $null = New-Person 4 | Invoke-SegmentPush -Destination Autumn
        $null = New-Person 3 | Invoke-SegmentPush -Destination Autumn -Force

        $removed = Get-PushStatus -Last 1 -Outcome Removed
        $removed | Should -HaveCount 1
        $null -eq $removed.Row | Should -BeTrue
        $removed.Source | Should -Be 'static list'
        (Get-PushStatus -Last 1 -Outcome AlreadyMember).Row | Should -Be 1, 2, 3
    }

    It 'A reason is wrapped between words' {
        Invoke-FailedPush

        $lines = Get-ViewLine (Get-PushStatus -Outcome Rejected -Last 1)

        $lines | Where-Object Length -GT 80 | Should -BeNullOrEmpty
        $lines[0] | Should -Match 'Row\s+Identity\s+Outcome\s+Code\s+Reason'
        $lines[2] | Should -Match '^\s+1 person1@no domain\s+Rejected\s+AddressMalformed '
        $words = (Get-PushStatus -Last 1 -Outcome Rejected)[0].Reason -split ' '
        @($lines -split '\s+') | Where-Object { $_ -in $words } | Select-Object -Unique | Should -HaveCount ($words | Select-Object -Unique).Count
    }

    It 'A word that is longer than its column fills a line, and the text goes on behind it' {
        $window = try { [int] $Host.UI.RawUI.BufferSize.Width } catch { 0 }
        $column = [Math]::Max($window, 80) - 57
        $push = New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping
        $push | Add-Member Reason "POST $('p' * $column)json was not sent." -Force

        $lines = Get-ViewLine $push ($column + 57) | ForEach-Object Trim

        $lines | Should -Contain ('p' * $column)
        $lines | Should -Contain 'json was not sent.'
    }

    It 'Times are local in every view, and DateTimeOffset in the object' {
        $status = New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping

        $status.Started | Should -BeOfType ([DateTimeOffset])
        $local = $status.Started.LocalDateTime.ToString('yyyy-MM-dd HH:mm', [cultureinfo]::InvariantCulture)
        (Get-ViewLine $status) -like "*$local*" | Should -HaveCount 1
        (Get-ViewLine ($status | Format-List)) -match "^Started +: $local" | Should -HaveCount 1
    }

    It 'A push that failed before it found its list shows the list as it was named' {
        Assert-Failure { Invoke-SegmentPush -StaticList 1021 -Mapping $mapping -Path nowhere.csv } FileNotFound
        Assert-Failure { New-Person 1 | Invoke-SegmentPush -StaticList Webinr -Mapping $mapping } StaticListNotFound
        $byName, $byId = Get-PushStatus

        (Get-ViewLine ($byId | Format-List)) -match '^StaticList' | Should -Match '^StaticList +: 1021 of 000-SBX-000$'
        (Get-ViewLine ($byName | Format-List)) -match '^StaticList' | Should -Match '^StaticList +: Webinr of 000-SBX-000$'
        (Get-ViewLine $byId) -match $byId.ShortId | Should -Match ' 1021 *$'
    }

    It 'What came back from a job or a file looks as it did: <name>' -ForEach @(
        @{ name = 'a push'; get = { Get-PushStatus -Last 1 } }
        @{ name = 'a person'; get = { Get-PushStatus -Last 1 -Outcome All } }
        @{ name = 'a person in all pushes'; get = { Get-PushStatus -Identity person1@example.com } }
        @{ name = 'a destination'; get = { Get-SegmentDestination } }
        @{ name = 'a connection'; get = { Get-MarketoConnection } }
        @{ name = 'a list'; get = { Get-MarketoStaticList -Id 1021 } }
        @{ name = 'a member'; get = { Get-MarketoStaticListMember 1021 | Select-Object -First 1 } }
    ) {
        $null = New-SegmentDestination Autumn 1021 $mapping -Mode Append
        $null = New-Person 1 | Invoke-SegmentPush -Destination Autumn
        $original = & $get
        # What a job hands on has one level, and what a file keeps has two.
        foreach ($depth in 1, 2) {
            $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($original, $depth))
            foreach ($view in 'Format-Table', 'Format-List') {
                Get-ViewLine ($copy | & $view) | Should -Be (Get-ViewLine ($original | & $view)) -Because "$view with a depth of $depth"
            }
        }
    }

    It 'The list of a push shows how its sums add up' {
        $status = & { New-Person 2; New-Person 1 nobody.example; New-Person 1 'no domain' } | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping

        $lines = Get-ViewLine ($status | Format-List)

        $lines -match '^Received +: 4 = 2 activated \+ 1 excluded \+ 1 failed$' | Should -HaveCount 1
        $lines -match '^Activated +: 2 = 2 added' | Should -HaveCount 1
        $lines -match '^Failed +: 1 = 1 rejected \+ 0 not delivered$' | Should -HaveCount 1
    }

    It 'The list of a push by import does not claim how many people were created' {
        $mixed = @{ StaticList = 1021; Mapping = $mapping; PersonCreation = 'MatchExistingAndCreateMissing' }

        $imported = New-Person 3 | Invoke-SegmentPush @mixed -Delivery Bulk
        $synced = New-Person 2 | ForEach-Object { $_.email = "sync.$($_.email)"; $_ } | Invoke-SegmentPush @mixed -Delivery Sync

        (Get-ViewLine ($imported | Format-List)) -match '^(Created|Updated) ' | Should -Be @(
            'Created        : at least 0; an import does not tell'
            'Updated        : at least 0; an import does not tell')
        (Get-ViewLine ($synced | Format-List)) -match '^Created ' | Should -BeExactly 'Created        : 2'
    }

    It 'Fields that were asked for are shown' {
        $null = New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping -PersonCreation MatchExistingAndCreateMissing -ExistingPeople Update

        (Get-ViewLine (Get-MarketoStaticListMember 1021 -Field lastName)) -match 'lastName: Last, "1"' | Should -HaveCount 1
    }

    It 'A state has its colour, and none in a plain shell or a redirected one' {
        $null = New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping
        $place = Get-TestPlace
        $show = "Import-Module '$($place.Manifest)'; Get-PushStatus"
        $colored = "$([char]27)[32mCompleted"

        (Invoke-CleanPwsh -Command "`$PSStyle.OutputRendering = 'Ansi'; $show").Output -join "`n" | Should -BeLikeExactly "*$([WildcardPattern]::Escape($colored))*"
        (Invoke-CleanPwsh -Command $show).Output -join "`n" | Should -Not -BeLike "*$([WildcardPattern]::Escape($colored))*"
        try {
            $env:NO_COLOR = '1'
            (Invoke-CleanPwsh -Command $show).Output -join "`n" | Should -Not -Match $([char]27)
        }
        finally { Remove-Item Env:NO_COLOR }
    }

    It 'Views are whole in Constrained Language' {
        $null = New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping

        $run = Invoke-Session "`$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; Get-PushStatus | Out-String -Width 80"

        $run.Output -split '\r?\n' -match '^[0-9a-f]{8} \d{4}-\d\d-\d\d \d\d:\d\d Completed +1 +0 Webinar EMEA' | Should -HaveCount 1
    }

    It 'Lists are plain in JSON, CSV and text' {
        New-Person 1 | Export-Csv a.csv
        New-Person 1 other.example | Export-Csv b.csv
        $status = Invoke-SegmentPush -Path a.csv, b.csv -StaticList 1021 -Mapping $mapping -PersonCreation MatchExistingAndCreateMissing
        $null = New-SegmentDestination Autumn 1022 $mapping -Mode Append

        $json = $status | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json
        $json.Source | Should -HaveCount 2
        $json.State | Should -Be Completed
        $status | Export-Csv status.csv
        (Import-Csv status.csv).Source | Should -BeLike '*a.csv; *b.csv'
        "$status" | Should -Be "Push $($status.ShortId) into Webinar EMEA: Completed, 2 of 2 people activated, 0 removed, 0 excluded, 0 failed"

        $emitted = $status, (Get-SegmentDestination), (Get-SegmentFile a.csv), (Invoke-SegmentPush -Destination Autumn -Path a.csv -WhatIf -Detailed), (Get-PushStatus -Last 1 -Outcome Added), (Get-MarketoStaticList), (Get-MarketoStaticListMember 1021) | ForEach-Object { $_ }
        $text = @($emitted | ForEach-Object { "$_"; $_ | ConvertTo-Csv; $_ | ConvertTo-Json -EnumsAsStrings -Depth 4 -WarningAction Ignore }) -join "`n"
        $text | Should -Not -Match 'System\.(Collections|String|Object)|<>|ReadOnlyArray|SegmentPush\.'
    }
}

Describe 'Time spans' {
    It 'Bare numbers are seconds: <given>' -ForEach @(
        @{ given = 90; seconds = 90 }
        @{ given = '90'; seconds = 90 }
        @{ given = 1.5; seconds = 1.5 }
        @{ given = '00:01:30'; seconds = 90 }
        @{ given = [timespan]::FromMinutes(2); seconds = 120 }
    ) {
        foreach ($cmdlet in 'Invoke-SegmentPush', 'Resume-SegmentPush', 'Undo-SegmentPush') {
            $read = (Get-Command $cmdlet).Parameters['WaitForList'].Attributes | Where-Object { $_ -is [System.Management.Automation.ArgumentTransformationAttribute] }
            ([timespan] $read.Transform($ExecutionContext, $given)).TotalSeconds | Should -Be $seconds
        }
    }

    It 'What is no time is refused, and the error says what a time looks like: <_>' -ForEach -5, '5 min', '5m', 'soon' {
        { Resume-SegmentPush -Last -WaitForList $_ } | Should -Throw "*'00:01:30'*"
    }
}

Describe 'Ids of pushes' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
        $push = New-Person 2 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping
    }

    AfterEach { Exit-TestFolder }

    It 'Every -Id takes the whole id, its end, a status, and people' {
        $null = New-Person 1 | Invoke-SegmentPush -StaticList 1022 -Mapping $mapping
        $end = $push.Id.ToString().Substring(24)

        foreach ($id in $push.Id, "$($push.Id)", $push.ShortId, $end, $push.ShortId.ToUpperInvariant(), $push, (Get-PushStatus $push -Outcome Added)[0]) {
            (Get-PushStatus -Id $id).Id | Should -Be $push.Id
        }

        (Export-PushReceipt -Id $push.ShortId | ConvertFrom-Json).pushId | Should -Be $push.Id
        Remove-PushHistory -Id $push.ShortId
        Get-PushStatus | Should -HaveCount 1
    }

    It 'A short id may be resumed or undone' {
        $null = New-SegmentDestination Autumn 1021 $mapping -Mode Append
        New-Person 4 | Export-Csv segment.csv
        $undoable = Invoke-SegmentPush -Destination Autumn -Path segment.csv
        Undo-SegmentPush $undoable.ShortId -WhatIf | Should -HaveCount 1
        Assert-Failure { Resume-SegmentPush $push.ShortId -ErrorAction Stop } NothingToResume
    }

    It 'What names no push, or is no id, is an error of its own' {
        Assert-Failure { Get-PushStatus -Id 0badf00d } PushNotFound ObjectNotFound -Saying 0badf00d
        Assert-Failure { Get-PushStatus -Id 123 } PushIdMalformed InvalidArgument -Saying 'number 123', 'at least 4'
        Assert-Failure { Get-PushStatus -Id Webinar } PushIdMalformed
        Assert-Failure { Get-PushStatus -Id 1.5 } PushIdMalformed -Saying 'number 1.5', 'in quotes'
        @(Get-PushStatus -Id 0badf00d, $push.ShortId -ErrorAction SilentlyContinue) | Should -HaveCount 1
    }

    It 'Every list view shows local time' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        Connect-ExperiencePlatform -Rehearsal -SaveAs Trial
        $push = New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping
        foreach ($item in (Get-PushStatus -Outcome All), (Get-PushStatus -Identity 'person1@example.com'), (Get-MarketoConnection), (Get-MarketoStaticList), (Get-MarketoStaticListMember 1021),
            (Get-MarketoAccount), (Get-PlatformAccount), (Get-PlatformAudience), (Invoke-SegmentPush -Audience 'Webinar EMEA' -StaticList 1021 -Mapping @{ 'identityMap.Email' = 'email' } -WhatIf)) {
            $text = $item | Select-Object -First 1 | Format-List | Out-String
            $text | Should -Not -BeNullOrEmpty
            $text | Should -Not -Match '\d [+-]\d\d:\d\d'
        }
        (Get-PushStatus -Outcome All | Format-List | Out-String) | Should -Match "Started +: $($push.Started.LocalDateTime.ToString('yyyy-MM-dd HH:mm'))"
    }

    It 'Long sentences of a list are broken between words' {
        $null = New-SegmentDestination Webinar 1021 $mapping -Mode Mirror -PersonCreation MatchExistingAndCreateMissing
        New-Person 20 | Export-Csv all.csv
        New-Person 1 | Export-Csv one.csv
        $push = Invoke-SegmentPush -Destination Webinar -Path all.csv
        $plan = Invoke-SegmentPush -Destination Webinar -Path one.csv -WhatIf

        foreach ($text in $plan.GuardReason, $plan.DeliveryReason) {
            $text.Length | Should -BeGreaterThan 60
            foreach ($word in -split $text) { (Get-ViewLine $plan) -match "(?<!\S)$([regex]::Escape($word))(?!\S)" | Should -Not -BeNullOrEmpty }
        }
        (Get-ViewLine ($push | Format-List)).Where({ $_.Length -gt 80 }) | Should -BeNullOrEmpty
        # No other word stands alone in a line.
        (Get-ViewLine ($push | Format-List) | ForEach-Object Trim).Where({ $_ -match '^\w+$' -and $_ -notin 'list', 'the', 'on', 'not', 'removed', '0' }) | Should -BeNullOrEmpty
    }

    It 'The list of checks breaks its sentences between words, and keeps each of their characters' {
        # PowerShell itself loses the blanks that must not break, as in 50 000, where it breaks a line of a list.
        $before = [cultureinfo]::CurrentUICulture
        foreach ($language in 'en-US', 'fr-FR') {
            try {
                [cultureinfo]::CurrentUICulture = $language
                $checks = Test-MarketoLaunchpoint -StaticList 1021
            }
            finally { [cultureinfo]::CurrentUICulture = $before }

            $shown = (Get-ViewLine ($checks | Format-List) | ForEach-Object Trim) -join ' '
            foreach ($check in $checks) { $shown.Contains($check.Detail) | Should -BeTrue -Because $check.Detail }
        }
    }

    It 'Names take the room that a wide window has' {
        $name = 'A destination with quite a long name for the second list'
        $null = New-SegmentDestination $name Newsletter @{ email = 'email' }
        [pscustomobject]@{ email = 'a.person.with.a.long.address@subdomain.example.com' } | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' } -PersonCreation MatchExistingAndCreateMissing | Out-Null

        foreach ($width in 80, 160, 200) {
            foreach ($shown in (Get-SegmentDestination), (Get-MarketoStaticListMember 1021), (Get-MarketoStaticList)) {
                Get-ViewLine $shown $width | Where-Object Length -GT $width | Should -BeNullOrEmpty
            }
        }
        (Get-ViewLine (Get-SegmentDestination) 80)[0] | Should -Match '^Name .*StaticList .*EndDate .*LastState$'
        (Get-ViewLine (Get-MarketoStaticListMember 1021) 160) -match 'a\.person\.with\.a\.long\.address@subdomain\.example\.com' | Should -HaveCount 1
        (Get-ViewLine (Get-MarketoStaticListMember 1021) 80) -match '\d{4}-\d\d-\d\d \d\d:\d\d$' | Should -Not -BeNullOrEmpty
    }

    It 'The list of a file shows its columns and first rows' {
        New-Person 2 | Export-Csv segment.csv
        $text = Get-SegmentFile segment.csv | Format-List | Out-String

        $text | Should -Match 'Sample +: person1@example.com \| First1 \| Last, "1"'
        $text | Should -Not -Match '@\{'
    }
}
