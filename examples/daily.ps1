#Requires -Version 7.6

<#
.SYNOPSIS
A scheduled task: pushes an export to a destination, keeps the receipts, and ends with an exit code that says how it went.
.DESCRIPTION
The destination names the account that it connects with, so nobody has to sign in. What an earlier night left undone is resumed first; where that can't be
done, tonight's push goes on all the same, and supersedes the older one.

Exit codes: 0 where all was done or nothing was due, 1 after an error, 2 where the push can be resumed as it is (the next night does), 3 where the guard stopped
it, 4 where nobody arrived or too many rows were rejected.
.PARAMETER Destination
Name of the destination, as New-SegmentDestination saved it.
.PARAMETER Path
Files or folders with the export, with wildcards, as Invoke-SegmentPush -Path takes them. All parts of an export are pushed together, and of several exports
a mirror takes the newest complete one. Leave it out where the destination keeps its files or its audience.
.PARAMETER Receipts
Folder for the receipts. It is made where it is missing.
.EXAMPLE
pwsh -NoProfile -File daily.ps1 -Destination 'Webinar EMEA' -Path '\\share\exports\webinar_*.csv' -Receipts D:\receipts
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Destination,
    [string[]] $Path = @(),
    [Parameter(Mandatory)] [string] $Receipts
)

$ErrorActionPreference = 'Stop'
$resumed = $pushed = @()
try {
    # The module that was built beside this example, or the one that is installed.
    $built = Join-Path $PSScriptRoot .. artifacts SegmentPush
    Import-Module ((Test-Path -LiteralPath $built) ? $built : 'SegmentPush')

    Get-PushStatus -Destination $Destination -State Interrupted | Resume-SegmentPush -ErrorAction Continue -OutVariable resumed | Out-Host
    $segment = $Path ? @{ Path = $Path } : @{}
    Invoke-SegmentPush -Destination $Destination @segment -WaitForList 01:00:00 -OutVariable pushed | Out-Host
    $code = $pushed[0].ExitCode
}
catch {
    Write-Error -ErrorRecord $_ -ErrorAction Continue
    $code = $_.Exception.ExitCode ?? 1
}

# A push that failed has a receipt too. Where nothing was due, nothing was received.
try {
    foreach ($push in @($resumed) + @($pushed)) {
        if ($push.Received) { $null = Export-PushReceipt -Id $push.Id -Path $Receipts/ -Force }
    }
}
catch {
    Write-Error -ErrorRecord $_ -ErrorAction Continue
    if ($code -eq 0) { $code = 1 }
}
exit $code
