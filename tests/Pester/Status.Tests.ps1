#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $mapping = @{ email = 'email'; first = 'firstName'; last = 'lastName' }
}

Describe 'Statuses of pushes' {
    BeforeEach { $null = Enter-TestFolder $TestDrive }

    AfterEach { Exit-TestFolder }

    It 'Pushes come newest first, and their people on request' {
        Connect-MarketoLaunchpoint @sandbox
        $null = New-Person 1 | Invoke-SegmentPush -StaticList 1022 -Mapping $mapping
        $push = & { New-Person 2; New-Person 1 nobody.example; New-Person 1 'no domain'; New-Person 1 } | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping

        (Get-PushStatus).StaticListId | Should -Be 1021, 1022
        (Get-PushStatus -Last 1).Id | Should -Be $push.Id
        (Get-PushStatus -StaticList newsletter).StaticListId | Should -Be 1022
        Get-PushStatus -State Completed | Should -HaveCount 2
        Get-PushStatus -State Failed, Interrupted | Should -BeNullOrEmpty
        $people = Get-PushStatus -Id $push.Id -Outcome Rejected, Unmatched, Duplicate
        $people | ForEach-Object { "$($_.Row) $($_.Outcome)" } | Should -Be '3 Unmatched', '4 Rejected', '5 Duplicate'
        $people[1].Code | Should -Be AddressMalformed
        $people[1].Column | Should -Be email
    }

    It 'A status pipes back in' {
        Connect-MarketoLaunchpoint @sandbox
        $null = New-Person 3 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping

        Get-PushStatus | Get-PushStatus -Outcome Added | Should -HaveCount 3
        Get-PushStatus | Get-MarketoStaticListMember | Should -HaveCount 3
    }

    It 'A misspelt outcome is told with all that -Outcome takes' {
        { Get-PushStatus -Last 1 -Outcome Rejectd } | Should -Throw "*'Rejectd' is no outcome*All, Activated, Excluded, Failed*Rejected*"
        { Get-PushStatus -Last 1 -Outcome 'Rejected, Duplicate' } | Should -Not -Throw
    }

    It 'An unknown push is an error that names it' {
        Assert-Failure { Get-PushStatus -Id 01234567-89ab-7def-8123-456789abcdef } PushNotFound ObjectNotFound -Saying 01234567
    }

    It 'A list that no push went into is told, as its name may be misspelt' {
        Connect-MarketoLaunchpoint @sandbox
        $null = New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping

        Get-PushStatus -StaticList nolist -WarningVariable warnings 3>$null | Should -BeNullOrEmpty
        $warnings | Should -Be "The journal holds no push into static list 'nolist'."
        $null = Get-PushStatus -StaticList 1021 -State Failed -WarningVariable none 3>$null
        $none | Should -BeNullOrEmpty
    }

    It 'A number of days is no moment for Remove-PushHistory' {
        Connect-MarketoLaunchpoint @sandbox
        $null = New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping

        Assert-Failure { Remove-PushHistory 30 -Force } DateTooEarly InvalidArgument -Saying AddDays
        Remove-PushHistory (Get-Date).AddDays(-30) -InformationVariable said 6>$null
        "$said" | Should -BeLike 'No push ended before *'
        Get-PushStatus | Should -HaveCount 1
    }

    It 'An empty journal has no pushes' {
        Get-PushStatus | Should -BeNullOrEmpty
    }

    It 'A status goes through Export-Csv and ConvertTo-Json with its sums and its state' {
        Connect-MarketoLaunchpoint @sandbox
        $null = New-Person 3 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping

        Get-PushStatus | Export-Csv status.csv
        $row = Import-Csv status.csv
        "$($row.State) $($row.Received) $($row.Added) $($row.StaticListName)" | Should -Be 'Completed 3 3 Webinar EMEA'

        $json = Get-PushStatus | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json
        "$($json.State) $($json.Received) $($json.Added) $($json.StaticListName)" | Should -Be 'Completed 3 3 Webinar EMEA'
    }

    It 'The table of pushes has a line each, with state and list' {
        Connect-MarketoLaunchpoint @sandbox
        foreach ($list in 1021, 1022) { $null = New-Person 3 | Invoke-SegmentPush -StaticList $list -Mapping $mapping }

        $lines = (Get-PushStatus | Format-Table | Out-String -Width 120) -split '\r?\n'

        $lines -match 'Completed.*Webinar EMEA' | Should -HaveCount 1
        $lines -match 'Completed.*Newsletter' | Should -HaveCount 1
    }

    It 'A push that fails before it begins leaves a status: <_>' -ForEach @(
        { Invoke-SegmentPush -Destination Webinar -Path missing.csv }
        { Invoke-SegmentPush -Destination Webinar -LiteralPath missing.csv }
        { Get-Item empty.csv | Invoke-SegmentPush -Destination Webinar }
        { Set-Content (Get-ChildItem home/accounts -Filter *.secret) wrong; Invoke-SegmentPush -Destination Webinar -Path segment.csv }
        { Disconnect-MarketoLaunchpoint; Invoke-SegmentPush -Destination Webinar -Path segment.csv }
        { Invoke-SegmentPush -Destination Webinar -Path segment.csv -RejectPath segment.csv }
        { Invoke-SegmentPush -Destination Webinar -Path segment.csv -Partition Other }
        { 1, 2 | Invoke-SegmentPush -Destination Webinar }
    ) {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        New-Person 1 | Export-Csv segment.csv
        [System.IO.File]::WriteAllBytes("$PWD/empty.csv", [byte[]](1..40))
        $null = New-SegmentDestination Webinar 1021 $mapping -Account Trial

        $failure = try { & $_ } catch { $_ }

        $failure | Should -BeOfType System.Management.Automation.ErrorRecord
        $status = Get-PushStatus
        "$($status.State) $($status.Destination) $($status.Received) $($status.ExitCode)" | Should -Be "Failed Webinar 0 $($failure.Exception.ExitCode)"
        $failure.FullyQualifiedErrorId | Should -BeLike "$($status.ErrorId),*"
        $status.Reason | Should -Be $failure.Exception.Message
        $destination = Get-SegmentDestination Webinar
        "$($destination.LastPush) $($destination.LastState) $($destination.LastError)" | Should -Be "$($status.Id) Failed $($status.ErrorId)"
    }

    It 'A push that was only planned leaves no status where it fails' {
        Connect-MarketoLaunchpoint @sandbox
        $null = New-SegmentDestination Webinar 1021 $mapping

        Assert-Failure { Invoke-SegmentPush -Destination Webinar -Path missing.csv -WhatIf } FileNotFound
        Assert-Failure { Invoke-SegmentPush -Destination Webinar -Path missing.csv -SavePlan plan.json } FileNotFound

        Get-PushStatus | Should -BeNullOrEmpty
    }
}
