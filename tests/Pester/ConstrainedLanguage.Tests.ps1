#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    Import-Module "$PSScriptRoot/Support.psm1" -Force

    # Runs a script in Constrained Language, as on a machine where an application control policy is in force.
    function Invoke-Constrained([string] $Script) {
        Invoke-Session "`$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'`n$Script"
    }
}

Describe 'In Constrained Language' {
    BeforeEach { $null = Enter-TestFolder $TestDrive }

    AfterEach { Exit-TestFolder }

    It 'A script may not call .NET, which shows that the language is constrained' {
        $run = Invoke-Constrained '[System.IO.File]::Exists("x")'

        $run.Errors.FullyQualifiedErrorId | Should -Be MethodInvocationNotSupportedInConstrainedLanguage
    }

    It 'A segment is pushed, its people are shown, and its history is removed' {
        & { New-Person 30; New-Person 1 'no domain' } | Export-Csv segment.csv

        $run = Invoke-Constrained @'
Connect-MarketoLaunchpoint -Sandbox -CallsPer20Seconds 100
$mapping = @((New-SegmentMapping email email -Identity Email), (New-SegmentMapping first firstName))
$plan = Invoke-SegmentPush segment.csv 1021 $mapping -PersonCreation MatchExistingAndCreateMissing -WhatIf
$push = Import-Csv segment.csv | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email'; first = 'firstName' } -PersonCreation MatchExistingAndCreateMissing -RejectPath bad.csv
"plan $($plan.WouldAdd) $($plan.WouldReject)"
"push $($push.State) $($push.Added) $($push.Rejected)"
if ($push.State -eq 'Completed') { 'comparable' }
"members $(@(Get-MarketoStaticListMember 1021).Count)"
"rejected $((Get-PushStatus -Id $push.Id -Outcome Rejected).Code)"
"file $((Import-Csv bad.csv)._Code)"
"table $((Get-PushStatus | Format-Table | Out-String -Width 120) -match 'Completed')"
Remove-PushHistory -Before (Get-Date).AddDays(1) -Force
"left $(@(Get-PushStatus).Count)"
'@

        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -Be 'plan 30 1', 'push Completed 30 1', 'comparable', 'members 30', 'rejected AddressMalformed', 'file AddressMalformed', 'table True', 'left 0'
    }

    It 'A destination is saved, pushed to and undone' {
        New-Person 30 | Export-Csv segment.csv

        $run = Invoke-Constrained @'
Connect-MarketoLaunchpoint -Sandbox -CallsPer20Seconds 100 -SaveAs Trial -WarningAction Ignore
$null = New-SegmentDestination Autumn 1021 @{ email = 'email' } -Account Trial -Mode Mirror -PersonCreation MatchExistingAndCreateMissing -EndDate (Get-Date).AddDays(9)
Set-SegmentDestination Autumn -MaxRemovalPercent 50
$push = Invoke-SegmentPush -Destination Autumn -Path segment.csv
"push $($push.State) $($push.Added) $($push.ExitCode)"
"receipt $((Export-PushReceipt $push.Id | ConvertFrom-Json).list.agree)"
$undone = $push | Undo-SegmentPush -Force -WarningAction Ignore
"undone $($undone.Removed)"
Export-SegmentDestination Autumn it.json
Remove-SegmentDestination Autumn
"imported $((Import-SegmentDestination it.json).Name)"
'@

        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -Be 'push Completed 30 0', 'receipt True', 'undone 30', 'imported Autumn'
    }

    It 'An error has its id and says what to do' {
        $run = Invoke-Constrained "try { Get-MarketoStaticList } catch { `$_.FullyQualifiedErrorId; `$_.ErrorDetails.RecommendedAction }"

        $run.Output[0] | Should -BeLike 'NotConnected,*'
        $run.Output[1] | Should -Not -BeNullOrEmpty
    }

    It 'Names are completed' {
        $run = Invoke-Constrained @'
Connect-MarketoLaunchpoint -Sandbox -SaveAs 'Production EMEA' -WarningAction Ignore
(TabExpansion2 'Get-MarketoAccount pr' 21).CompletionMatches.CompletionText
'@

        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -Be "'Production EMEA'"
    }
}
