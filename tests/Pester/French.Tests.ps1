#Requires -Version 7.6
BeforeDiscovery { $others = 'en-US', 'de-DE', 'tr-TR' }

BeforeAll {
    $ErrorActionPreference = 'Stop'
    Import-Module "$PSScriptRoot/Support.psm1" -Force

    # A session of a user with another language, in a process of its own. On Windows the language is the user's, so that the session takes it by itself.
    $session = @'
param($Culture, $Manifest)
if ($IsWindows) { [cultureinfo]::CurrentUICulture = [cultureinfo]::DefaultThreadCurrentUICulture = $Culture }
Import-Module $Manifest
Connect-MarketoLaunchpoint -Sandbox
$said = [ordered]@{ Culture = [cultureinfo]::CurrentUICulture.Name }
function Get-Failure([scriptblock] $Script) {
    try { $null = & $Script }
    catch { "$($_.FullyQualifiedErrorId)|$_|$($_.ErrorDetails.RecommendedAction)" }
}
1..40 | ForEach-Object { [pscustomobject]@{ email = "person$_@example.com"; first = "First$_" } } | Export-Csv all.csv
1..4 | ForEach-Object { [pscustomobject]@{ email = "person$_@example.com"; first = "First$_" } } | Export-Csv few.csv
'email;first', 'person1@example.com;Ann', 'not-an-address;Bad' | Set-Content one.csv
$mapping = @{ email = 'email'; first = 'firstName' }
$said.Mapping = Get-Failure { Invoke-SegmentPush all.csv 1021 @{ email = 'email'; first = 'firstNam' } -WarningAction Ignore }
$said.File = Get-Failure { Invoke-SegmentPush missing.csv 1021 $mapping }
$said.Column = Get-Failure { Invoke-SegmentPush all.csv 1021 @{ mail = 'email' } }
Start-Transcript transcript.txt | Out-Null
$null = Invoke-SegmentPush all.csv 1021 $mapping -WhatIf
Stop-Transcript | Out-Null
$said.Question = @(Get-Content transcript.txt | Select-String '1021').Line -join ' '
$push = Invoke-SegmentPush one.csv 1021 $mapping -WarningVariable warnings -WarningAction SilentlyContinue -Verbose 4> verbose.txt
$said.Warning = "$warnings"
$said.Verbose = (Get-Content verbose.txt -Raw) -replace '\s+', ' '
$said.Reason = (Get-PushStatus $push.Id -Outcome Rejected).Reason
$said.State = "$($push.State) $((Get-PushStatus $push.Id -Outcome Rejected).Code)"
$null = New-SegmentDestination 'Webinar EMEA' -StaticList 1021 -Mapping $mapping -Mode Mirror
$null = Invoke-SegmentPush -Destination 'Webinar EMEA' -Path all.csv -Force -WarningAction Ignore -LogPath log.jsonl
$said.Guard = Get-Failure { Invoke-SegmentPush -Destination 'Webinar EMEA' -Path few.csv -WarningAction Ignore -LogPath log.jsonl }
$said.Log = (Get-Content log.jsonl | ConvertFrom-Json).text -join '|'
$said.View = (Get-PushStatus $push.Id | Format-List | Out-String) -replace '\s+', ' '
$shell = [powershell]::Create()
$null = $shell.AddScript('param($m, $c) if ($IsWindows) { [cultureinfo]::CurrentUICulture = $c }; Import-Module $m; Connect-MarketoLaunchpoint -Sandbox; Invoke-SegmentPush all.csv 1021 @{ email = ''email'' } -WarningAction Ignore').AddArgument($Manifest).AddArgument($Culture)
$shell.Runspace.SessionStateProxy.Path.SetLocation($PWD) | Out-Null
$null = $shell.Invoke()
$said.Progress = @($shell.Streams.Progress | ForEach-Object { "$($_.Activity): $($_.StatusDescription)" }) -join '|'
'>>>' + (ConvertTo-Json $said -Compress)
'@

    function Get-Said([string] $Culture) {
        $folder = Enter-TestFolder $TestDrive
        $before = $env:LC_ALL
        try {
            $env:LC_ALL = "$($Culture.Replace('-', '_')).UTF-8"
            $session | Set-Content session.ps1
            $run = Invoke-CleanPwsh -File (Join-Path $folder session.ps1) $Culture (Get-TestPlace).Manifest
            $line = $run.Output.Where({ $_ -like '>>>*' })
            if (-not $line) { throw "The session failed: $($run.ErrorText) $($run.Output)" }
            # French has spaces that do not break before some marks.
            ConvertFrom-Json (([string] $line[0]).Substring(3) -replace '[\u00A0\u202F]', ' ')
        }
        finally {
            $env:LC_ALL = $before
            Exit-TestFolder
        }
    }
}

