#Requires -Version 7.6
BeforeDiscovery {
    $changes = @(
        @{ Name = 'Undo-SegmentPush'; Script = { Undo-SegmentPush $push.Id @more } }
        @{ Name = 'Undo-SegmentPush -Force'; Script = { Undo-SegmentPush $push.Id -Force @more } }
        @{ Name = 'Invoke-SegmentPush'; Script = { New-Person 3 | Invoke-SegmentPush -StaticList 1022 -Mapping $mapping @more } }
        @{ Name = 'Invoke-SegmentPush -Destination'; Script = { Invoke-SegmentPush -Destination Webinar -Path segment.csv -Force @more } }
        @{ Name = 'Invoke-SegmentPush -SavePlan'; Script = { Invoke-SegmentPush -Destination Webinar -Path segment.csv -SavePlan plan.json @more } }
        @{ Name = 'Invoke-SegmentPush -SavePlan -Force'; Script = { Invoke-SegmentPush -Destination Webinar -Path segment.csv -SavePlan plan.json -Force @more } }
        @{ Name = 'Connect-MarketoLaunchpoint -SaveAs'; Script = { Connect-MarketoLaunchpoint @sandbox -SaveAs Second -Force @more | Disconnect-MarketoLaunchpoint } }
        @{ Name = 'New-MarketoStaticList'; Script = { New-MarketoStaticList Made 1 @more } }
        @{ Name = 'New-SegmentDestination'; Script = { New-SegmentDestination Third 1022 $mapping @more } }
        @{ Name = 'New-SegmentDestination -CreateList'; Script = { New-SegmentDestination Third Made $mapping -CreateList -Folder 1 @more } }
        @{ Name = 'Set-SegmentDestination'; Script = { Set-SegmentDestination Webinar -Description changed @more } }
        @{ Name = 'Remove-SegmentDestination'; Script = { Remove-SegmentDestination * @more } }
        @{ Name = 'Remove-MarketoAccount'; Script = { Remove-MarketoAccount * -Force @more } }
        @{ Name = 'Remove-PushHistory -Id'; Script = { Remove-PushHistory -Id $push.Id @more } }
        @{ Name = 'Remove-PushHistory -Before'; Script = { Remove-PushHistory ([datetime]::Now.AddDays(1)) @more } }
        @{ Name = 'Export-SegmentDestination'; Script = { Export-SegmentDestination * folder -Force @more } }
        @{ Name = 'Export-PushReceipt'; Script = { Export-PushReceipt $push.Id proof/ -Force @more } }
        @{ Name = 'Stop-SegmentPush'; Script = { Stop-SegmentPush $interrupted @more } }
        @{ Name = 'Resume-SegmentPush'; Script = { Resume-SegmentPush $interrupted @more } }
        @{ Name = 'Export-PushReport'; Script = { Export-PushReport $push.Id report.html -Force @more } }
        @{ Name = 'Initialize-PushJournal'; Script = { Initialize-PushJournal 'postgresql://owner@127.0.0.1:1/none' @more } }
        @{ Name = 'Copy-PushJournal'; Script = { Copy-PushJournal -From home -Journal 'postgresql://owner@127.0.0.1:1/none' @more } }
        @{ Name = 'Connect-ExperiencePlatform -SaveAs'; Script = { Connect-ExperiencePlatform -Rehearsal -SaveAs Second -Force -PassThru @more | Disconnect-ExperiencePlatform } }
        @{ Name = 'Remove-PlatformAccount'; Script = { Remove-PlatformAccount * -Force @more } }
        @{ Name = 'Remove-PlatformExport'; Script = { Get-PlatformExport -Connection $platform | Remove-PlatformExport -Connection $platform @more } }
        @{ Name = 'Save-PlatformAudience'; Script = { Save-PlatformAudience 'Webinar EMEA' people.csv -Field identityMap.Email, person.name.firstName -Force -Connection $platform @more } }
        @{ Name = 'Invoke-SegmentPush -Audience'; Script = { Invoke-SegmentPush -Audience 'Webinar EMEA' -StaticList 1022 -Mapping @{ 'identityMap.Email' = 'email' } -PlatformConnection $platform @more } }
        @{ Name = 'Import-SegmentDestination'; Script = { Import-SegmentDestination exported.json @more } }
    )
}

BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $mapping = @{ email = 'email' }

    # What the cmdlets change: the instance, the journal, the accounts, and the files in the current folder.
    function Get-World {
        [ordered]@{
            Members      = @(foreach ($list in 1021, 1022) { Get-MarketoStaticListMember $list | ForEach-Object { "$list $($_.Email)" } })
            Lists        = @((Get-MarketoStaticList).Name)
            Pushes       = @(Get-PushStatus | ForEach-Object { "$($_.Id) $($_.State)" })
            Destinations = @(Get-SegmentDestination | ForEach-Object { "$($_.Name) $($_.StaticListId) $($_.Description)" })
            Accounts     = @(Get-MarketoAccount | ForEach-Object { "$($_.Name) $($_.ClientId)" })
            Platform     = @(Get-PlatformAccount | ForEach-Object { "$($_.Name) $($_.ClientId)" })
            Exports      = @(Get-PlatformExport -Connection $platform | ForEach-Object { "$($_.JobId) $($_.BatchId)" })
            Files        = @(Get-ChildItem -Recurse -File -Exclude journal.* | ForEach-Object { "$($_.Name) $($_.Length)" })
        } | ConvertTo-Json
    }

    # A function of a user that hands -WhatIf and -Confirm on by the preference variables of its own scope.
    function Invoke-AsUser {
        [CmdletBinding(SupportsShouldProcess)]
        param([Parameter(Mandatory)] [scriptblock] $Script)
        & $Script
    }

    # Uses the day's calls up but for the reserve, so that a push is interrupted. Emits its id.
    function New-InterruptedPush {
        Connect-MarketoLaunchpoint @sandbox -DailyCallQuota 1000
        foreach ($i in 1..4) { try { $null = New-Person 1 | Invoke-SegmentPush -StaticList 1022 -Mapping $mapping -DailyCallReserve 98 -PersonCreation MatchExistingAndCreateMissing } catch { } }
        (Get-PushStatus -State Interrupted -Last 1).Id
    }

    function New-World {
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        New-Person 5 | Export-Csv segment.csv
        $null = New-SegmentDestination Webinar 1021 $mapping -PersonCreation MatchExistingAndCreateMissing -Mode Mirror
        $null = New-SegmentDestination Other 1022 $mapping
        $script:push = Invoke-SegmentPush -Destination Webinar -Path segment.csv
        Export-SegmentDestination Webinar exported.json
        $script:platform = Connect-ExperiencePlatform -Rehearsal -SaveAs Trial -PassThru
        $null = Save-PlatformAudience 'Webinar EMEA' people.csv -Field identityMap.Email
    }
}

