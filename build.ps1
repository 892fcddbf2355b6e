#!/usr/bin/env pwsh
#Requires -Version 7.6

<#
.SYNOPSIS
Builds, tests, tries out, packs or publishes SegmentPush. Needs the .NET 10 SDK and nothing else.
.DESCRIPTION
Build leaves an importable module in artifacts/SegmentPush. With CI=true packages are restored in locked mode.
Test builds, packs, and runs every test, xunit's and Pester's. Its exit code is 1 where one fails or a suite does not run.
Simulate builds, and runs the simulator: its kept scenarios on both databases, and 60 seconds of fresh ones, which the commit's hash decides. A scenario that fails is
printed in short. The exit code is 1 where one fails in a way that tests/SegmentPush.Simulation/Known.json does not name.
Quickstart builds, imports the module and runs the example.
Help builds, and brings the pages in docs/cmdlets in line with the code. It needs the module Microsoft.PowerShell.PlatyPS 1.0 or later.
Pack builds, and puts the module into artifacts/packages: a .nupkg for a gallery, and a .zip.
TestPackage runs Pester's tests with the module of the .nupkg that Pack made.
Publish sends that .nupkg to a gallery. The environment variable GALLERY_API_KEY holds the key.
.PARAMETER Tag
The tag that is published. It must be 'v' and the version of the module.
.PARAMETER Repository
The gallery, as Get-PSResourceRepository names it.
.EXAMPLE
./build.ps1 Test
.EXAMPLE
dotnet tool exec powershell -- build.ps1 Test
Does the same where PowerShell is not installed: NuGet brings the one that .config/dotnet-tools.json names.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Simulate', 'Quickstart', 'Help', 'Pack', 'TestPackage', 'Publish')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    [string] $Tag,

    [string] $Repository = 'PSGallery'
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
$ProgressPreference = 'SilentlyContinue'
$env:DOTNET_NOLOGO = $env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
Set-Location -LiteralPath $PSScriptRoot
Import-Module ./tools/Pwsh.psm1, ./tools/Package.psm1 -Force

$version = (Import-PowerShellDataFile ./SegmentPush.psd1).ModuleVersion
$module = Join-Path $PSScriptRoot artifacts SegmentPush
$packages = Join-Path $PSScriptRoot artifacts packages
$package = Join-Path $packages "SegmentPush.$version.nupkg"
$results = Join-Path $PSScriptRoot artifacts TestResults

function Build {
    dotnet restore ($env:CI -eq 'true' ? '--locked-mode' : '-nologo')
    dotnet build --configuration $Configuration --no-restore
}

function Test-Code {
    dotnet test --configuration $Configuration --no-build --results-directory "$results/xunit" --report-xunit-nunit
}

# In a process of its own, so that the module's files are free for the next build.
function Test-Module([string] $Path) {
    Invoke-Pwsh -File ./tests/Pester/Run.ps1 -Module $Path -Package $package -Configuration $Configuration -Result "$results/Pester"
}

# Runs every suite, also after one that failed, and writes the sums of its reports. A suite without a report has failed.
function Test-Suite([System.Collections.IDictionary] $Suites) {
    Remove-Item -LiteralPath $results -Recurse -Force -ErrorAction Ignore
    $failed = foreach ($suite in $Suites.Keys) {
        try { & $Suites[$suite] | Out-Host } catch { "The $suite tests failed: $_" }
    }
    foreach ($suite in $Suites.Keys) {
        $reports = Get-ChildItem -Path "$results/$suite/*.xml" -ErrorAction Ignore | Select-Xml -XPath /test-run -ErrorAction SilentlyContinue
        $sums = foreach ($count in 'passed', 'failed', 'skipped') { [int]($reports.Node.$count | Measure-Object -Sum).Sum }
        "${suite}: $($sums[0]) passed, $($sums[1]) failed, $($sums[2]) skipped"
        if ($sums[0] -eq 0) { $failed = @($failed) + "The $suite tests did not run." }
    }
    $failed
    if ($failed) { exit 1 }
}

function Pack { New-ModulePackage -Module $module -Path $packages }

function Expand-Package {
    $content = Join-Path $packages content SegmentPush
    Remove-Item -LiteralPath $content -Recurse -Force -ErrorAction Ignore
    [System.IO.Compression.ZipFile]::ExtractToDirectory($package, $content)
    $content
}

switch ($Task) {
    'Build' { Build }
    'Test' {
        Build
        $null = Pack
        Test-Suite ([ordered]@{ xunit = { Test-Code }; Pester = { Test-Module $module } })
    }
    'Simulate' {
        Build
        dotnet run --configuration $Configuration --no-build --project tests/SegmentPush.Simulation -- --check
    }
    'Quickstart' {
        Build
        Invoke-Pwsh -CommandWithArgs 'Import-Module $args[0]; & $args[1]' $module ./examples/quickstart.ps1
    }
    'Help' {
        Build
        # In a process of its own, so that the module's files are free for the next build.
        $address = "$((Import-PowerShellDataFile ./SegmentPush.psd1).PrivateData.PSData.ProjectUri)/blob/main"
        foreach ($pages in 'docs/cmdlets', 'docs/fr-FR/cmdlets') {
            Invoke-Pwsh -CommandWithArgs 'Import-Module Microsoft.PowerShell.PlatyPS, $args[0], ./tools/Help.psm1 -ErrorAction Stop; Update-HelpPage -Path $args[1] -Address $args[2]' $module "./$pages" "$address/$pages"
        }
    }
    'Pack' {
        Build
        Pack
    }
    'TestPackage' {
        # For the modules beside which the package is tested.
        Build
        Test-Suite @{ Pester = { Test-Module (Expand-Package) } }
    }
    'Publish' {
        if ($Tag -ne "v$version") { throw "The tag '$Tag' is not v$version, the version of the module." }
        Publish-PSResource -NupkgPath $package -Repository $Repository -ApiKey $env:GALLERY_API_KEY
    }
}
