#Requires -Version 7.6
Describe 'A push from a real pwsh' {
    BeforeAll {
        Import-Module "$PSScriptRoot/../../artifacts/SegmentPush" -Force
        $env:SEGMENTPUSH_HOME = "$TestDrive/home"
        $segment = "$PSScriptRoot/../../examples/segment.csv"
        $mapping = @(
            New-SegmentMapping -Source personalEmail.address -Target email -Identity Email
            New-SegmentMapping -Source person.name.firstName -Target firstName
            New-SegmentMapping -Source person.name.lastName -Target lastName
            New-SegmentMapping -Source b2b.companyName -Target company
        )
    }

    BeforeEach { Connect-MarketoLaunchpoint -Sandbox }

    AfterEach { Disconnect-MarketoLaunchpoint }

    It 'accounts for every row of Import-Csv' {
        $push = Import-Csv $segment | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping -WarningAction SilentlyContinue

        $push.State | Should -Be Completed
        $push.Received | Should -Be 40
        $push.Activated + $push.Excluded + $push.Failed | Should -Be 40
        $push.Created | Should -Be 0
    }

    It 'does the same from the file as from the pipeline' {
        $file = Invoke-SegmentPush -Path $segment -StaticList 1021 -Mapping $mapping -WarningAction SilentlyContinue
        $piped = Import-Csv $segment | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping -WarningAction SilentlyContinue

        foreach ($sum in 'Received', 'Activated', 'Excluded', 'Failed') { $piped.$sum | Should -Be $file.$sum }
        Compare-Object (Get-PushStatus -Id $file.Id -Outcome Rejected, Unmatched, Duplicate) `
            (Get-PushStatus -Id $piped.Id -Outcome Rejected, Unmatched, Duplicate) -Property Row, Identity, Outcome, Code |
            Should -BeNullOrEmpty
    }

    It 'creates the missing with their accents, commas and line breaks' {
        Invoke-SegmentPush $segment 1021 $mapping -PersonCreation MatchExistingAndCreateMissing -WarningAction SilentlyContinue | Out-Null

        $people = Get-MarketoStaticListMember 1021 -Field company | Group-Object Email -AsHashTable -AsString
        $people['newcomer12@example.org'].LastName | Should -Be (Import-Csv $segment | Where-Object 'personalEmail.address' -EQ newcomer12@example.org).'person.name.lastName'
        $people['newcomer4@example.org'].company | Should -Be 'Start-up 4; Ltd'
    }

    It 'takes a mapping kept as a CSV' {
        $mapping | Export-Csv "$TestDrive/mapping.csv"
        $kept = Import-Csv "$TestDrive/mapping.csv" | New-SegmentMapping

        (Import-Csv $segment | Invoke-SegmentPush -StaticList 1021 -Mapping $kept -WarningAction SilentlyContinue).Received | Should -Be 40
    }

    It 'stops when nobody downstream wants more' {
        Get-MarketoStaticListMember -StaticList 1022 | Select-Object -First 3 | Should -HaveCount 3
    }

    It 'writes rejected rows that Import-Csv can read' {
        Import-Csv $segment | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping -RejectPath "$TestDrive/bad.csv" -WarningAction SilentlyContinue | Out-Null

        $bad = Import-Csv "$TestDrive/bad.csv"
        $bad._Row | Should -Be 9
        $bad._Code | Should -Be AddressMalformed
    }

    It 'puts nothing secret into a transcript' {
        Start-Transcript "$TestDrive/transcript.txt" | Out-Null
        $VerbosePreference = $DebugPreference = 'Continue'
        Import-Csv $segment | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping | Out-Host
        $VerbosePreference = $DebugPreference = 'SilentlyContinue'
        Stop-Transcript | Out-Null

        Get-ChildItem $TestDrive -Recurse -File | Select-String -SimpleMatch 'sandbox-secret' | Should -BeNullOrEmpty
        Get-Content "$TestDrive/transcript.txt" -Raw | Should -Not -Match 'access_token|Bearer'
    }

    It 'completes lists and ids from the journal' {
        $push = Import-Csv $segment | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping -WarningAction SilentlyContinue

        (TabExpansion2 'Get-PushStatus -Id ').CompletionMatches.ListItemText | Should -Contain "$($push.Id)"
        (TabExpansion2 'Get-MarketoStaticListMember -StaticList Web').CompletionMatches.CompletionText | Should -Contain "'Webinar EMEA'"
    }
}
