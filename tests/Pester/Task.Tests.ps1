#Requires -Version 7.6
BeforeDiscovery {
    # A start by a real cron waits for the next minute.
    $isCron = $IsLinux -and ($env:CI -eq 'true' -or (Get-Command cron, crontab -ErrorAction Ignore).Count -eq 2)
    $isSystemd = $IsLinux -and (Get-Command systemd-analyze -ErrorAction Ignore)
}

BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $script = Join-Path (Get-TestPlace).Module Invoke-PushTask.ps1
    $email = @{ email = 'email' }
    $creating = @{ PersonCreation = 'MatchExistingAndCreateMissing'; Account = 'Trial' }

    function Set-Segment([int] $People, [string] $Path = 'segment.csv') { New-Person $People | Select-Object email | Export-Csv $Path }

    # Runs the line of a task as its scheduler would, and emits the exit code.
    function Start-Task([string] $Name = 'Webinar EMEA') {
        $line = (Get-Content tab)[(Get-Content tab).IndexOf("# SegmentPush task: $Name") + 1] -replace '^(\S+ ){5}' -replace '\\%', '%'
        $errors = sh -c $line 2>&1
        [pscustomobject]@{ ExitCode = $LASTEXITCODE; ErrorText = "$errors" }
    }

    function Get-Log { Get-Content (Get-ChildItem home/logs/*.log) -Raw }
}

Describe 'A task' -Skip:$IsWindows {
    BeforeEach {
        $folder = Enter-TestFolder $TestDrive
        Install-Crontab
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        Set-Segment 20
        $null = New-SegmentDestination 'Webinar EMEA' 1021 $email @creating -Mode Mirror -Path segment.csv
    }

    AfterEach { Exit-TestFolder }

    It 'Is a line of the crontab, beside what others have written there' {
        Set-Content tab '# mine', '5 4 * * * /bin/true'

        $task = Register-SegmentPushTask 'Webinar EMEA' -At 02:10 -Every 1h -Scheduler Cron

        $task.Name | Should -Be 'Webinar EMEA'
        $task.IsRegistered | Should -BeTrue
        $lines = Get-Content tab
        $lines[0..1] | Should -Be '# mine', '5 4 * * * /bin/true'
        $lines[2] | Should -Be '# SegmentPush task: Webinar EMEA'
        $lines[3] | Should -BeLike '10 `* `* `* `* *Invoke-PushTask.ps1*'
        $lines | Should -HaveCount 4

        $shown = Get-SegmentPushTask
        "$($shown.Destination) $($shown.At) $($shown.Every) $($shown.Scheduler) $($shown.IsRegistered)" | Should -Be 'Webinar EMEA 02:10 01:00:00 Cron True'
        $shown.NextRun.Minute | Should -Be 10

        Unregister-SegmentPushTask 'webinar emea'
        Get-Content tab | Should -Be '# mine', '5 4 * * * /bin/true'
        Get-SegmentPushTask | Should -BeNullOrEmpty
        Assert-Failure { Unregister-SegmentPushTask 'Webinar EMEA' -ErrorAction Stop } TaskNotFound ObjectNotFound
    }

    It 'Pushes what is due, keeps a log, and tells its last run' {
        $null = Register-SegmentPushTask 'Webinar EMEA' -At 02:00 -Scheduler Cron

        $run = Start-Task

        $run.ErrorText | Should -BeNullOrEmpty -Because 'cron mails what a task writes'
        $run.ExitCode | Should -Be 0
        (Get-PushStatus -Last 1).State | Should -Be Completed
        Get-Log | Should -BeLike '*Status*into Webinar EMEA: Completed*exit code 0*'
        Get-Log | Should -Not -BeLike '*person1@*'
        (Get-SegmentPushTask).LastExitCode | Should -Be 0
        (Get-SegmentPushTask).LastRun | Should -BeGreaterThan ([datetimeoffset]::Now.AddMinutes(-2))

        (Start-Task).ExitCode | Should -Be 0
        Get-PushStatus | Should -HaveCount 1 -Because 'nothing is due'
        Get-Log | Should -BeLike '*Nothing is due*'
    }

    It 'Ends with <code> where <where>, and says so in its log, on its error stream and to the script of -OnFailure' -ForEach @(
        @{ code = 1; where = 'the export is lost'; text = 'segment.csv'; arrange = { Remove-Item segment.csv } }
        @{ code = 1; where = 'the secret is wrong'; text = 'Credentials'; arrange = { Set-Content (Get-ChildItem home/accounts -Filter *.secret) wrong -NoNewline } }
        @{ code = 1; where = 'the destination was removed'; text = 'DestinationNotFound'; arrange = { Remove-SegmentDestination 'Webinar EMEA' -Confirm:$false } }
        @{ code = 3; where = 'the guard stopped it'; text = 'GuardStopped'; arrange = { Set-Segment 100; $null = Invoke-SegmentPush -Destination 'Webinar EMEA'; Set-Segment 3 } }
        @{ code = 4; where = 'nobody arrived'; text = 'NobodyArrived'; arrange = { Set-SegmentDestination 'Webinar EMEA' -PersonCreation MatchExisting -ExistingPeople Keep; New-Person 3 nobody.example | Select-Object email | Export-Csv segment.csv } }
    ) {
        'param($Task, $ExitCode, $Log) "$Task|$ExitCode|$(Test-Path $Log)" | Set-Content (Join-Path $PSScriptRoot told.txt)' | Set-Content hook.ps1
        $null = Register-SegmentPushTask 'Webinar EMEA' -At 02:00 -Scheduler Cron -OnFailure hook.ps1
        . $arrange

        $run = Start-Task

        $run.ExitCode | Should -Be $code -Because $run.ErrorText
        $run.ErrorText | Should -Match '^Webinar EMEA: \S'
        $run.ErrorText | Should -BeLike "*$text*"
        $run.ErrorText | Should -Not -Match "$([char] 27)|Invoke-PushTask|Line \|"
        Get-Log | Should -Not -BeLike '*Nothing is due*'
        Get-Log | Should -BeLike "*Error*$text*exit code $code*"
        Get-Content told.txt | Should -Be "Webinar EMEA|$code|True"
        (Get-SegmentPushTask).LastExitCode | Should -Be $code
    }

    It 'Has a log in one language' {
        $null = Register-SegmentPushTask 'Webinar EMEA' -At 02:00 -Scheduler Cron
        $before = $env:LC_ALL
        try {
            $env:LC_ALL = 'fr_FR.UTF-8'
            $null = Start-Task
            $null = Start-Task
        }
        finally { $env:LC_ALL = $before }

        Get-Log | Should -BeLike "*La tâche 'Webinar EMEA' commence.*vers Webinar EMEA*se termine avec le code de sortie 0.*Rien n’est à envoyer.*"
        Get-Log | Should -Not -Match ' (the|is|starts|ends) '
    }

    It 'Resumes what the night before has left' {
        $null = Register-SegmentPushTask 'Webinar EMEA' -At 02:00 -Scheduler Cron
        Set-Segment 900
        $file = Get-ChildItem home/accounts -Filter *.json
        $account = Get-Content $file -Raw | ConvertFrom-Json
        $account.DailyCallQuota = 1000
        $account.DailyCallReserve = 98
        $account | ConvertTo-Json | Set-Content $file
        Connect-MarketoLaunchpoint -Account Trial
        foreach ($i in 1..3) { try { $null = New-Person 1 | Invoke-SegmentPush -StaticList 1022 -Mapping $email } catch { } }
        $null = Get-MarketoStaticList
        (Start-Task).ExitCode | Should -Be 2
        (Get-SegmentDestination).LastState | Should -Be Interrupted

        $account.DailyCallReserve = 0
        $account | ConvertTo-Json | Set-Content $file
        (Start-Task).ExitCode | Should -Be 0

        (Get-SegmentDestination).LastState | Should -Be Completed
        Get-MarketoStaticListMember 1021 | Should -HaveCount 900
    }

    It 'Pushes several destinations, and those that a name with wildcards means' {
        foreach ($name in 'Web 2', 'Other') {
            Set-Segment 5 "$name.csv"
            $null = New-SegmentDestination $name 1022 $email @creating -Path "$name.csv"
        }

        $null = Register-SegmentPushTask 'Web*' -At 02:00 -Scheduler Cron
        (Get-SegmentPushTask).Name | Should -Be Web
        (Register-SegmentPushTask Other, 'Web 2' -At 02:00 -Scheduler Cron -WhatIf).Name | Should -Be 'Other + Web 2'
        (Start-Task Web).ExitCode | Should -Be 0

        (Get-PushStatus).Destination | Sort-Object | Should -Be 'Web 2', 'Webinar EMEA'
    }

    It 'Keeps the newest logs when one is full' {
        $null = Register-SegmentPushTask 'Webinar EMEA' -At 02:00 -Scheduler Cron
        $null = Start-Task
        $log = (Get-ChildItem home/logs/*.log).FullName
        foreach ($i in 1..5) { Set-Content "$log.$i" $i }
        Set-Content $log ('x' * 5MB) -NoNewline

        $null = Start-Task

        Get-Content "$log.[2-5]" | Should -Be 1, 2, 3, 4
        (Get-Item "$log.1").Length | Should -Be 5MB
        Test-Path "$log.6" | Should -BeFalse
        (Get-Item $log).Length | Should -BeLessThan 5kb
    }

    It 'Whose name is taken is replaced only with -Force' {
        $null = Register-SegmentPushTask 'Webinar EMEA' -At 02:00 -Scheduler Cron

        Assert-Failure { Register-SegmentPushTask 'Webinar EMEA' -At 03:00 -Scheduler Cron } TaskExists ResourceExists -Saying '-Force'
        $null = Register-SegmentPushTask 'Webinar EMEA' -At 03:00 -Scheduler Cron -Force

        (Get-Content tab) -match '^0 3' | Should -HaveCount 1
        Get-Content tab | Should -HaveCount 2
    }

    It 'Of another SEGMENTPUSH_HOME of the user is not replaced without -Force' {
        $null = Register-SegmentPushTask 'Webinar EMEA' -At 02:00 -Scheduler Cron
        $before = Get-Content tab
        $env:SEGMENTPUSH_HOME = "$PWD/other"
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        $null = New-SegmentDestination 'Webinar EMEA' 1021 $email @creating -Path segment.csv

        Assert-Failure { Register-SegmentPushTask 'webinar emea' -At 03:00 -Scheduler Cron } TaskExists ResourceExists -Saying 'another SEGMENTPUSH_HOME'

        Get-Content tab | Should -Be $before
        Get-SegmentPushTask | Should -BeNullOrEmpty
        $null = Register-SegmentPushTask 'Webinar EMEA' -At 03:00 -Scheduler Cron -Name 'Webinar EMEA, other'
        Get-Content tab | Should -HaveCount 4
    }

    It 'Is registered again from what Get-SegmentPushTask shows' {
        $null = Register-SegmentPushTask 'Webinar EMEA' -At 02:05 -Every 30m -Scheduler Cron -Name Night -LogPath logs
        $null = Register-SegmentPushTask * -At 04:00 -Scheduler Cron -Name All

        $null = Get-SegmentPushTask | Register-SegmentPushTask -Force

        Get-Content tab | Should -HaveCount 4
        $task = Get-SegmentPushTask Night
        "$($task.Destination) $($task.At) $($task.Every) $($task.Scheduler) $($task.LogPath)" | Should -Be "Webinar EMEA 02:05 00:30:00 Cron $(Join-Path $folder logs)"
        (Get-SegmentPushTask All).Destination | Should -Be *
    }

    It '-WhatIf shows what would be written, and writes nothing: <scheduler>' -ForEach @(
        @{ scheduler = 'Cron'; text = '0 2 * * * ', '# SegmentPush task: Webinar EMEA' }
        @{ scheduler = 'Systemd'; text = '[Timer]', 'OnCalendar=*-*-* 02:00:00', 'ExecStart=', 'segmentpush-webinar-emea-' }
        @{ scheduler = 'TaskScheduler'; text = '<CalendarTrigger>', '<DaysInterval>1</DaysInterval>', 'Invoke-PushTask.ps1' }
    ) {
        $run = Invoke-CleanPwsh -CommandWithArgs 'Import-Module $args[0]; Register-SegmentPushTask "Webinar EMEA" -At 02:00 -Scheduler $args[1] -WhatIf | Out-Null' (Get-TestPlace).Manifest $scheduler
        $shown = $run.Output -join "`n"
        foreach ($part in $text) { $shown.Contains($part) | Should -BeTrue -Because "'$part' is shown in $shown" }

        $task = Register-SegmentPushTask 'Webinar EMEA' -At 02:00 -Scheduler $scheduler -WhatIf
        $shown.Contains($task.Definition.TrimEnd()) | Should -BeTrue
        $task.IsRegistered | Should -BeFalse
        Test-Path tab | Should -BeFalse
        Test-Path home/tasks | Should -BeFalse
    }

    It 'That nobody could push is warned of when it is registered' {
        $null = New-SegmentDestination Bare 1022 $email

        $null = Register-SegmentPushTask Bare -At 02:00 -Scheduler Cron -WarningVariable warnings

        $warnings | Should -HaveCount 2
        "$warnings" | Should -BeLike '*no account*no segment*'
    }

    It 'Has times that every scheduler can keep' {
        foreach ($every in '7m', '5h', '90m', '30s', '36:00:00') { { Register-SegmentPushTask 'Webinar EMEA' -At 02:00 -Every $every -Scheduler Cron } | Should -Throw }
        Assert-Failure { Register-SegmentPushTask 'Webinar EMEA' -At 02:00 -Every 7m -Scheduler Cron } EveryNotSuitable InvalidArgument -Saying 15m
        { Register-SegmentPushTask 'Webinar EMEA' -At 02:00 -Every 3 -Scheduler Cron } | Should -Throw '*15m*'
        Test-Path tab | Should -BeFalse
    }

    It 'Can''t run as another user where the scheduler starts it as this one' {
        Assert-Failure { Register-SegmentPushTask 'Webinar EMEA' -At 02:00 -Scheduler Cron -RunAs 'CORP\push$' } RunAsNotSuitable InvalidArgument
        Assert-Failure { Register-SegmentPushTask 'Webinar EMEA' -At 02:00 -Name 'a/b' -Scheduler Cron } TaskNameInvalid InvalidArgument
        Assert-Failure { Register-SegmentPushTask Nobody -At 02:00 -Scheduler Cron } DestinationNotFound ObjectNotFound
    }

    It 'That the scheduler refuses leaves nothing behind' {
        Install-Program crontab 'if [ "$1" = -l ]; then echo "no crontab for you" >&2; else echo "you may not" >&2; fi; exit 1'

        Assert-Failure { Register-SegmentPushTask 'Webinar EMEA' -At 02:00 -Scheduler Cron } TaskNotRegistered InvalidOperation -Saying 'you may not'

        Get-SegmentPushTask | Should -BeNullOrEmpty
    }

    It 'Is two units of systemd, which systemd is told to start' {
        $env:XDG_CONFIG_HOME = Join-Path $folder config
        Install-Program systemctl "echo `"`$@`" >> '$folder/told'"
        try {
            $null = Register-SegmentPushTask 'Webinar EMEA' -At 02:05 -Every 15m -Scheduler Systemd

            $unit = (Get-ChildItem config/systemd/user/*.timer).BaseName
            Get-Content told | Select-Object -Last 2 | Should -Be '--user daemon-reload', "--user enable --now $unit.timer"
            Get-Content "config/systemd/user/$unit.timer" -Raw | Should -BeLike '*OnCalendar=`*-`*-`* `*:05,20,35,50:00*'
            (Get-SegmentPushTask).IsRegistered | Should -BeTrue

            Unregister-SegmentPushTask 'Webinar EMEA'
            Get-ChildItem config/systemd/user | Should -BeNullOrEmpty
            Get-Content told | Should -Contain "--user disable --now $unit.timer"
        }
        finally { Remove-Item Env:XDG_CONFIG_HOME }
    }

    It 'Has units that systemd accepts, with a name and a path that need quotes' -Skip:(-not $isSystemd) {
        $env:SEGMENTPUSH_HOME = (New-Item -ItemType Directory 'it"s 100% $HOME \').FullName
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        $null = New-SegmentDestination "Été 5% `$x" 1021 $email @creating -Path segment.csv
        $task = Register-SegmentPushTask "Été 5% `$x" -At 02:05 -Every 6h -Scheduler Systemd -WhatIf

        # Both files as they would be written.
        $files = [regex]::Matches($task.Definition, '(?ms)^# (\S+)\n(.*?)(?=^# /|\z)') | ForEach-Object {
            $name = Join-Path $folder (Split-Path $_.Groups[1].Value -Leaf)
            Set-Content $name $_.Groups[2].Value
            $name
        }
        $files | Should -HaveCount 2
        $env:XDG_RUNTIME_DIR = $folder
        $said = try { systemd-analyze --user verify @files 2>&1 } finally { Remove-Item Env:XDG_RUNTIME_DIR }
        $LASTEXITCODE | Should -Be 0 -Because "$said"
        "$said" | Should -Not -BeLike "*$(Split-Path $files[0] -Leaf)*"
        $times = systemd-analyze calendar '*-*-* 02,08,14,20:05:00' 2>&1
        "$($task.Definition)" | Should -BeLike '*OnCalendar=`*-`*-`* 02,08,14,20:05:00*'
        "$times" | Should -BeLike '*Next elapse*'
    }

    It 'Is started by a real cron' -Skip:(-not $isCron) {
        Use-OriginalPath
        $before = try { crontab -l 2>$null } catch { }
        $cron = if (-not (Get-Process cron -ErrorAction Ignore)) { Start-Process cron -ArgumentList '-f' -PassThru }
        try {
            $start = [datetime]::Now.AddMinutes([datetime]::Now.Second -gt 50 ? 2 : 1)
            $null = Register-SegmentPushTask 'Webinar EMEA' -At $start -Scheduler Cron
            $deadline = [datetime]::Now.AddMinutes(3)
            while ($null -eq (Get-SegmentPushTask).LastExitCode -and [datetime]::Now -lt $deadline) { Start-Sleep 1 }

            (Get-SegmentPushTask).LastExitCode | Should -Be 0
            (Get-PushStatus -Last 1).State | Should -Be Completed
            Unregister-SegmentPushTask 'Webinar EMEA'
            crontab -l 2>$null | Should -Be $before
        }
        finally {
            if ($cron) { $cron | Stop-Process }
        }
    }
}

Describe 'A task of Task Scheduler' {
    BeforeEach {
        $folder = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        Set-Segment 20
        $null = New-SegmentDestination 'Webinar <EMEA> & "more"' 1021 $email @creating -Mode Mirror -Path segment.csv

        # Windows' cmdlets, which note what they are told.
        $global:tasks = @{}
        function global:Register-ScheduledTask { param($TaskName, $TaskPath, $Xml, $User, $Password, [switch] $Force) $global:tasks["$TaskPath$TaskName"] = [pscustomobject]@{ Xml = $Xml; User = $User; Password = $Password } }
        function global:Get-ScheduledTask { param($TaskName, $TaskPath) if ($global:tasks["$TaskPath$TaskName"]) { 'task' } }
        function global:Unregister-ScheduledTask { [CmdletBinding(SupportsShouldProcess)] param($TaskName, $TaskPath) $global:tasks.Remove("$TaskPath$TaskName") }
    }

    AfterEach {
        Remove-Item Function:Register-ScheduledTask, Function:Get-ScheduledTask, Function:Unregister-ScheduledTask -ErrorAction Ignore
        Remove-Variable tasks -Scope Global
        Exit-TestFolder
    }

    It 'Is registered with its XML, shown and taken back through its own cmdlets' {
        $task = Register-SegmentPushTask 'Webinar*' -Name 'Night' -At 02:10 -Every 1h

        $task.Scheduler | Should -Be TaskScheduler
        $told = $global:tasks['\SegmentPush\Night']
        $told.Xml | Should -BeExactly $task.Definition
        $told.User | Should -BeNullOrEmpty
        (Get-SegmentPushTask).IsRegistered | Should -BeTrue

        Unregister-SegmentPushTask Night
        $global:tasks.Count | Should -Be 0
        Get-SegmentPushTask | Should -BeNullOrEmpty
    }

    It 'Follows the schema of Task Scheduler: <name>' -ForEach @(
        @{ name = 'once a day'; more = @{} }
        @{ name = 'every hour'; more = @{ Every = '1h' } }
        @{ name = 'as a managed service account'; more = @{ RunAs = 'CORP\push$' } }
    ) {
        $xml = (Register-SegmentPushTask 'Webinar*' -Name 'Night & day' -At 02:10 @more).Definition

        $set = [System.Xml.Schema.XmlSchemaSet]::new()
        $null = $set.Add('http://schemas.microsoft.com/windows/2004/02/mit/task', (Join-Path $PSScriptRoot task-scheduler.xsd))
        $document = [System.Xml.Linq.XDocument]::Parse($xml)
        $faults = [System.Collections.Generic.List[string]]::new()
        [System.Xml.Schema.Extensions]::Validate($document, $set, { $faults.Add($_.Message) })
        $faults | Should -BeNullOrEmpty
        ([xml] $xml).Task.Actions.Exec.Arguments | Should -BeLike '*-File*Invoke-PushTask.ps1*-Settings*'
    }

    It 'Runs as a user with a password, or as a managed service account without one' {
        $null = Register-SegmentPushTask 'Webinar*' -Name With -At 02:00 -Credential (Get-SandboxCredential)
        $null = Register-SegmentPushTask 'Webinar*' -Name Managed -At 02:00 -RunAs 'CORP\push$'
        $null = Register-SegmentPushTask 'Webinar*' -Name Plain -At 02:00

        $with = $global:tasks['\SegmentPush\With']
        "$($with.User) $($with.Password)" | Should -Be 'sandbox-client sandbox-secret'
        ([xml] $with.Xml).Task.Principals.Principal.LogonType | Should -Be Password
        $with.Xml | Should -Not -BeLike '*sandbox-secret*'
        Get-Content home/tasks/*.json -Raw | Should -Not -BeLike '*sandbox-secret*'
        $managed = ([xml] $global:tasks['\SegmentPush\Managed'].Xml).Task.Principals.Principal
        "$($managed.UserId) $($managed.LogonType)" | Should -Be 'CORP\push$ Password'
        ([xml] $global:tasks['\SegmentPush\Plain'].Xml).Task.Principals.Principal.LogonType | Should -Be S4U

        Remove-Item Env:SEGMENTPUSH_HOME
        Assert-Failure { Register-SegmentPushTask 'Webinar*' -Journal home -Name Lost -At 02:00 -RunAs 'CORP\push$' } RunAsNeedsHome InvalidArgument -Saying SEGMENTPUSH_HOME
    }

    It 'That Windows refuses leaves nothing behind' {
        function global:Register-ScheduledTask { param($TaskName, $TaskPath, $Xml, $User, $Password, [switch] $Force) throw 'Access is denied.' }

        Assert-Failure { Register-SegmentPushTask 'Webinar*' -Name Night -At 02:00 } TaskNotRegistered InvalidOperation -Saying 'Access is denied'

        Get-SegmentPushTask | Should -BeNullOrEmpty
    }

    It 'The list of a task is short' {
        $null = Register-SegmentPushTask 'Webinar*' -Name Night -At 02:00

        Get-SegmentPushTask | Out-String -Width 80 | Should -Match 'At +: 02:00'
    }
}
