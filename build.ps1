#Requires -Version 7.6
<#
.SYNOPSIS
Builds, tests, tries out or packs SegmentPush.
.PARAMETER Task
Build leaves an importable module in artifacts/SegmentPush. Test runs every xunit test, and Pester's where Pester 5 or later
is installed. Quickstart imports the module and runs the example. Pack makes a .zip of the module.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Quickstart', 'Pack')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Set-Location -LiteralPath $PSScriptRoot
$module = Join-Path $PSScriptRoot 'artifacts/SegmentPush'

function Build { dotnet build --configuration $Configuration }

switch ($Task) {
    'Build' { Build }
    'Test' {
        dotnet test --configuration $Configuration
        if (Get-Module -ListAvailable Pester | Where-Object Version -GE ([version]'5.0')) {
            pwsh -NoProfile -File tests/Pester/Run.ps1
        }
        else {
            'Pester 5 or later is not installed: its tests are skipped.'
        }
    }
    'Quickstart' {
        Build
        # A process of its own, so that the module's files are free for the next build.
        pwsh -NoProfile -Command "Import-Module '$module'; & '$PSScriptRoot/examples/quickstart.ps1'"
    }
    'Pack' {
        Build
        $version = (Import-PowerShellDataFile SegmentPush.psd1).ModuleVersion
        $package = Join-Path $PSScriptRoot "artifacts/SegmentPush-$version.zip"
        Get-ChildItem -LiteralPath $module -Recurse -Filter *.pdb | Remove-Item
        Remove-Item -LiteralPath $package -ErrorAction Ignore
        [System.IO.Compression.ZipFile]::CreateFromDirectory($module, $package, 'Optimal', $true)
        Get-Item -LiteralPath $package
    }
}
