#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $to = @{ StaticList = 1021; Mapping = @{ email = 'email'; first = 'firstName'; last = 'lastName' } }
    $creating = @{ PersonCreation = 'MatchExistingAndCreateMissing' }
}

Describe 'The streams of a push' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'The output is the status alone, and a warning counts what was rejected' {
        $all = & { New-Person 9; New-Person 1 'no domain' } | Invoke-SegmentPush @to 3>&1

        $warning, $output = $all.Where({ $_ -is [System.Management.Automation.WarningRecord] }, 'Split')
        $output | Should -HaveCount 1
        $output[0].Received | Should -Be 10
        $warning | Should -HaveCount 1
        "$warning" | Should -BeLike '*1 of 10 rows was rejected*'
        "$warning" | Should -BeLike "*$($output[0].ShortId)*"
    }

    It 'The warning of rejected rows is right for one and for many' {
        $one = & { New-Person 3; New-Person 1 'no domain' } | Invoke-SegmentPush @to -RejectPath one.csv 3>&1 | Where-Object { $_ -is [System.Management.Automation.WarningRecord] }
        "$one" | Should -BeLike '1 of 4 rows was rejected; it is in *one.csv*'

        $many = New-Person 1200 | ForEach-Object { $_; [pscustomobject]@{ email = 'none'; first = 'a'; last = 'b' } } |
            Invoke-SegmentPush @to -MaxRejectPercent 100 -RejectPath many.csv 3>&1 | Where-Object { $_ -is [System.Management.Automation.WarningRecord] }
        "$many" | Should -BeLike '1,200 of 2,400 rows were rejected; they are in *many.csv*'
    }

    It 'Verbose and debug text tell of every call, and hold no person and no secret' {
        $said = & {
            $DebugPreference = 'Continue'
            & { New-Person 1500; New-Person 1 'no domain' } | Invoke-SegmentPush @to -Verbose
        } *>&1

        $verbose = $said | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        "$verbose" | Should -BeLike '*/rest/v1/leads.json*'
        $text = $said | Where-Object { $_ -is [System.Management.Automation.InformationalRecord] } | Out-String -Width 4096
        $text | Should -BeLike '*/rest/v1/leads.json*'
        $text | Should -Not -BeLike '*person1*'
        $text | Should -Not -BeLike '*sandbox-secret*'
    }

    It 'Progress ends as completed, and names nobody' {
        $said = Invoke-Session @'
            Connect-MarketoLaunchpoint -Sandbox -CallsPer20Seconds 100
            1..1500 | ForEach-Object { [pscustomobject]@{ email = "person$_@example.com" } } | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' }
'@

        $said.Errors | Should -BeNullOrEmpty
        $said.Progress | Should -Not -BeNullOrEmpty
        $said.Progress[-1].RecordType | Should -Be Completed
        "$($said.Progress)" | Should -Not -BeLike '*person1*'
    }

    It 'The information stream has a line for each phase, and progress shows the phase below the push in 80 columns' {
        New-Person 600 | Export-Csv segment.csv
        $said = Invoke-Session @'
            Connect-MarketoLaunchpoint -Sandbox -CallsPer20Seconds 100
            $null = New-SegmentDestination 'A destination with quite a long name' 1022 @{ email = 'email' } -Mode Mirror -PersonCreation MatchExistingAndCreateMissing
            Invoke-SegmentPush -Destination 'A destination with quite a long name' -Path segment.csv -Force -InformationVariable said
            "$($said -join "`n")"
'@

        $said.Errors | Should -BeNullOrEmpty
        $push, $text = $said.Output
        $lines = $text -split "`n"
        $lines[0] | Should -Be "Push $($push.ShortId) into static list 'Newsletter' (1022) began."
        $lines | Should -Contain "Push $($push.ShortId): Delivering people."
        $lines | Should -Contain "Push $($push.ShortId): Bringing the list in step."
        $lines[-1] | Should -BeLike "Push $($push.ShortId) into A destination*Completed*"
        ($said.Progress | Where-Object Activity -EQ 'Delivering people').ParentActivityId | Select-Object -Unique | Should -Be 1
        foreach ($record in $said.Progress) { ($record.Activity.Length + $record.StatusDescription.Length) | Should -BeLessThan 76 }
        @($said.Progress | Group-Object ActivityId | ForEach-Object { $_.Group[-1].RecordType } | Select-Object -Unique) | Should -Be Completed
    }

    It 'An import that is waited for has a bar of its own, with the rows that are done' {
        $said = Invoke-Session @'
            Connect-MarketoLaunchpoint -Sandbox -CallsPer20Seconds 100
            1..300 | ForEach-Object { [pscustomobject]@{ email = "new$_@example.com" } } |
                Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' } -PersonCreation MatchExistingAndCreateMissing -Delivery Bulk
'@

        $said.Errors | Should -BeNullOrEmpty
        $waits = @($said.Progress | Where-Object Activity -Like 'Import *')
        # A slow machine asks for the import for the first time when some rows are done.
        $waits[0].StatusDescription | Should -Match '^\d+ of 300 rows$'
        $done = [int] ($waits[0].StatusDescription -split ' ')[0]
        "$($waits[0].PercentComplete) $($waits[0].RecordType)" | Should -BeExactly "$([math]::Floor(100 * $done / 300)) Processing"
        $waits[-1].RecordType | Should -Be Completed
        # Below the phase, which is below the push.
        $waits.ParentActivityId | Select-Object -Unique | Should -Be 2
        ($said.Progress | Where-Object Activity -EQ 'Delivering people').ParentActivityId | Select-Object -Unique | Should -Be 1
    }

    It 'A push that waits for the list says for which push, and how long' {
        $state = [initialsessionstate]::CreateDefault2()
        $state.ImportPSModule((Get-TestPlace).Manifest)
        $first, $second = 1..2 | ForEach-Object { [powershell]::Create($state) }
        try {
            $connection = Connect-MarketoLaunchpoint @sandbox -PassThru
            $push = {
                param($Connection, [int] $People, $Wait, $Pause)
                & { 1..$People | ForEach-Object { [pscustomobject]@{ email = "person$_@example.com" } }; Start-Sleep $Pause } |
                    Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' } -Connection $Connection -WaitForList $Wait
            }
            # A push takes the list once a thousand people have come; it keeps the list while its pipeline goes on.
            $null = $first.AddScript($push).AddArgument($connection).AddArgument(1000).AddArgument(0).AddArgument(60)
            $null = $second.AddScript($push).AddArgument($connection).AddArgument(1).AddArgument(2).AddArgument(0)
            $null = $first.BeginInvoke()
            for ($i = 0; $i -lt 100 -and -not ($held = Get-PushStatus -State Running | Where-Object StaticListName -EQ 'Webinar EMEA'); $i++) { Start-Sleep -Milliseconds 100 }
            Start-Sleep -Milliseconds 500
            $null = $second.Invoke()
            $second.Streams.Error.FullyQualifiedErrorId | Should -BeLike 'ListBusy,*'

            $waits = @($second.Streams.Progress | Where-Object Activity -EQ "Waiting for push $($held.ShortId)")
            $waits[0].StatusDescription | Should -BeExactly '0 s, at most 2 s'
            $waits[0].RecordType | Should -Be Processing
            $waits[-1].RecordType | Should -Be Completed
        }
        finally { foreach ($shell in $first, $second) { $shell.Stop(); $shell.Runspace.Dispose(); $shell.Dispose() } }
    }

    It 'Waiting for the pace is shown, and warned of after ten seconds' {
        $state = [initialsessionstate]::CreateDefault2()
        $state.ImportPSModule((Get-TestPlace).Manifest)
        $shell = [powershell]::Create($state)
        try {
            $null = $shell.AddScript({
                Connect-MarketoLaunchpoint -Sandbox -CallsPer20Seconds 4
                1..3000 | ForEach-Object { [pscustomobject]@{ email = "person$_@example.com" } } | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' }
            })
            $running = $shell.BeginInvoke()
            for ($i = 0; $i -lt 160 -and -not ($shell.Streams.Warning -match 'pace permits 4 calls in 20 seconds'); $i++) { Start-Sleep -Milliseconds 100 }
            $shell.Stop()

            $shell.Streams.Warning -match 'pace permits 4 calls in 20 seconds' | Should -HaveCount 1
            $shell.Streams.Progress.StatusDescription -match '^Waiting for the permitted pace, \d+ s$' | Should -Not -BeNullOrEmpty
            $shell.Streams.Error | Should -BeNullOrEmpty
        }
        finally { $shell.Runspace.Dispose(); $shell.Dispose() }
    }

    It 'A transcript of everything holds no secret and no token' {
        @'
$manifest, $folder = $args
Set-Location -LiteralPath $folder
Import-Module $manifest
Start-Transcript transcript.txt
$VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
$to = @{ StaticList = 1021; Mapping = @{ email = 'email' } }
$secret = ConvertTo-SecureString (Get-Content -LiteralPath secret.txt) -AsPlainText
$credential = [pscredential]::new('sandbox-client', $secret)
$credential
Connect-MarketoLaunchpoint -Sandbox -Credential $credential -SaveAs Transcribed -PassThru | Format-List *
Connect-MarketoLaunchpoint -Account Transcribed
[pscustomobject]@{ email = 'person1@example.com' } | Invoke-SegmentPush @to
try { Connect-MarketoLaunchpoint -Sandbox -Credential ([pscredential]::new('sandbox-client', (ConvertTo-SecureString 'wrong-secret' -AsPlainText))) } catch { $_ | Format-List * -Force }
try { Invoke-SegmentPush missing.csv @to } catch { $_ }
Stop-Transcript
'@ | Set-Content script.ps1
        Set-Content secret.txt sandbox-secret

        $run = Invoke-CleanPwsh -File script.ps1 (Get-TestPlace).Manifest $PWD
        Remove-Item secret.txt, script.ps1

        $run.ErrorText | Should -BeNullOrEmpty
        $run.ExitCode | Should -Be 0
        # Long lines are wrapped, anywhere.
        $text = (Get-Content transcript.txt -Raw) -replace '\s'
        $text | Should -BeLike '*/rest/v1/lists/1021/leads.json*'
        $text | Should -BeLike '*InvalidCredentials*'
        $text | Should -BeLike '*missing.csv*'
        $text | Should -Not -Match 'sandbox-secret|wrong-secret|access_token|Bearer'
        Get-ChildItem . -Recurse -File -Exclude *.secret | Select-String -Pattern 'sandbox-secret|wrong-secret' | Should -BeNullOrEmpty
    }
}

