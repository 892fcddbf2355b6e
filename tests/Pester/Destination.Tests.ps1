#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $webinar = @{ Name = 'Webinar EMEA'; StaticList = 1021; Mapping = @{ email = 'email'; first = 'firstName' } }
    $email = @{ email = 'email' }

    # A connection to an instance of the same kind that is known by its endpoint alone.
    function Connect-Elsewhere {
        $it = Connect-MarketoLaunchpoint @sandbox -PassThru
        Connect-MarketoLaunchpoint -Endpoint $it.Endpoint -Credential (Get-SandboxCredential) -PassThru
    }
}

Describe 'Destinations' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'A destination is saved with all that was said of it' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        $said = @{
            Account = 'trial'; PersonCreation = 'MatchExistingAndCreateMissing'; Mode = 'Delta'; MembershipColumn = 'status'; Description = 'Autumn'
            Partition = 'europe'; StartDate = '2026-09-01'; EndDate = '2026-12-31 18:00'; TimeZone = 'Europe/Paris'
            MaxRemovals = 5; MaxRemovalPercent = 10; MaxShrinkPercent = 40; Delivery = 'Bulk'
        }

        $made = New-SegmentDestination @webinar @said

        foreach ($destination in $made, (Get-SegmentDestination 'webinar emea')) {
            $destination.Name | Should -BeExactly 'Webinar EMEA'
            $destination.Account | Should -BeExactly Trial
            $destination.Instance | Should -Be '000-SBX-000'
            $destination.StaticListId | Should -Be 1021
            $destination.StaticListName | Should -Be 'Webinar EMEA'
            "$($destination.PersonCreation) $($destination.ExistingPeople) $($destination.Delivery) $($destination.Mode)" | Should -Be 'MatchExistingAndCreateMissing Update Bulk Delta'
            "$($destination.Partition) $($destination.MembershipColumn) $($destination.Description) $($destination.TimeZone)" | Should -BeExactly 'Europe status Autumn Europe/Paris'
            $destination.StartDate | Should -Be ([datetime]::new(2026, 9, 1))
            $destination.EndDate | Should -Be ([datetime]::new(2026, 12, 31))
            $destination | ConvertTo-Json -Depth 1 -WarningAction Ignore | Should -Match '"EndDate": "2026-12-31T00:00:00"'
            "$($destination.MaxRemovals) $($destination.MaxRemovalPercent) $($destination.MaxShrinkPercent)" | Should -Be '5 10 40'
        }
    }

    It 'A hashtable is the same mapping in each process, and an ordered one keeps its order' {
        $fields = @{ f = 'website'; e = 'email'; a = 'firstName'; d = 'company'; c = 'phone'; b = 'lastName' }
        $ordered = [ordered]@{ f = 'website'; e = 'email'; a = 'firstName'; d = 'company'; c = 'phone'; b = 'lastName' }

        (New-SegmentDestination One 1021 $fields).Mapping.Source | Should -Be 'a', 'b', 'c', 'd', 'e', 'f'
        (New-SegmentDestination Two 1021 $ordered).Mapping.Source | Should -Be 'f', 'e', 'a', 'd', 'c', 'b'
    }

    It 'A name that is taken is an error, and what is there stays' {
        $null = New-SegmentDestination @webinar

        Assert-Failure { New-SegmentDestination 'WEBINAR emea' 1022 $email } DestinationExists ResourceExists -Saying Set-SegmentDestination

        (Get-SegmentDestination).StaticListId | Should -Be 1021
    }

    It '-WhatIf checks everything, and saves and creates nothing' {
        $null = New-SegmentDestination @webinar -WhatIf
        $null = New-SegmentDestination Autumn 'Webinar autumn' $email -CreateList -Folder 'Group Lists' -WhatIf

        Assert-Failure { New-SegmentDestination X 1021 @{ email = 'emial' } -WhatIf } FieldNotFound
        Assert-Failure { New-SegmentDestination X 'Webinar autumn' @{ email = 'emial' } -CreateList -Folder 42 -WhatIf } FieldNotFound
        Get-SegmentDestination | Should -BeNullOrEmpty
        Get-MarketoStaticList *autumn* | Should -BeNullOrEmpty
    }

    It 'A new list is created in its folder, and is the destination''s' {
        $destination = New-SegmentDestination Autumn 'Webinar autumn' $email -CreateList -Folder Program:1034

        $list = Get-MarketoStaticList 'Webinar autumn'
        $destination.StaticListId | Should -Be $list.Id
        $list.ProgramName | Should -Be 'Webinar EMEA 2026'
        Assert-Failure { New-SegmentDestination Again 'Webinar autumn' $email -CreateList -Folder Program:1034 } StaticListExists
    }

    It 'What cannot work has an error of its own that says what to do: <script>' -ForEach @(
        @{ script = { New-SegmentDestination X 1021 $email -CreateList -Folder 42 }; id = 'InvalidStaticList' }
        @{ script = { New-SegmentDestination X Autumn $email -CreateList }; id = 'FolderMissing' }
        @{ script = { New-SegmentDestination X Autumn $email -Folder 42 }; id = 'CreateListMissing' }
        @{ script = { New-SegmentDestination ' ' 1021 $email }; id = 'DestinationNameInvalid' }
        @{ script = { New-SegmentDestination X 1021 $email -Account Nobody }; id = 'AccountNotFound' }
        @{ script = { New-SegmentDestination X 1021 $email -TimeZone Europe/Atlantis }; id = 'TimeZoneNotFound' }
        @{ script = { New-SegmentDestination X 1021 $email -StartDate 2026-02-02 -EndDate 2026-02-01 }; id = 'DatesReversed' }
        @{ script = { New-SegmentDestination X 1021 $email -MembershipColumn status }; id = 'MembershipColumnNotUsed' }
        @{ script = { New-SegmentDestination X 1021 $email -MaxRemovals -1 }; id = 'MaxRemovalsNegative' }
        @{ script = { New-SegmentDestination X 1021 $email -Encoding utf9 }; id = 'EncodingNotFound' }
        @{ script = { New-SegmentDestination X 1021 $email -Delimiter '"' }; id = 'DelimiterInvalid' }
        @{ script = { Set-SegmentDestination X }; id = 'NothingToSet' }
        @{ script = { Set-SegmentDestination X -EndDate 2026-02-02 }; id = 'DestinationNotFound' }
        @{ script = { Remove-SegmentDestination X }; id = 'DestinationNotFound' }
        @{ script = { Export-SegmentDestination X x.json }; id = 'DestinationNotFound' }
        @{ script = { Import-SegmentDestination x.json }; id = 'FileNotFound' }
        @{ script = { Import-SegmentDestination -LiteralPath x.json }; id = 'FileNotFound' }
        @{ script = { Import-SegmentDestination . }; id = 'FileNotFound' }
    ) {
        Assert-Failure $script $id

        Get-SegmentDestination | Should -BeNullOrEmpty
    }

    It 'An account is enough to connect with, and a connection needs no account' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial

        $other = Invoke-Session @'
