#Requires -Version 7.6

<#
.SYNOPSIS
Runs the Pester tests against a built module, with the Pester that NuGet brings. Its exit code is 1 where a test fails.
.PARAMETER Path
Test files, or folders of them; all tests where none is given.
.PARAMETER Module
Folder of the module.
.PARAMETER Package
The .nupkg that the tests of the package install. They are skipped where there is none: build.ps1 Pack makes it.
.PARAMETER Configuration
Configuration in which the modules of tests/Peers were built.
.PARAMETER Result
File for the report, in NUnit's third format; none where it is not given.
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
    [string] $Result
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
$pester = dotnet msbuild (Join-Path $PSScriptRoot ../../tools/Pester/Pester.csproj) -restore -target:Find -getProperty:PesterModule
Import-Module $pester

# Modules of the person who runs the tests stay out of them, above all their vaults.
$env:PSModulePath = Join-Path $PSHOME Modules
$env:SEGMENTPUSH_TEST_MODULE = Resolve-Path -LiteralPath (Join-Path $Module SegmentPush.psd1)
$env:SEGMENTPUSH_TEST_PACKAGE = (Get-Item $Package -ErrorAction Ignore)?.FullName
$env:SEGMENTPUSH_TEST_CONFIGURATION = $Configuration
# Imports of the sandbox are ready at once; asking for them every ten seconds would be waiting.
$env:SEGMENTPUSH_POLL_SECONDS = '0.05'
$PSNativeCommandUseErrorActionPreference = $false
$ProgressPreference = 'SilentlyContinue'

$run = New-PesterConfiguration
$run.Run.Path = $Path
$run.Run.PassThru = $true
$run.Run.FailOnNullOrEmptyForEach = $true
$run.Output.Verbosity = 'Detailed'
$run.TestResult.Enabled = [bool] $Result
$run.TestResult.OutputFormat = 'NUnit3'
if ($Result) { $run.TestResult.OutputPath = $Result }
$outcome = Invoke-Pester -Configuration $run
exit ($outcome.Result -eq 'Passed' ? 0 : 1)