Describe 'Questions of -Debug' {
    # PowerShell asks behind each verbose text and each warning of a compiled cmdlet that was called with -Debug.
    It 'Where nobody can answer, a push with -Debug goes on' {
        $null = Enter-TestFolder $TestDrive
        try {
            & { New-Person 2; New-Person 1 'no domain' } | Export-Csv segment.csv
            $command = "Import-Module '$((Get-TestPlace).Manifest)'; Connect-MarketoLaunchpoint -Sandbox -Debug; " +
                "(Invoke-SegmentPush segment.csv -StaticList 1021 -Mapping @{ email = 'email' } -Debug).State"
            $run = Invoke-CleanPwsh -NonInteractive -Command $command

            $run.Output[-1] | Should -Be 'Completed'
            $run.ErrorText | Should -BeNullOrEmpty
        }
        finally { Exit-TestFolder }
    }
}

Describe 'Stopping a push' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        $connection = Connect-MarketoLaunchpoint @sandbox -PassThru
    }

    AfterEach { Exit-TestFolder }

    It 'A stop ends it within two seconds, and leaves a status whose sums agree' {
        $manifest = (Get-TestPlace).Manifest
        $job = Start-ThreadJob {
            Import-Module $using:manifest
            $people = { foreach ($i in 1..1300) { [pscustomobject]@{ email = "person$i@example.com" } }; Start-Sleep 60 }
            & $people | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' } -PersonCreation MatchExistingAndCreateMissing -Delivery Sync -Connection $using:connection
        }
        while ($job.State -ne 'Failed' -and -not (Get-PushStatus).Received) { Start-Sleep -Milliseconds 20 }

        $took = Measure-Command { Stop-Job $job }

        $job.State | Should -Be Stopped
        $took | Should -BeLessThan ([timespan]::FromSeconds(2))
        $push = Get-PushStatus
        $push.State | Should -Be Interrupted
        $push.Received | Should -BeGreaterThan 0
        $push.Activated + $push.Excluded + $push.Failed | Should -Be $push.Received
        Remove-Job $job
    }

    It 'A push whose pipeline throws does not say that the user has stopped it' {
        $failing = {
            foreach ($i in 1..1500) { [pscustomobject]@{ email = "person$i@example.com"; first = "N$i"; last = '' } }
            for ($i = 0; $i -lt 1500 -and -not (Get-PushStatus -State Running); $i++) { Start-Sleep -Milliseconds 20 }
            throw 'The database has gone.'
        }

        { & $failing | Invoke-SegmentPush @to } | Should -Throw 'The database has gone.'

        $push = Get-PushStatus -Last 1
        $push.State, $push.ErrorId | Should -Be 'Interrupted', $null
        $push.Reason | Should -Be 'Stopped before the last object of the pipeline had come, by the user or by another command of the pipeline.'
    }

    It 'A push that Select-Object ends delivers the rows that had come when it is resumed, and is not called complete' {
        # It has no end, so that the push is stopped in its middle on a slow machine, too.
        $rows = {
            for ($i = 1; ; $i++) {
                [pscustomobject]@{ email = "person$i@example.com"; first = "N$i"; last = '' }
                if ($i -gt 20000) { Start-Sleep -Milliseconds 20 }
            }
        }

        # The consumer has seen enough as soon as the push has made ten calls, as with Ctrl+C.
        $seen = & $rows | Invoke-SegmentPush @to -Delivery Sync -Verbose 4>&1 | Select-Object -First 10
        $stopped = Get-PushStatus -Last 1
        $null = Get-PushStatus -State Interrupted | Resume-SegmentPush -WarningAction SilentlyContinue -ErrorAction SilentlyContinue -ErrorVariable failed
        $resumed = Get-PushStatus $stopped

        $seen | Should -HaveCount 10
        $stopped.State | Should -Be Interrupted
        $stopped.Reason | Should -BeLike 'Stopped before the last object of the pipeline had come*'
        $failed[0].FullyQualifiedErrorId | Should -Be 'PipelineIncomplete,SegmentPush.Commands.ResumeSegmentPushCommand'
        $resumed.State, $resumed.ExitCode | Should -Be 'Failed', 1
        $resumed.NotDelivered | Should -Be 0
        $resumed.Activated + $resumed.Excluded | Should -Be $resumed.Received
        $resumed.Activated | Should -BeGreaterThan 0
        Get-MarketoStaticListMember 1021 | Should -HaveCount $resumed.Activated
        Get-ChildItem home -Filter 'spool-*' | Should -BeNullOrEmpty
    }
}
