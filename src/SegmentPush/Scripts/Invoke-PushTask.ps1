#Requires -Version 7.6

<#
.SYNOPSIS
What a task of Register-SegmentPushTask runs: resumes what was interrupted, pushes what is due, keeps a log, and ends with the worst exit code.
.DESCRIPTION
Exit codes: 0 where all was done or nothing was due, 1 after an error or where an export is lost, not complete or older than the one before, 2 where a push can be
resumed as it is (the next start does), 3 where the guard stopped a push, 4 where nobody arrived or too many rows were rejected. Of several pushes the worst code
counts: 1, then 3, 4, 2, 0.

The log has one line for each status, warning and error, in the language of the session; after 5 MB it is renamed, and the newest five stay. Beside it, a file
of JSON lines (.jsonl) has each push as Invoke-SegmentPush -LogPath writes it. Errors also go to the standard error output, one plain line each, so that cron
and journald get them. Where the exit code is not 0, the script of -OnFailure gets the parameters Task, ExitCode and Log.
.PARAMETER Settings
File with the settings of the task, as Register-SegmentPushTask has written it.
#>
[CmdletBinding()]
param([Parameter(Mandatory)] [string] $Settings)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$started = Get-Date
$code = 0
$task = $log = $null
$texts = if ($PSUICulture -like 'fr*') {
    @{
        Starts     = "La tâche '{0}' commence."
        Nothing    = "Rien n’est à envoyer."
        Ends       = "La tâche '{0}' se termine avec le code de sortie {1}."
        LogFailed  = "Le fichier journal '{0}' ne peut pas être écrit : {1}"
        HookFailed = "Le script de -OnFailure a échoué : {0}"
    }
}
else {
    @{
        Starts     = "Task '{0}' starts."
        Nothing    = 'Nothing is due.'
        Ends       = "Task '{0}' ends with exit code {1}."
        LogFailed  = "The log '{0}' can't be written: {1}"
        HookFailed = 'The script of -OnFailure has failed: {0}'
    }
}

# What cron mails: plain text, without the place in this script. Constrained Language permits the second way alone.
function Write-Failure([string] $Text, [string] $Subject = "$($task.name)") {
    $line = (@($Subject, $Text) -ne '' -join ': ') -replace '\s*[\r\n]+\s*', ' '
    try { [Console]::Error.WriteLine($line) }
    catch { Write-Error $line -ErrorAction Continue }
}

# A log that can't be written does not stop the pushes, and must be seen.
$script:cannotLog = $false
function Write-Log([string] $Kind, [string] $Text) {
    $line = '{0:yyyy-MM-ddTHH:mm:sszzz} {1,-7} {2}' -f (Get-Date), $Kind, ($Text -replace '\s*[\r\n]+\s*', ' ')
    try { Add-Content -LiteralPath $log -Value $line -Encoding utf8NoBOM }
    catch {
        if (-not $script:cannotLog) { Write-Failure ($texts.LogFailed -f $log, $_) }
        $script:cannotLog = $true
    }
}

# Errors of the module name no person and no secret, so that they can be logged as they are.
filter Write-Stream {
    if ($_ -is [System.Management.Automation.ErrorRecord]) {
        $said = "$($_.FullyQualifiedErrorId -replace ',.*'): $_ $($_.ErrorDetails.RecommendedAction)".TrimEnd()
        Write-Log Error $said
        if ($_.TargetObject.Destination) { Write-Failure $said $_.TargetObject.Destination } else { Write-Failure $said }
    }
    elseif ($_ -is [System.Management.Automation.WarningRecord]) { Write-Log Warning "$_" }
    elseif ($_ -is [System.Management.Automation.VerboseRecord]) { Write-Log Verbose "$_" }
    elseif ($_ -is [System.Management.Automation.InformationRecord]) { Write-Log Info "$_" }
    else { Write-Log Status "$_" }
}

