# Puts the people of segment.csv on a static list of the sandbox, a Marketo instance on this machine.
# Nothing leaves the machine, and no account is needed. In a session of your own:
#   Import-Module ./artifacts/SegmentPush; ./examples/quickstart.ps1

$ErrorActionPreference = 'Stop'
$segment = "$PSScriptRoot/segment.csv"

function Write-Heading([string] $Text) { "`n$Text" | Out-Host }

Connect-MarketoLaunchpoint -Sandbox -PassThru | Out-Host

$mapping = @(
    New-SegmentMapping -Source personalEmail.address -Target email -Identity Email
    New-SegmentMapping -Source person.name.firstName -Target firstName
    New-SegmentMapping -Source person.name.lastName -Target lastName
    New-SegmentMapping -Source b2b.companyName -Target company
)
$mapping | Out-Host

Write-Heading 'What a push would do:'
Invoke-SegmentPush -Path $segment -StaticList 1021 -Mapping $mapping -PersonCreation MatchExistingAndCreateMissing -WhatIf | Out-Host

Write-Heading 'Only people that Marketo knows:'
$matched = Invoke-SegmentPush -Path $segment -StaticList 1021 -Mapping $mapping -PersonCreation MatchExisting
$matched | Out-Host

Write-Heading 'The missing are created:'
$created = Invoke-SegmentPush -Path $segment -StaticList 'Webinar EMEA' -Mapping $mapping -PersonCreation MatchExistingAndCreateMissing
$created | Out-Host

Write-Heading 'Who was rejected, and why:'
Get-PushStatus -Id $created.Id -Outcome Rejected | Out-Host

Write-Heading 'The first members of the list:'
Get-MarketoStaticListMember -StaticList ST1021A1 | Select-Object -First 10 | Out-Host

Write-Heading 'Audiences of a rehearsal of Experience Platform:'
Connect-ExperiencePlatform -Rehearsal
Get-PlatformAudience | Out-Host

Write-Heading 'One of them, exported and pushed:'
$mapping = @{ 'identityMap.Email' = 'email'; 'person.name.firstName' = 'firstName' }
Invoke-SegmentPush -Audience 'Webinar EMEA' -StaticList 1021 -Mapping $mapping -WhatIf | Format-List | Out-Host
$audience = Invoke-SegmentPush -Audience 'Webinar EMEA' -StaticList 1021 -Mapping $mapping
$audience | Format-List | Out-Host

Write-Heading 'Who of it is not on the list, and why:'
Get-PushStatus -Id $audience.Id -Outcome Excluded | Group-Object Outcome -NoElement | Out-Host
Get-PlatformExport | Remove-PlatformExport
Disconnect-ExperiencePlatform

Disconnect-MarketoLaunchpoint