Describe 'A session of a French user' {
    BeforeAll { $said = Get-Said fr-FR }

    It 'A mistake in the mapping is told in French' {
        $said.Culture | Should -Be fr-FR
        $said.Mapping | Should -BeLike 'FieldNotFound,*|Cette instance Marketo n’’a pas de champ ''firstNam''*|Noms proches : ''firstName''*'
    }

    It 'A missing file and a missing column are told in French' {
        $said.File | Should -BeLike 'FileNotFound,*|Le fichier ''*missing.csv'' n’’existe pas.|Vérifiez le chemin et le dossier courant*'
        $said.Column | Should -BeLike 'SourceColumnNotFound,*|La colonne source ''mail'' est absente de ''*all.csv''. Noms proches : ''email''.|Il y a 2 colonnes : *'
    }

    It 'The guard speaks French, and the id stays' {
        $said.Guard | Should -BeLike 'GuardStopped,*|La protection de la destination ''Webinar EMEA'' a tout arrêté avant le premier retrait*|Examinez l’’export et le plan (-WhatIf)*'
    }

    It 'What -WhatIf would do is told in French' { $said.Question | Should -BeLike '*Envoyer le segment vers la liste statique 1021 de *' }

    It 'Warnings, verbose lines and reasons are in French; states and codes stay' {
        $said.Warning | Should -BeLike '1 sur 2 lignes a été rejetée ; Get-PushStatus -Id * -Outcome Rejected dit pourquoi.*'
        $said.Verbose | Should -BeLike '*vers la liste 1021 ''*a réussi en * ms*'
        $said.Reason | Should -BeLike 'Ce n’’est pas une adresse de la forme name@example.com*'
        $said.State | Should -Be 'Completed AddressMalformed'
    }

    It 'Progress is in French' {
        $said.Progress | Should -BeLike '*Push vers ''*'
        $said.Progress | Should -BeLike '*Envoi des personnes: *'
        $said.Progress | Should -BeLike '*Push vers ''*: Terminé*'
    }

    It 'The words of a view are in French, and its labels stay' {
        $said.View | Should -BeLike '*Received : 2 = 1 activée + 0 exclue + 1 en échec*'
        $said.View | Should -BeLike '*State : Completed*'
    }

    It 'A log for programs stays English' {
        $said.Log | Should -BeLike '*Delivering people*The guard of destination ''Webinar EMEA'' stopped*'
        $said.Log | Should -Not -Match '[éèàê’’]'
    }
}

Describe 'A session of a user of another language' {
    It 'It is told everything in English (<_>)' -ForEach $others {
        $said = Get-Said $_

        $said.Culture | Should -Be $_
        $said.Mapping | Should -BeLike 'FieldNotFound,*|This Marketo instance has no field ''firstNam''*|Nearest names: ''firstName''*'
        $said.Guard | Should -BeLike 'GuardStopped,*|The guard of destination ''Webinar EMEA'' stopped before the first of 3* removals: *'
        $said.Question | Should -BeLike '*Push the segment to static list 1021 of *'
        $said.Warning | Should -BeLike '1 of 2 rows was rejected; Get-PushStatus -Id * tells why.*'
        $said.View | Should -BeLike '*Received : 2 = 1 activated + 0 excluded + 1 failed*'
        $said.Progress | Should -BeLike '*Delivering people: *'
    }
}
