#Requires -Version 7.6

<#
.SYNOPSIS
Runs the Pester tests against a built module, with the Pester that NuGet brings. Its exit code is 1 where a test fails.
.DESCRIPTION
Several processes run at once, because tests wait more than they compute. Each takes the next file that no other one has begun, and what a file says
is shown when it has ended. A single file runs in this process, so that it can be debugged.
.PARAMETER Path
Test files, or folders of them; all tests where none is given.
.PARAMETER Module
Folder of the module.
.PARAMETER Package
The .nupkg that the tests of the package install. They are skipped where there is none: build.ps1 Pack makes it.
.PARAMETER Configuration
Configuration in which the modules of tests/Peers were built.
.PARAMETER Result
Folder for the reports, one for each file, in NUnit's third format; none where it is not given.
.PARAMETER Processes
How many processes run tests at once.
.PARAMETER Taken
For the processes that this script starts: the folder in which they note the files that they have begun.
.EXAMPLE
pwsh -NoProfile -File tests/Pester/Run.ps1 -Path tests/Pester/Push.Tests.ps1 -Configuration Debug
After a plain dotnet build, runs the tests of one file.
#>
[CmdletBinding()]
param(
    [string[]] $Path = $PSScriptRoot,
    [string] $Module = (Join-Path $PSScriptRoot ../../artifacts/SegmentPush),
    [string] $Package = (Join-Path $PSScriptRoot ../../artifacts/packages/SegmentPush.*.nupkg),
    [ValidateSet('Debug', 'Release')] [string] $Configuration = 'Release',
    [string] $Result,
    [ValidateRange(1, 64)] [int] $Processes = [Environment]::ProcessorCount + 1,
    [string] $Taken
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# What a process prints for a file ends with this line, so that the texts of two files do not mix.
$endOfFile = '== End of the file'

# Long files come first, so that no process is left alone with one at the end.
$testFiles = @(Get-ChildItem -Path $Path -Filter *.Tests.ps1 -Recurse | Sort-Object Length -Descending)
if (-not $testFiles) { throw "There are no test files in $Path." }

function Set-Environment {
    $PSNativeCommandUseErrorActionPreference = $true
    $env:SEGMENTPUSH_TEST_PESTER = dotnet msbuild (Join-Path $PSScriptRoot ../../tools/Pester/Pester.csproj) -restore -target:Find -getProperty:PesterModule

    # Modules of the person who runs the tests stay out of them, above all their vaults.
    $env:PSModulePath = Join-Path $PSHOME Modules
    $env:SEGMENTPUSH_TEST_MODULE = Resolve-Path -LiteralPath (Join-Path $Module SegmentPush.psd1)
    $env:SEGMENTPUSH_TEST_PACKAGE = (Get-Item $Package -ErrorAction Ignore)?.FullName
    $env:SEGMENTPUSH_TEST_CONFIGURATION = $Configuration
    # Imports of the sandbox are ready at once; asking for them every ten seconds would be waiting.
    $env:SEGMENTPUSH_POLL_SECONDS = '0.05'
}

# Runs the files in several processes, and emits what they print and what failed.
function Invoke-Processes {
    $taken = (New-Item -ItemType Directory (Join-Path ([System.IO.Path]::GetTempPath()) "segmentpush-pester-$(New-Guid)")).FullName
    $tools = Join-Path $PSScriptRoot ../../tools/Pwsh.psm1
    $script = $PSCommandPath
    try {
        1..[Math]::Min($Processes, $testFiles.Count) | ForEach-Object -ThrottleLimit $Processes -Parallel {
            Import-Module $using:tools
            $said = [System.Collections.Generic.List[string]]::new()
            Invoke-Pwsh -CommandWithArgs '& $args[0] -Path ($args[1] -split "\n") -Result $args[2] -Taken $args[3]; exit $LASTEXITCODE' `
                $using:script ($using:testFiles.FullName -join "`n") $using:Result $using:taken 2>&1 | ForEach-Object {
                if ("$_" -ne $using:endOfFile) { $said.Add("$_"); return }
                $said -join "`n"
                $said.Clear()
            }
            $said -join "`n"
            if ($LASTEXITCODE) { [pscustomobject]@{ ExitCode = $LASTEXITCODE } }
        }
    }
    finally {
        Remove-Item -LiteralPath $taken -Recurse -Force
    }
}

# Takes a file, unless another process has.
function Request-File([int] $Number) {
    if (-not $Taken) { return $true }
    try { [System.IO.File]::Open((Join-Path $Taken $Number), 'CreateNew').Dispose() } catch [System.IO.IOException] { return $false }
    $true
}

function Invoke-File([System.IO.FileInfo] $TestFile) {
    $run = New-PesterConfiguration
    $run.Run.Path = $TestFile.FullName
    $run.Run.PassThru = $true
    $run.Run.FailOnNullOrEmptyForEach = $true
    $run.Output.Verbosity = 'Detailed'
    $run.TestResult.Enabled = [bool] $Result
    $run.TestResult.OutputFormat = 'NUnit3'
    if ($Result) { $run.TestResult.OutputPath = Join-Path $Result "$($TestFile.BaseName).xml" }
    (Invoke-Pester -Configuration $run).Result
}

if (-not $Taken) {
    Set-Environment
    if ($Processes -gt 1 -and $testFiles.Count -gt 1) {
        $failed = Invoke-Processes | ForEach-Object { if ($_ -is [string]) { $host.UI.WriteLine($_) } else { $_ } }
        exit ($failed ? 1 : 0)
    }
}

Import-Module $env:SEGMENTPUSH_TEST_PESTER
$failed = for ($i = 0; $i -lt $testFiles.Count; $i++) {
    if (-not (Request-File $i)) { continue }
    if ((Invoke-File $testFiles[$i]) -ne 'Passed') { $testFiles[$i].Name }
    if ($Taken) { $host.UI.WriteLine($endOfFile) }
}
exit ($failed ? 1 : 0)