# Keeps the newest five of the logs that are full.
function Limit-Log {
    if (-not (Test-Path -LiteralPath $log) -or (Get-Item -LiteralPath $log).Length -lt 5MB) { return }
    foreach ($number in 4..1) {
        if (Test-Path -LiteralPath "$log.$number") { Move-Item -LiteralPath "$log.$number" -Destination "$log.$($number + 1)" -Force }
    }
    Move-Item -LiteralPath $log -Destination "$log.1" -Force
}

function Save-LastRun($ExitCode) {
    @{ started = $started.ToUniversalTime().ToString('o'); exitCode = $ExitCode } | ConvertTo-Json | Set-Content -LiteralPath ($Settings -replace '\.json$', '.last.json') -Encoding utf8NoBOM
}

# Of two exit codes the worse one.
function Get-Worse([int] $One, [int] $Other) { foreach ($worst in 1, 3, 4, 2) { if ($worst -in $One, $Other) { return $worst } } 0 }

try {
    $task = Get-Content -LiteralPath $Settings -Raw | ConvertFrom-Json
    if ($task.home) { $env:SEGMENTPUSH_HOME = $task.home }
    $null = New-Item -ItemType Directory -Path $task.logPath -Force
    $log = Join-Path $task.logPath "$((Get-Item -LiteralPath $Settings).BaseName).log"
    Limit-Log
    Save-LastRun $null
    Write-Log Info ($texts.Starts -f $task.name)

    # A newer module that is installed replaces the one that has registered the task.
    $own = Import-PowerShellDataFile -LiteralPath (Join-Path $PSScriptRoot SegmentPush.psd1)
    $newer = Get-Module SegmentPush -ListAvailable | Where-Object Version -GT $own.ModuleVersion | Sort-Object Version | Select-Object -Last 1
    Import-Module ($newer ? $newer.Path : (Join-Path $PSScriptRoot SegmentPush.psd1))

    $where = @{}
    $logged = @{ LogPath = $log -replace '\.log$', '.jsonl' }
    if ($task.journal) { $where.Journal = $task.journal }
    $destinations = @(Get-SegmentDestination $task.destination @where -ErrorAction SilentlyContinue -ErrorVariable missing)
    if ($missing) {
        $missing | Write-Stream
        $code = 1
    }

    # A resume that fails leaves the destination due, so that a new push follows.
    foreach ($interrupted in $destinations | Where-Object LastState -EQ Interrupted) {
        Resume-SegmentPush -Id $interrupted.LastPush @where @logged -WaitForList 3600 -ErrorAction Continue *>&1 | Write-Stream
    }
    $due = @($destinations | Get-SegmentDestination -Due @where -WarningVariable amiss -WarningAction SilentlyContinue)
    foreach ($warning in $amiss) {
        Write-Log Error "$warning"
        Write-Failure "$warning"
        $code = 1
    }
    if ($due) {
        $due | Invoke-SegmentPush @where @logged -WaitForList 3600 -ErrorAction Continue -InformationAction SilentlyContinue -OutVariable pushed *>&1 | Write-Stream
        $code = Get-Worse $code $pushed[-1].ExitCode
    }
    elseif (-not $amiss -and -not $missing) { Write-Log Info $texts.Nothing }
}
catch {
    if ($log) { $_ | Write-Stream } else { Write-Failure "$_" }
    $code = Get-Worse $code ($_.Exception.ExitCode ?? 1)
}

if ($log) {
    Write-Log Info ($texts.Ends -f $task.name, $code)
    if ($script:cannotLog -and $code -eq 0) { $code = 1 }
    try { Save-LastRun $code } catch { Write-Failure "$_" }
}
if ($code -ne 0 -and $task.onFailure) {
    try { & $task.onFailure -Task $task.name -ExitCode $code -Log $log }
    catch {
        $said = $texts.HookFailed -f $_
        if ($log) { Write-Log Error $said }
        Write-Failure $said
    }
}
exit $code
