#Requires -Version 7.6
# Runs the Pester tests against the module in artifacts. Its last line holds the numbers of passed, failed and skipped tests.
$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.0
$result = Invoke-Pester -Path $PSScriptRoot -Output Detailed -PassThru
"$($result.PassedCount) $($result.FailedCount) $($result.SkippedCount)"
exit $result.FailedCount
