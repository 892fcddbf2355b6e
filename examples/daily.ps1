#Requires -Version 7.6
<#
.SYNOPSIS
A scheduled task: pushes the newest export to a destination, keeps the receipt, and ends with an exit code that says how it went.
.EXAMPLE
pwsh -File daily.ps1 -Destination 'Webinar EMEA' -Path \\share\exports\webinar_*.csv -Receipts D:\receipts
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Destination,
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $Receipts
)

$ErrorActionPreference = 'Stop'
try {
    # What an earlier night left undone comes first.
    Get-PushStatus -Destination $Destination -State Interrupted | Resume-SegmentPush | Out-Host

    $newest = Get-Item $Path | Sort-Object LastWriteTime | Select-Object -Last 1
    Invoke-SegmentPush -Destination $Destination -Path $newest -WaitForList 01:00:00 -OutVariable push | Out-Host
    if ($push[0].Received) { Export-PushReceipt -Id $push[0].Id -Path $Receipts | Out-Null }
    exit $push[0].ExitCode
}
catch {
    # 3 where the guard stopped it, 4 where nobody arrived or too many rows were rejected: somebody has to look at the export.
    [Console]::Error.WriteLine($_.Exception.Message)
    exit ($_.Exception.ExitCode ?? 1)
}
