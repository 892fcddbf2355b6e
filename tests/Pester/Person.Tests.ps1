#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $mapping = @{ email = 'email'; first = 'firstName'; last = 'lastName' }
    $mirror = @{ Mode = 'Mirror'; PersonCreation = 'MatchExistingAndCreateMissing' }
}

Describe 'A person in the journal' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'Is found in all pushes, the newest first, and pipes back into its pushes' {
        $first = New-Person 3 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping
        $null = New-Person 3 other.example | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping -PersonCreation MatchExistingAndCreateMissing
        $third = & { New-Person 2; New-Person 2 } | Invoke-SegmentPush -StaticList 1022 -Mapping $mapping

        $found = Get-PushStatus -Identity PERSON2@example.com

        "$($found.PushId)" | Should -Be "$($third.Id) $($third.Id) $($first.Id)"
        $found[1].Outcome | Should -Be Duplicate
        $found[2].StaticListName | Should -Be 'Webinar EMEA'
        $found[2].Started | Should -Be $first.Started
        $found[2].Row | Should -Be 2
        ($found | Get-PushStatus).Id | Select-Object -Unique | Should -Be $third.Id, $first.Id
        (Get-PushStatus -Identity person2@example.com -Outcome Excluded).Outcome | Should -Be Duplicate
        Get-PushStatus -Identity person2@example.com -Outcome Failed | Should -BeNullOrEmpty
        Get-PushStatus -Identity person2@example.com -Before $third.Started.LocalDateTime | Should -HaveCount 1
        Get-PushStatus -Identity person2@example.com -Since $third.Started.LocalDateTime | Should -HaveCount 2
        Get-PushStatus -Identity nobody@example.com | Should -BeNullOrEmpty
    }

    It 'Is found where nothing changed, and where the journal keeps hashes' {
        $null = New-SegmentDestination Autumn 1021 $mapping @mirror
        New-Person 50 | Export-Csv segment.csv
        foreach ($run in 1..2) { $null = Invoke-SegmentPush -Destination Autumn -Path segment.csv -JournalIdentity Hash }

        $found = Get-PushStatus -Identity person7@example.com

        $found.Outcome | Should -Be AlreadyMember, Added
        $found.Identity | Should -Be person7@example.com, person7@example.com
        $found.Row | Should -Be 7, 7
    }

    It 'A person that a mirror took off the list is found by the address, and has it in the list of removals' {
        $null = New-SegmentDestination Autumn 1021 $mapping @mirror -MaxRemovalPercent 100 -MaxShrinkPercent 100
        New-Person 5 | Export-Csv segment.csv
        $null = Invoke-SegmentPush -Destination Autumn -Path segment.csv
        New-Person 3 | Export-Csv segment.csv
        $push = Invoke-SegmentPush -Destination Autumn -Path segment.csv

        (Get-PushStatus -Identity person5@example.com).Outcome | Should -Be Removed, Added
        (Get-PushStatus $push -Outcome Removed).Identity | Sort-Object | Should -Be person4@example.com, person5@example.com
        Disconnect-MarketoLaunchpoint
        Get-PushStatus $push -Outcome Removed | Should -HaveCount 2
        Connect-MarketoLaunchpoint @sandbox
    }

    It 'A person that an undo puts back on the list of a mirror is found by the address' {
        $null = New-SegmentDestination Autumn 1021 $mapping @mirror -MaxRemovalPercent 100 -MaxShrinkPercent 100
        New-Person 5 | Export-Csv segment.csv
        $null = Invoke-SegmentPush -Destination Autumn -Path segment.csv
        New-Person 3 | Export-Csv segment.csv
        $undo = Invoke-SegmentPush -Destination Autumn -Path segment.csv | Undo-SegmentPush -Confirm:$false

        $found = Get-PushStatus -Identity person5@example.com

        $found.Outcome | Should -Be Added, Removed, Added
        $found[0].PushId | Should -Be $undo.Id
    }

    It 'Outcomes may be given by their sums' {
        $push = & { New-Person 2; New-Person 1 nobody.example; New-Person 1 'no domain'; New-Person 1 } | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping

        Get-PushStatus $push -Outcome All | Should -HaveCount 5
        (Get-PushStatus $push -Outcome Failed).Outcome | Should -Be Rejected
        (Get-PushStatus $push -Outcome Failed, Excluded).Outcome | Should -Be Unmatched, Rejected, Duplicate
        (Get-Completion 'Get-PushStatus -Outcome ').CompletionText | Should -Contain All
    }

    It 'The view of a person in pushes tells when, which push, where and what in 80 columns' {
        $push = New-Person 1 'no domain' | & { process { $_ }; end { New-Person 2 } } | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping

        $lines = (Get-PushStatus -Identity 'person1@no domain' | Out-String -Width 80) -split '\r?\n'

        $lines | Where-Object Length -GT 80 | Should -BeNullOrEmpty
        $lines -match "$($push.ShortId) +Webinar EMEA +Rejected" | Should -HaveCount 1
    }
}
