#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $mapping = @{ email = 'email' }
}

Describe 'Every failure names the thing, what happened, and what to do' {
    BeforeEach {
        $folder = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
        New-Person 1 | Export-Csv segment.csv
        $null = New-SegmentDestination Webinar 1021 $mapping
    }

    AfterEach { Exit-TestFolder }

    It 'An id that is null is an error of ours: <_>' -ForEach @(
        { Get-PushStatus -Id $null }, { Resume-SegmentPush -Id $null }, { Undo-SegmentPush -Id $null }, { Undo-SegmentPush $null -Force }
        { Export-PushReceipt -Id $null }, { Export-PushReceipt $null -Path a.json }, { Remove-PushHistory -Id $null }, { Export-PushReport $null a.html }, { Stop-SegmentPush $null }
    ) {
        (Assert-Failure $_ IdMissing InvalidArgument -Saying Get-PushStatus).TargetObject | Should -Be Id
    }

    It 'An id that is an empty list or an empty text is told, and does not stand for all pushes: <_>' -ForEach @(
        { Get-PushStatus -Id $given }, { Resume-SegmentPush -Id $given }, { Undo-SegmentPush $given -Force }, { Stop-SegmentPush $given }
        { Export-PushReceipt $given }, { Export-PushReport $given -Path a.html }, { Remove-PushHistory -Id $given }
    ) {
        $null = Invoke-SegmentPush -Destination Webinar -Path segment.csv
        foreach ($given in @(), '', @($null), @('')) { (Assert-Failure $_ IdMissing InvalidArgument -Saying Get-PushStatus).TargetObject | Should -Be Id }
        @(Get-PushStatus).Count | Should -Be 1
    }

    It 'An id of an audience or an export that is null is an error of ours: <_>' -ForEach @(
        { Get-PlatformAudience -Id $given }, { Remove-PlatformExport -Id $given }
    ) {
        Connect-ExperiencePlatform -Rehearsal
        foreach ($given in $null, @(), '', @($null)) { (Assert-Failure $_ IdMissing InvalidArgument -Saying Get-Platform).TargetObject | Should -Be Id }
    }

    It 'A static list that is null is an error of ours, and does not stand for all lists: <_>' -ForEach @(
        { Get-MarketoStaticList -Id $given }, { Get-MarketoStaticListMember $given }, { Get-PushStatus -StaticList $given }
        { Invoke-SegmentPush segment.csv $given $mapping }, { New-SegmentDestination Second $given $mapping }, { Set-SegmentDestination Webinar -StaticList $given }
        { Test-MarketoLaunchpoint -StaticList $given }
    ) {
        foreach ($given in $null, '', @()) { (Assert-Failure $_ InvalidStaticList InvalidArgument -Saying Get-MarketoStaticList).TargetObject | Should -Not -BeNullOrEmpty }
    }

    It 'A parameter without a value is an error of ours: <_>' -ForEach @(
        { Get-PushStatus -Identity $given }, { Get-PushStatus -Destination $given }, { Get-PushStatus -State $given }, { Get-PushStatus -Since $given }, { Get-PushStatus -Before $given }
        { Get-PushStatus -Journal $given }, { Get-SegmentDestination $given }, { Set-SegmentDestination $given -Mode Append }, { Test-SegmentDestination $given }
        { Test-SegmentDestination Webinar $given }, { Remove-SegmentDestination $given }, { Export-SegmentDestination $given a.json }, { Export-SegmentDestination Webinar $given }
        { Import-SegmentDestination $given }, { New-SegmentDestination $given 1021 $mapping }, { New-SegmentDestination A 1021 $given }, { Export-PushReport -Destination $given a.html }
        { Export-PushReceipt (New-Guid) $given }, { Get-SegmentFile $given }, { New-SegmentMapping -Auto -Path $given }, { Get-MarketoAccount $given }, { Remove-MarketoAccount $given }
        { Connect-MarketoLaunchpoint -Account $given }, { Connect-MarketoLaunchpoint $given }, { Test-MarketoLaunchpoint $given }, { Get-MarketoField $given }, { Get-MarketoFolder $given }
        { New-MarketoStaticList $given Folder:42 }, { New-MarketoStaticList A $given }, { Get-MarketoStaticListMember 1021 -Field $given }, { Register-SegmentPushTask $given 02:00 }
        { Unregister-SegmentPushTask $given }, { Get-PlatformAccount $given }, { Connect-ExperiencePlatform -Account $given }, { Get-PlatformAudience $given }, { Copy-PushJournal $given }
        { Invoke-SegmentPush $given 1021 $mapping }, { Invoke-SegmentPush -LiteralPath $given -StaticList 1021 -Mapping $mapping }, { Invoke-SegmentPush segment.csv 1021 $given }
        { Invoke-SegmentPush -Destination $given -Path segment.csv }, { Invoke-SegmentPush -Destination Webinar -Path $given }, { Invoke-SegmentPush -Plan $given }
        { Invoke-SegmentPush segment.csv 1021 $mapping -RejectPath $given }, { Get-SegmentDestination | Invoke-SegmentPush -Path $given }
        { New-Person 1 | Invoke-SegmentPush -Destination $given }, { Save-PlatformAudience $given a.csv }
    ) {
        $given = $null
        $failure = Assert-Failure $_ ValueMissing InvalidArgument -Saying 'null or empty', 'variable or the command'
        "$failure" | Should -BeLike "-$($failure.TargetObject) *"
        Test-Path a.* | Should -BeFalse
    }

    It 'A list without a value, or with an empty one, is told too: <_>' -ForEach @(
        { Get-PushStatus -Destination $given }, { Remove-SegmentDestination $given -Force }, { Export-SegmentDestination $given a/ }, { Invoke-SegmentPush $given 1021 $mapping }
        { Get-PushStatus -Identity $given }, { Get-SegmentFile $given }, { Remove-MarketoAccount $given }
    ) {
        foreach ($given in @(), '', @($null), @('Webinar', '')) { $null = Assert-Failure $_ ValueMissing }
        Get-SegmentDestination | Should -HaveCount 1
    }

    It 'An object of the pipeline that lacks its name is told, and stops no other' {
        $null = New-SegmentDestination Second 1021 $mapping

        $names = [pscustomobject]@{ Name = 'Webinar' }, [pscustomobject]@{ Name = $null }, [pscustomobject]@{ Name = '' }, [pscustomobject]@{ Name = 'Second' }
        $found = $names | Get-SegmentDestination -ErrorAction SilentlyContinue -ErrorVariable wrong

        $found.Name | Should -Be Webinar, Second
        $wrong.FullyQualifiedErrorId | Should -Be (, 'ValueMissing,SegmentPush.Commands.GetSegmentDestinationCommand' * 2)
    }

    It 'A push of a destination to whose files nothing leads leaves a status' {
        $null = Invoke-SegmentPush -Destination Webinar -Path segment.csv

        Assert-Failure { Invoke-SegmentPush -Destination Webinar -Path (Get-ChildItem nothing*.csv) } ValueMissing
        (Get-SegmentDestination Webinar).LastState | Should -Be Failed
        (Get-SegmentDestination Webinar).LastError | Should -Be ValueMissing
    }

    It 'A push that never had a list says so in its line' {
        try { Invoke-SegmentPush nothere.csv 1021 $mapping } catch { }
        try { Invoke-SegmentPush nothere.csv 'No such list' $mapping } catch { }

        $said = Get-PushStatus | ForEach-Object { "$_" }
        $said[0] | Should -BeLike 'Push * into No such list: Failed*'
        $said[1] | Should -BeLike 'Push * into static list 1021: Failed*'
        Remove-PushHistory -Before ([datetime]::Now.AddDays(1)) -WhatIf 6>&1 | Should -Not -Match "''|into :"
    }

    It 'A connection that was disconnected is told: <_>' -ForEach @(
        { Get-MarketoStaticList -Connection $old }, { Get-MarketoStaticListMember 1021 -Connection $old }, { New-MarketoStaticList A 1 -Connection $old }
        { Invoke-SegmentPush segment.csv 1021 $mapping -Connection $old }, { New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping -Connection $old -WhatIf }
        { Invoke-SegmentPush -Destination Webinar -Path segment.csv -Connection $old }, { New-SegmentDestination A 1021 $mapping -Connection $old }
        { Set-SegmentDestination Webinar -StaticList 1022 -Connection $old }, { Resume-SegmentPush $push.Id -Connection $old }, { Undo-SegmentPush $push.Id -Force -Connection $old }
        { New-SegmentMapping -Auto -Path segment.csv -Connection $old }, { Disconnect-MarketoLaunchpoint $old }
    ) {
        $push = Invoke-SegmentPush -Destination Webinar -Path segment.csv
        $old = Connect-MarketoLaunchpoint @sandbox -PassThru
        Disconnect-MarketoLaunchpoint $old

        Assert-Failure $_ NotConnected ConnectionError -Saying disconnected
    }

    It 'A path that leads nowhere is told, and makes nothing: <_>' -ForEach @(
        { Get-PushStatus -JournalPath $path }, { Get-SegmentDestination -JournalPath $path }, { Remove-SegmentDestination A -JournalPath $path }
        { Resume-SegmentPush -Last -JournalPath $path }, { Resume-SegmentPush (New-Guid) -JournalPath $path }, { Undo-SegmentPush (New-Guid) -JournalPath $path }
        { Export-PushReceipt (New-Guid) -JournalPath $path }, { Remove-PushHistory ([datetime]::Now) -JournalPath $path }
        { Invoke-SegmentPush segment.csv 1021 $mapping -JournalPath $path }, { New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping -JournalPath $path }
        { Invoke-SegmentPush -Plan $path }, { Invoke-SegmentPush $path 1021 $mapping }, { Invoke-SegmentPush -LiteralPath $path -StaticList 1021 -Mapping $mapping }
        { New-SegmentDestination A 1021 $mapping -JournalPath $path }, { Set-SegmentDestination A -Description b -JournalPath $path }
        { Stop-SegmentPush (New-Guid) -JournalPath $path }, { Export-PushReport -Last -Path a.html -JournalPath $path }, { Export-PushReport -Destination Webinar -Path $path }
        { Get-PushJournal -JournalPath $path }, { Initialize-PushJournal $path }, { Copy-PushJournal -From $path -Journal 'postgresql://a@127.0.0.1:1/b' }
        { Connect-ExperiencePlatform -Rehearsal; Save-PlatformAudience 'Webinar EMEA' $path -Field identityMap.Email }, { Set-SegmentDestination Webinar -Path $path }
        { Import-SegmentDestination $path }, { Import-SegmentDestination a.json -JournalPath $path }, { Export-SegmentDestination * . -JournalPath $path }
        { Get-SegmentFile $path }, { Get-SegmentFile -LiteralPath $path }, { New-SegmentMapping -Auto -Path $path }
        { Get-PushJournal $path }, { Initialize-PushJournal $path }, { Copy-PushJournal $path 'postgresql://user@127.0.0.1:1/journal' }, { Stop-SegmentPush (New-Guid) -Journal $path }
        { Export-PushReport (New-Guid) $path }, { Export-PushReport (New-Guid) a.html -Journal $path }
    ) {
        $before = Get-ChildItem -Recurse -Name
        $path = 'Env:PATH'
        Assert-Failure $_ NotAFilePath InvalidArgument -Saying Env
        $path = 'Nowhere:\x'
        Assert-Failure $_ FileNotFound ObjectNotFound -Saying Nowhere
        Get-ChildItem -Recurse -Name | Should -Be $before
    }

    It 'A journal is no file' {
        Assert-Failure { Get-PushStatus -JournalPath segment.csv } NotAFolder InvalidArgument -Saying segment.csv
    }

    It 'A mistyped folder of the journal makes nothing, and is told: <_>' -ForEach @(
        { Get-PushStatus -JournalPath typo }, { Get-PushStatus -Id (New-Guid) -JournalPath typo }, { Get-SegmentDestination -JournalPath typo }
        { Get-SegmentDestination Webinar -JournalPath typo }, { Remove-SegmentDestination Webinar -JournalPath typo }, { Set-SegmentDestination Webinar -Description a -JournalPath typo }
        { Export-SegmentDestination Webinar out/ -JournalPath typo }, { Export-PushReceipt (New-Guid) -JournalPath typo }
        { Resume-SegmentPush (New-Guid) -JournalPath typo }, { Resume-SegmentPush -Last -JournalPath typo }, { Undo-SegmentPush (New-Guid) -Force -JournalPath typo }
        { Get-PushJournal typo }, { Stop-SegmentPush (New-Guid) -Journal typo }, { Export-PushReport (New-Guid) a.html -Journal typo }
        { Remove-PushHistory ([datetime]::Now) -JournalPath typo }, { Invoke-SegmentPush -Destination Webinar -Path segment.csv -JournalPath typo }
    ) {
        $WarningPreference = 'Continue'
        $said = & { try { & $args[0] } catch { "$_" } } $_ 3>&1

        'typo' | Should -Not -Exist
        "$said" | Should -Match 'typo|no destination'
    }

    It 'A name or path with a bracket that is not closed is taken as it is written: <_>' -ForEach @(
        { Get-PushStatus -Destination 'a[' -ErrorAction Stop }, { Get-SegmentDestination 'a[' -ErrorAction Stop }, { Remove-SegmentDestination 'a[' -ErrorAction Stop }
        { Export-SegmentDestination 'a[' out/ -ErrorAction Stop }, { Export-PushReport -Destination 'a[' -Path out/ -ErrorAction Stop }
        { Get-MarketoField 'a[' -ErrorAction Stop }, { Get-MarketoPartition 'a[' -ErrorAction Stop }, { Get-MarketoFolder 'a[' -ErrorAction Stop }
        { Get-MarketoStaticList 'a[' -ErrorAction Stop }, { Remove-MarketoAccount 'a[' -ErrorAction Stop }, { Get-MarketoAccount 'a[' -ErrorAction Stop }
        { Get-SegmentFile 'a[' -ErrorAction Stop }, { Invoke-SegmentPush 'a[' 1021 $mapping }
        { $null = Connect-ExperiencePlatform -Rehearsal; Get-PlatformAudience 'a[' -ErrorAction Stop }, { Get-PlatformAccount 'a[' -ErrorAction Stop }
    ) {
        $failure = try { $null = & $_; $null } catch { $_ }

        $failure.FullyQualifiedErrorId | Should -Match '^\w+NotFound,SegmentPush\.'
        "$failure" | Should -Match 'a\['
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'A list that is not there is told alike by number: <_>' -ForEach @(
        { Get-MarketoStaticList 99999 }, { Get-MarketoStaticListMember 99999 }, { New-Person 1 | Invoke-SegmentPush -StaticList 99999 -Mapping @{ email = 'email' } }
    ) {
        Connect-MarketoLaunchpoint @sandbox
        Assert-Failure $_ StaticListNotFound -Saying 'has no static list 99999 that the API-only user may see', '#ST'
    }

    It 'A file that is not there is told without brackets where there are none' {
        Connect-MarketoLaunchpoint @sandbox
        $push = @{ StaticList = 1021; Mapping = @{ email = 'email' } }
        "$((Assert-Failure { Invoke-SegmentPush nothing.csv @push } FileNotFound).ErrorDetails.RecommendedAction)" | Should -Not -Match 'bracket|pattern'
        Assert-Failure { Invoke-SegmentPush 'web_*.csv' @push } FileNotFound -Saying 'what writes the files'
        Assert-Failure { Invoke-SegmentPush 'web[1].csv' @push } FileNotFound -Saying '-LiteralPath'
        Assert-Failure { Invoke-SegmentPush 'Nowhere:/web.csv' @push } FileNotFound -Saying 'no such drive'
    }

    It 'A proxy that can''t be reached is named, and not Marketo' {
        $credential = Get-SandboxCredential
        $failure = Assert-Failure { Connect-MarketoLaunchpoint -Endpoint https://marketo.example.com -Credential $credential -Proxy http://127.0.0.1:9 -RetryLimit 0 } ConnectionFailed -Saying '127.0.0.1:9', '-Proxy'
        "$failure" | Should -Not -BeLike '*marketo.example.com*'
    }

    It 'WhatIf fails as the command would: Stop-SegmentPush of a complete push' {
        $push = Invoke-SegmentPush -Destination Webinar -Path segment.csv

        Assert-Failure { Stop-SegmentPush $push.Id -WhatIf -ErrorAction Stop } NothingToAbandon -Saying complete
    }

    It 'Completion makes nothing' {
        $env:SEGMENTPUSH_HOME = Join-Path $folder nothing
        foreach ($line in 'Get-PushStatus -Id ', 'Get-SegmentDestination ', 'Connect-MarketoLaunchpoint -Account ', 'Get-PushStatus -StaticList ') { $null = Get-Completion $line }
        'nothing' | Should -Not -Exist
    }

    It 'A home folder that is a file is told, and does not read as a journal without pushes: <_>' -ForEach @(
        { Get-PushStatus }, { Get-SegmentDestination }, { Get-MarketoAccount }, { Resume-SegmentPush -Last }, { Get-PushJournal }, { New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping }
        { Connect-MarketoLaunchpoint -Sandbox -SaveAs A }
    ) {
        Set-Content file x
        $env:SEGMENTPUSH_HOME = "$PWD/file"
        (Assert-Failure $_ HomeNotFound ObjectNotFound -Saying 'is a file', SEGMENTPUSH_HOME).TargetObject | Should -Be SEGMENTPUSH_HOME
    }

    It 'A home folder that can''t be had is told' -Skip:$IsWindows {
        $run = Invoke-CleanPwsh -CommandWithArgs @'
param($manifest)
Import-Module $manifest
$env:SEGMENTPUSH_HOME = $null
$env:XDG_DATA_HOME = $null
$env:HOME = '/proc/nobody'
foreach ($act in { Get-PushStatus }, { Get-SegmentDestination }, { Get-MarketoAccount }, { Connect-MarketoLaunchpoint -Account A }, { Connect-MarketoLaunchpoint -Sandbox -SaveAs A }) {
    try { & $act } catch { "$($_.FullyQualifiedErrorId -replace ',.*') $($_.CategoryInfo.Category) $($_.TargetObject) $($_.ErrorDetails.RecommendedAction -like '*SEGMENTPUSH_HOME*')" }
}
[pscustomobject]@{ email = 'a@example.com' } | ForEach-Object { try { Connect-MarketoLaunchpoint -Sandbox; $_ | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' } } catch { $_.FullyQualifiedErrorId -replace ',.*' } }
'@ (Get-TestPlace).Manifest

        $run.Output | Select-Object -SkipLast 1 -Unique | Should -Be 'HomeNotFound ObjectNotFound SEGMENTPUSH_HOME True'
        $run.Output | Select-Object -Last 1 | Should -Be HomeNotFound
    }

    It 'An option of a connection that is out of range says what to do' {
        Assert-Failure { Connect-MarketoLaunchpoint -Sandbox -CallTimeout 00:00:00 } InvalidConnectionOption InvalidArgument -Saying CallTimeout
    }
}