Describe 'Asking before a change' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        New-World
    }

    AfterEach { Exit-TestFolder }

    It '<Name> changes nothing where -WhatIf is inherited or given' -ForEach $changes {
        if ($Name -eq 'Import-SegmentDestination') { Remove-SegmentDestination Webinar }
        if ($Name -in 'Stop-SegmentPush', 'Resume-SegmentPush') { $interrupted = New-InterruptedPush }
        Connect-MarketoLaunchpoint -Account Trial
        $before = Get-World

        $more = @{}
        & { $WhatIfPreference = $true; $null = & $Script }
        Connect-MarketoLaunchpoint -Account Trial
        Get-World | Should -BeExactly $before -Because 'a preference variable says so'

        $null = Invoke-AsUser $Script -WhatIf
        Connect-MarketoLaunchpoint -Account Trial
        Get-World | Should -BeExactly $before -Because 'a calling function says so'

        $more = @{ WhatIf = $true }
        $null = & $Script
        Connect-MarketoLaunchpoint -Account Trial
        Get-World | Should -BeExactly $before -Because 'the user says so'
    }

    It 'Several things that can''t be had back go after one question, and one that is named goes without' {
        $null = New-SegmentDestination Third 1022 $mapping
        New-Person 1 | Invoke-SegmentPush -StaticList 1022 -Mapping $mapping | Out-Null
        Connect-MarketoLaunchpoint @sandbox -SaveAs Second
        Connect-ExperiencePlatform -Rehearsal -SaveAs Second
        $asks = [ordered]@{
            'Remove-SegmentDestination *'                                   = { (Get-SegmentDestination).Count }
            'Get-SegmentDestination | Remove-SegmentDestination'            = { (Get-SegmentDestination).Count }
            'Remove-SegmentDestination Other, Third'                        = { (Get-SegmentDestination).Count }
            'Remove-PushHistory -Before (Get-Date).AddDays(1)'              = { @(Get-PushStatus).Count }
            'Get-PushStatus | Remove-PushHistory'                           = { @(Get-PushStatus).Count }
            'Remove-MarketoAccount *'                                       = { @(Get-MarketoAccount).Count }
            'Get-PlatformAccount | Remove-PlatformAccount'                  = { @(Get-PlatformAccount).Count }
        }
        foreach ($line in $asks.Keys) {
            $before = & $asks[$line]
            Assert-Failure ([scriptblock]::Create($line)) ConfirmationNotPossible -Saying '-Force'
            & $asks[$line] | Should -Be $before -Because $line
        }

        Remove-SegmentDestination Third -InformationVariable one
        "$one" | Should -Be '1 destination removed.'
        Remove-SegmentDestination * -Force -InformationVariable several
        "$several" | Should -Be '2 destinations removed.'
        Remove-PushHistory -Before (Get-Date).AddDays(1) -Confirm:$false -InformationVariable pushes
        "$pushes" | Should -Be '2 pushes removed from the journal.'
        Remove-MarketoAccount * -Force -InformationVariable accounts
        "$accounts" | Should -Be '2 accounts removed.'
        & { $ConfirmPreference = 'None'; Get-PlatformAccount | Remove-PlatformAccount }
        Get-PlatformAccount | Should -BeNullOrEmpty
    }

    It 'Several pushes are given up after one question' {
        $null = New-InterruptedPush
        $count = @(Get-PushStatus -State Interrupted).Count
        $count | Should -BeGreaterThan 2

        Assert-Failure { Get-PushStatus -State Interrupted | Stop-SegmentPush } ConfirmationNotPossible
        Get-PushStatus -State Interrupted | Should -HaveCount $count
        Get-PushStatus -State Interrupted -Last 1 | Stop-SegmentPush | Should -HaveCount 1
        Get-PushStatus -State Interrupted | Stop-SegmentPush -Force | Should -HaveCount ($count - 1)
    }

    It 'A question whose input has ended fails as one that nobody can answer' {
        $place = Get-TestPlace
        $null = New-SegmentDestination Third 1022 $mapping
        "Import-Module '$($place.Manifest)'`ntry { Remove-SegmentDestination * } catch { `$_.FullyQualifiedErrorId }`n(Get-SegmentDestination).Count" | Set-Content ask.ps1
        $program = [Environment]::ProcessPath
        $more = @([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet' ? (Join-Path $PSHOME pwsh.dll) : @())

        $said = @() | & $program @more -NoProfile -File ask.ps1

        $said[-2] | Should -BeLike '*ConfirmationNotPossible,SegmentPush.Commands.RemoveSegmentDestinationCommand'
        $said[-1] | Should -Be 3
    }

    It '-Force leaves out the question that Undo-SegmentPush asks by itself, and no other' {
        $ask = Invoke-CleanPwsh -CommandWithArgs @'
param($manifest, $id)
Import-Module $manifest
Connect-MarketoLaunchpoint -Account Trial
try { Undo-SegmentPush $id } catch { "plain: $($_.FullyQualifiedErrorId)" }
try { Undo-SegmentPush $id -Force -Confirm } catch { "given: $($_.FullyQualifiedErrorId)" }
& { $ConfirmPreference = 'Low'; try { Undo-SegmentPush $id -Force } catch { "inherited: $($_.FullyQualifiedErrorId)" } }
"members: $(@(Get-MarketoStaticListMember 1021).Count)"
(Undo-SegmentPush $id -Force).Removed
'@ (Get-TestPlace).Manifest $push.Id

        $ask.ErrorText | Should -BeNullOrEmpty
        $ask.Output | Should -Be @(
            'plain: ConfirmationNotPossible,SegmentPush.Commands.UndoSegmentPushCommand'
            'given: ConfirmationNotPossible,SegmentPush.Commands.UndoSegmentPushCommand'
            'inherited: ConfirmationNotPossible,SegmentPush.Commands.UndoSegmentPushCommand'
            'members: 5'
            '5'
        )
    }

    It 'A question that nobody can answer is an error of ours, and nothing is changed' {
        $run = Invoke-CleanPwsh -CommandWithArgs @'
param($manifest, $id)
Import-Module $manifest
foreach ($act in { Remove-SegmentDestination Other -Confirm }, { Remove-MarketoAccount Trial -Confirm }, { Remove-PushHistory -Id $id -Confirm }, { Export-PushReceipt $id a.json -Confirm }) {
    try { & $act; 'No question' } catch { $_.FullyQualifiedErrorId -replace ',.*' }
}
'@ (Get-TestPlace).Manifest $push.Id

        $run.Output | Select-Object -Unique | Should -Be ConfirmationNotPossible
        Get-SegmentDestination | Should -HaveCount 2
        Get-MarketoAccount | Should -HaveCount 1
        Get-PushStatus | Should -HaveCount 1
    }

    It '-Confirm:$false answers the question of Undo-SegmentPush, and the guard stays' {
        Assert-Failure { Undo-SegmentPush $push.Id -Confirm:$false } GuardStopped
    }

    It 'A plan is shown and not written with -WhatIf' {
        $plan = Invoke-SegmentPush -Destination Webinar -Path segment.csv -SavePlan plan.json -WhatIf

        $plan | Should -HaveCount 1
        'plan.json' | Should -Not -Exist
    }

    It 'A connection is made with -WhatIf, and no account is saved' {
        Disconnect-MarketoLaunchpoint

        Connect-MarketoLaunchpoint @sandbox -SaveAs Second -WhatIf

        Get-MarketoAccount Second -ErrorAction Ignore | Should -BeNullOrEmpty
        Get-MarketoStaticList | Should -Not -BeNullOrEmpty
    }

    It 'Every cmdlet that changes something knows -WhatIf, and is tried above' -ForEach @{ tried = $changes.Name } {
        $changing = (Get-Command -Module SegmentPush).Where({ $_.Verb -notin 'Get', 'Test', 'Disconnect' -and $_.Name -ne 'New-SegmentMapping' })

        $changing.Where({ -not $_.Parameters.ContainsKey('WhatIf') }).Name | Should -BeNullOrEmpty

        # Tasks would be those of this machine; their own tests bring a scheduler along.
        $changing.Name | Where-Object { $_ -notlike '*-SegmentPushTask' -and $_ -notin ($tried -replace ' .*') } | Should -BeNullOrEmpty
    }
}
