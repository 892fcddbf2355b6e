#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $mapping = @{ email = 'email'; first = 'firstName'; last = 'lastName' }

    # Runs a script under a culture, as the shell of such a user does.
    function Invoke-InCulture([string] $Name, [scriptblock] $Script) {
        $before = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = $Name
            & $Script
        }
        finally { [cultureinfo]::CurrentCulture = $before }
    }
}

Describe 'Short ids' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
        $null = New-SegmentDestination Autumn 1021 $mapping -Mode Append
        New-Person 3 | Export-Csv segment.csv
        $push = Invoke-SegmentPush -Destination Autumn -Path segment.csv
    }

    AfterEach { Exit-TestFolder }

    It 'Are taken by every cmdlet that takes a push' {
        $id = $push.ShortId

        (Get-PushStatus -Id $id).Id | Should -Be $push.Id
        (Export-PushReceipt -Id $id | ConvertFrom-Json).pushId | Should -Be $push.Id
        (Undo-SegmentPush -Id $id -Force).UndoOf | Should -Be $push.Id
        Remove-PushHistory -Id $id -Confirm:$false
        Assert-Failure { Get-PushStatus -Id $id } PushNotFound ObjectNotFound
    }

    It 'Name the push in the messages of every cmdlet, as the views do: <verb>' -ForEach @(
        @{ verb = 'Resume-SegmentPush'; id = 'NothingToResume' }
        @{ verb = 'Stop-SegmentPush'; id = 'NothingToAbandon' }
        @{ verb = 'Undo-SegmentPush'; id = 'AlreadyUndone' }
    ) {
        $null = Undo-SegmentPush $push -Force

        $failure = Assert-Failure { & $verb $push -Confirm:$false } $id -Saying "push $($push.ShortId) "

        "$failure" | Should -Not -BeLike "*$($push.Id)*"
        $failure.TargetObject | Should -Be $push.Id -Because 'a script takes the whole id from there'
    }
}

Describe 'Moments in messages' {
    BeforeEach { $null = Enter-TestFolder $TestDrive }

    AfterEach {
        Exit-TestFolder
        $env:TZ = $zone
        [System.TimeZoneInfo]::ClearCachedData()
    }

    BeforeAll { $zone = $env:TZ }

    It 'Are in local time and tell the zone: <_>' -ForEach 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata' {
        $env:TZ = $_
        [System.TimeZoneInfo]::ClearCachedData()
        Connect-MarketoLaunchpoint @sandbox

        $quota = Test-MarketoLaunchpoint | Where-Object Check -EQ Quota

        $quota.Detail -match 'resets at (?<moment>\d{4}-\d\d-\d\d \d\d:\d\d [+-]\d\d:\d\d) \(00:00 US Central\)' | Should -BeTrue -Because $quota.Detail
        $moment = [System.DateTimeOffset]::Parse($Matches.moment, [cultureinfo]::InvariantCulture)
        $moment.Offset | Should -Be ([System.TimeZoneInfo]::Local.GetUtcOffset($moment))
        $moment.UtcDateTime | Should -Be (Get-MarketoConnection).QuotaResets.UtcDateTime
    }
}

Describe 'Scripts' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'Compare, choose, group and filter by states as text, without naming a type' {
        $push = New-Person 2 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping

        $push.State -eq 'Completed' | Should -BeTrue
        $push.State -in 'Failed', 'Completed' | Should -BeTrue
        $(switch ($push.State) { Completed { 'done' } default { 'other' } }) | Should -Be done
        (Get-PushStatus | Where-Object State -EQ Completed).Id | Should -Be $push.Id
        (Get-PushStatus | Group-Object State).Name | Should -Be Completed
        (Get-PushStatus -State ('Completed', 'Failed')).Id | Should -Be $push.Id
        { Get-PushStatus -State Finished } | Should -Throw '*Completed*'
    }

    It 'Get the same values in the culture <_>' -ForEach 'de-DE', 'fr-FR', 'tr-TR' {
        $seen = Invoke-InCulture $_ {
            "email,first,last,score`nperson1@example.com,Ian,Iris,1234.5" | Set-Content segment.csv
            $push = Invoke-SegmentPush segment.csv 1021 @{ email = 'email'; first = 'firstName'; last = 'lastName'; score = 'lifetimeValue' } -PersonCreation MatchExistingAndCreateMissing
            "$push"
            (Get-MarketoStaticListMember 1021 -Field lifetimeValue, firstName | Where-Object Email -EQ person1@example.com).lifetimeValue
            Get-PushStatus | Export-Csv status.csv
            (Import-Csv status.csv).Started
        }
        $seen[0] | Should -BeLike 'Push * into Webinar EMEA: Completed, 1 of 1 person activated*'
        [double] $seen[1] | Should -Be 1234.5
        { [System.DateTimeOffset]::Parse($seen[2], [cultureinfo]::GetCultureInfo($_)) } | Should -Not -Throw
    }
}
