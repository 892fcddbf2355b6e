# What the tests of the module share. Importing it imports the module that is tested, once for the process.
$ErrorActionPreference = 'Stop'
$root = Split-Path (Split-Path $PSScriptRoot)
$manifest = $env:SEGMENTPUSH_TEST_MODULE ? $env:SEGMENTPUSH_TEST_MODULE : (Join-Path $root artifacts SegmentPush SegmentPush.psd1)
$configuration = $env:SEGMENTPUSH_TEST_CONFIGURATION ? $env:SEGMENTPUSH_TEST_CONFIGURATION : 'Release'
$vaults = Join-Path $PSScriptRoot Vault
$vaultModule = 'Microsoft.PowerShell.SecretManagement'
$originalPath = $env:PATH
Import-Module $manifest -Global

# Parameters of Connect-MarketoLaunchpoint: a new sandbox, and the greatest pace, so that no test waits for it.
$sandbox = @{ Sandbox = $true; CallsPer20Seconds = 100; MaxConcurrency = 10 }
Import-Module (Join-Path $root tools Pwsh.psm1)

function Get-TestPlace {
    <#
    .SYNOPSIS
    Where things lie: Root of the repository, Manifest of the module, and the modules of other people.
    #>
    $peers = foreach ($peer in 'PeerOne', 'PeerTwo') { Join-Path $root tests Peers $peer bin $configuration net10.0 "$peer.dll" }
    [pscustomobject]@{ Root = $root; Manifest = $manifest; Module = Split-Path $manifest; Peers = $peers }
}

function Enter-TestFolder {
    <#
    .SYNOPSIS
    Makes an empty folder the current one, with a journal of its own, and emits its path.
    #>
    param([Parameter(Mandatory)] [string] $Drive)
    $folder = (New-Item -ItemType Directory (Join-Path $Drive (New-Guid))).FullName
    $env:SEGMENTPUSH_HOME = Join-Path $folder home
    Push-Location -LiteralPath $folder -StackName Tests
    $folder
}

function Exit-TestFolder {
    <#
    .SYNOPSIS
    Takes back what a test may have left in the process: folder, connection, environment, vaults, programs.
    #>
    Pop-Location -StackName Tests
    try { Disconnect-MarketoLaunchpoint } catch { if ($_.FullyQualifiedErrorId -notlike 'NotConnected,*') { throw } }
    try { Disconnect-ExperiencePlatform } catch { if ($_.FullyQualifiedErrorId -notlike 'PlatformNotConnected,*') { throw } }
    Remove-Item Env:SEGMENTPUSH_CLIENT_SECRET, Env:SEGMENTPUSH_PLATFORM_CLIENT_SECRET -ErrorAction Ignore
    Remove-Module $vaultModule -ErrorAction Ignore
    $env:PSModulePath = Join-Path $PSHOME Modules
    Use-OriginalPath
}

function Use-OriginalPath {
    <#
    .SYNOPSIS
    Takes away the programs that stand in front of those of the system.
    #>
    $env:PATH = $originalPath
}

function Install-Program {
    <#
    .SYNOPSIS
    Puts a program, a script of sh, in front of that of the system until the test ends.
    #>
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $Body)
    $null = New-Item -ItemType Directory bin -Force
    Set-Content "bin/$Name" "#!/bin/sh`n$Body"
    chmod +x "bin/$Name"
    $env:PATH = "$PWD/bin:$originalPath"
}

function Install-Crontab {
    <#
    .SYNOPSIS
    Puts a crontab that lies in the file 'tab' in front of that of the user, whose tasks no test may see or change.
    #>
    Install-Program crontab "if [ `"`$1`" = -l ]; then cat '$PWD/tab' 2>/dev/null || { echo 'no crontab for you' >&2; exit 1; }; else cat > '$PWD/tab'; fi"
}

function Install-Vault {
    <#
    .SYNOPSIS
    Puts a stand-in for SecretManagement where the session finds it by itself.
    #>
    $env:PSModulePath = $vaults, $env:PSModulePath -join [System.IO.Path]::PathSeparator
}

function Get-VaultSecret {
    <#
    .SYNOPSIS
    What the vaults keep: 'vault name=secret'.
    #>
    Microsoft.PowerShell.SecretManagement\Show-Secret
}