$email = @{ email = 'email' }
try { New-SegmentDestination A 1021 $email } catch { $_.FullyQualifiedErrorId }
(New-SegmentDestination A 1021 $email -Account Trial).Account
try { New-SegmentDestination B 1021 $email } catch { $_.FullyQualifiedErrorId }
$connection = Connect-MarketoLaunchpoint -Sandbox -PassThru
"without: $((New-SegmentDestination B 1022 $email -Connection $connection).Account)"
"with: $((New-SegmentDestination C 'Webinar EMEA' $email -Connection $connection -Account trial).Account)"
'@

        $other.Errors | Should -BeNullOrEmpty
        $refused = 'NotConnected,SegmentPush.Commands.NewSegmentDestinationCommand'
        $other.Output | Should -BeExactly $refused, 'Trial', $refused, 'without: ', 'with: Trial'
    }

    It 'An account of another instance than the connection is an error' {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial

        $elsewhere = Connect-Elsewhere
        Assert-Failure { New-SegmentDestination @webinar -Connection $elsewhere -Account Trial } OtherInstance
    }

    It 'A list that two destinations have is told' {
        $null = New-SegmentDestination @webinar

        $second = New-SegmentDestination Second 'webinar emea' $email -WarningVariable warnings

        $second.StaticListId | Should -Be 1021
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike "*'Webinar EMEA'*"
    }

    It 'A list that a mirror shares is told with what that means' {
        $null = New-SegmentDestination @webinar -Mode Mirror

        $null = New-SegmentDestination Second 'webinar emea' $email -WarningVariable warnings

        "$warnings" | Should -BeLike "*'Webinar EMEA'*Mirror*takes off*"
    }

    It 'Setting changes what is given, and nothing else' {
        $null = New-SegmentDestination @webinar -Mode Mirror -StartDate 2026-09-01 -EndDate 2026-12-31 -MaxRemovals 5 -Description Autumn -TimeZone Europe/Paris

        $changed = Set-SegmentDestination 'webinar emea' -EndDate $null -MaxRemovals $null -MaxShrinkPercent 50 -PassThru

        "$($changed.Name) $($changed.StaticListId) $($changed.Mode) $($changed.Description) $($changed.TimeZone) $($changed.MaxRemovalPercent) $($changed.MaxShrinkPercent)" |
            Should -BeExactly 'Webinar EMEA 1021 Mirror Autumn Europe/Paris 20 50'
        $changed.StartDate | Should -Be ([datetime]::new(2026, 9, 1))
        $changed.EndDate | Should -BeNullOrEmpty
        $changed.MaxRemovals | Should -BeNullOrEmpty
        Set-SegmentDestination 'Webinar EMEA' -StartDate $null | Should -BeNullOrEmpty
    }

    It 'What need not be there is cleared with $null: <parameter>' -ForEach @(
        @{ parameter = 'Partition'; value = 'Europe' }
        @{ parameter = 'Account'; value = 'Trial' }
        @{ parameter = 'Description'; value = 'Autumn' }
        @{ parameter = 'MembershipColumn'; value = 'status' }
        @{ parameter = 'Delimiter'; value = ';' }
        @{ parameter = 'Encoding'; value = 'utf8' }
        @{ parameter = 'Escape'; value = 'Backslash' }
        @{ parameter = 'NullText'; value = 'NULL' }
    ) {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        $given = @{ $parameter = $value }
        (New-SegmentDestination @webinar -Mode Delta @given).$parameter | Should -Be $value

        $cleared = @{ $parameter = $null }
        $changed = Set-SegmentDestination 'Webinar EMEA' @cleared -PassThru

        $changed.Name | Should -Be 'Webinar EMEA'
        $changed.$parameter | Should -BeNullOrEmpty
    }

    It 'Dates and limits are set without a connection, and the rest is checked again' {
        $null = New-SegmentDestination @webinar
        Disconnect-MarketoLaunchpoint

        Set-SegmentDestination 'Webinar EMEA' -EndDate 2027-01-01 -Mode Mirror -MaxRemovals 5 -Delivery Sync
        Assert-Failure { Set-SegmentDestination 'Webinar EMEA' -StaticList 1022 } NotConnected

        Connect-MarketoLaunchpoint @sandbox
        Assert-Failure { Set-SegmentDestination 'Webinar EMEA' -StaticList 77777 } StaticListNotFound
        $destination = Get-SegmentDestination
        "$($destination.StaticListId) $($destination.Mode) $($destination.MaxRemovals)" | Should -Be '1021 Mirror 5'
    }

    It 'A change after which the list is read anew is told, also with -WhatIf: <change>' -ForEach @(
        @{ change = { @{ StaticList = 'Newsletter' } }; warning = 'another list' }
        @{ change = { @{ Mapping = @{ source = 'key'; target = 'id'; identity = 'Id' } } }; warning = 'another field' }
        @{ change = { @{ Mapping = @{ mail = 'email' } } }; warning = $null }
        @{ change = { @{ PersonCreation = 'MatchExistingAndCreateMissing' } }; warning = $null }
    ) {
        $null = New-SegmentDestination @webinar
        $how = & $change

        foreach ($whatIf in $true, $false) {
            Set-SegmentDestination 'Webinar EMEA' @how -WhatIf:$whatIf -WarningVariable warnings
            $warnings | Should -HaveCount ($warning ? 1 : 0)
            "$warnings" | Should -BeLike "*$warning*"
        }
    }

    It 'A destination moves to another instance only with its list' {
        $null = New-SegmentDestination @webinar
        $elsewhere = Connect-Elsewhere

        Assert-Failure { Set-SegmentDestination 'Webinar EMEA' -Partition Europe -Connection $elsewhere } OtherInstance

        $moved = Set-SegmentDestination 'Webinar EMEA' -StaticList Newsletter -Connection $elsewhere -PassThru
        $moved.StaticListId | Should -Be 1022
        $moved.Instance | Should -BeLike '127.0.0.1:*'
    }

    It 'Destinations pipe, and one that cannot be changed does not stop the others' {
        $null = New-SegmentDestination A 1021 $email -StartDate 2026-09-01
        $null = New-SegmentDestination B 1022 $email

        Get-SegmentDestination | Set-SegmentDestination -EndDate 2026-01-01 -ErrorAction SilentlyContinue -ErrorVariable wrong

        $wrong.FullyQualifiedErrorId | Should -BeLike 'DatesReversed,*'
        $wrong.TargetObject | Should -Be A
        Get-SegmentDestination | ForEach-Object { "$($_.Name) $($_.EndDate ? $_.EndDate.ToString('yyyy-MM-dd') : 'none')" } | Should -Be 'A none', 'B 2026-01-01'
    }

    It 'Names are found with wildcards, and a name that looks like one is found as it is' {
        foreach ($name in 'Web [EMEA]', 'Web US', 'Other') { $null = New-SegmentDestination $name 1021 $email }

        (Get-SegmentDestination web*).Name | Should -Be 'Web US', 'Web [EMEA]'
        (Get-SegmentDestination 'Web [EMEA]').Name | Should -Be 'Web [EMEA]'
        (Get-SegmentDestination).Name | Should -Be 'Other', 'Web US', 'Web [EMEA]'
        Get-SegmentDestination no* | Should -BeNullOrEmpty
        (Get-SegmentDestination 'Web UK', Other -ErrorAction SilentlyContinue).Name | Should -Be Other
        Assert-Failure { Get-SegmentDestination 'Web UK' } DestinationNotFound ObjectNotFound -Saying "'Web US'"
    }

    It 'Removing takes the destination, and leaves the list with its people' {
        $null = New-SegmentDestination News Newsletter $email
        $before = @(Get-MarketoStaticListMember Newsletter).Count
        $before | Should -BeGreaterThan 0

        Remove-SegmentDestination News -WhatIf
        Get-SegmentDestination | Should -HaveCount 1
        $said = Get-SegmentDestination | Remove-SegmentDestination -Force -Verbose 4>&1

        "$said" | Should -BeLike "*static list 'Newsletter' (1022) of 000-SBX-000 and its people stay as they are*"
        Get-SegmentDestination | Should -BeNullOrEmpty
        Get-MarketoStaticListMember Newsletter | Should -HaveCount $before
    }

    It 'Names and time zones are completed: <line>' -ForEach @(
        @{ line = 'Get-SegmentDestination web'; text = "'Webinar EMEA'" }
        @{ line = 'Set-SegmentDestination web'; text = "'Webinar EMEA'" }
        @{ line = 'Remove-SegmentDestination web'; text = "'Webinar EMEA'" }
        @{ line = 'Export-SegmentDestination web'; text = "'Webinar EMEA'" }
        @{ line = 'New-SegmentDestination X -TimeZone europe/par'; text = "'Europe/Paris'" }
    ) {
        $null = New-SegmentDestination @webinar

        (Get-Completion $line).CompletionText | Should -Be $text
    }
}