function Get-SandboxCredential {
    <#
    .SYNOPSIS
    The credential of the sandbox, or one with another secret.
    #>
    param([string] $Secret = 'sandbox-secret')
    [pscredential]::new('sandbox-client', (ConvertTo-SecureString $Secret -AsPlainText))
}

function New-Person {
    <#
    .SYNOPSIS
    Emits people as Import-Csv would: person1, person2 and so on.
    #>
    param([int] $Count, [string] $Domain = 'example.com')
    for ($i = 1; $i -le $Count; $i++) { [pscustomobject]@{ email = "person$i@$Domain"; first = "First$i"; last = "Last, `"$i`"" } }
}

function Assert-Failure {
    <#
    .SYNOPSIS
    Runs a script that must fail with one of the module's errors, and emits the error.
    .DESCRIPTION
    The error must have the id and say what to do. Where they are given, it must have the category, and its message or its
    recommended action must contain every text.
    #>
    param(
        [Parameter(Mandatory)] [scriptblock] $Script,
        [Parameter(Mandatory)] [string] $Id,
        [string] $Category,
        [string[]] $Saying = @()
    )
    $failure = try { $null = & $Script; $null } catch { $_ }
    if (-not $failure) { throw "There was no error, where $Id was expected." }
    $said = "$failure $($failure.ErrorDetails.RecommendedAction)"
    if ($failure.FullyQualifiedErrorId -cnotlike "$Id,SegmentPush.Commands.*Command") { throw "The error is $($failure.FullyQualifiedErrorId) instead of ${Id}: $said" }
    if (-not $failure.ErrorDetails.RecommendedAction) { throw "$Id does not say what to do." }
    if ($Category -and $failure.CategoryInfo.Category -ne $Category) { throw "The category of $Id is $($failure.CategoryInfo.Category) instead of $Category." }
    foreach ($text in $Saying) { if (-not $said.Contains($text)) { throw "$Id does not say '$text': $said" } }
    $failure
}

function Invoke-Session {
    <#
    .SYNOPSIS
    Runs a script in a session of its own, with the module imported, in the current folder. Emits output, errors and streams.
    #>
    param([Parameter(Mandatory)] [string] $Script, [object[]] $Argument = @())
    $state = [initialsessionstate]::CreateDefault2()
    $state.ThrowOnRunspaceOpenError = $true
    $state.ImportPSModule($manifest)
    $shell = [powershell]::Create($state)
    try {
        $null = $shell.AddScript("param([object[]] `$Argument) `$ErrorActionPreference = 'Stop'; Set-Location -LiteralPath '$($PWD.ProviderPath -replace "'", "''")'`n$Script").AddParameter('Argument', $Argument)
        $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $failure = try { $shell.Invoke($null, $output); $null } catch { $_.Exception.InnerException.ErrorRecord ?? $_ }
        [pscustomobject]@{
            Output   = @($output)
            Errors   = @($failure) + @($shell.Streams.Error) -ne $null
            Warnings = @($shell.Streams.Warning.Message)
            Verbose  = @($shell.Streams.Verbose.Message)
            Debug    = @($shell.Streams.Debug.Message)
            Progress = @($shell.Streams.Progress)
        }
    }
    finally { $shell.Runspace.Dispose(); $shell.Dispose() }
}

function Invoke-CleanPwsh {
    <#
    .SYNOPSIS
    Runs pwsh in a process of its own. Emits its exit code, what it wrote (Output) and what it said of errors (ErrorText).
    #>
    $all = Invoke-Pwsh @args 2>&1
    $code = $LASTEXITCODE
    $wrong, $output = $all.Where({ $_ -is [System.Management.Automation.ErrorRecord] }, 'Split')
    [pscustomobject]@{ ExitCode = $code; Output = @($output); ErrorText = $wrong -join "`n" }
}

function Get-Completion {
    <#
    .SYNOPSIS
    What the Tab key offers at the end of a line.
    #>
    param([string] $Line)
    (TabExpansion2 $Line $Line.Length).CompletionMatches
}

Export-ModuleMember -Function * -Variable sandbox
