#Requires -Version 7.6
BeforeDiscovery {
    $found = @(Get-ChildItem /usr/lib/postgresql/*/bin/initdb -ErrorAction Ignore | Sort-Object { [int] $_.Directory.Parent.Name } -Descending) + @(Get-Command initdb -CommandType Application -ErrorAction Ignore)
    # Where CI is true a missing server is a failure, not a reason to skip.
    $isMissing = -not $found -and $env:CI -ne 'true'
    if ($isMissing) { Write-Warning 'The tests of the shared journal are skipped: apt-get install postgresql, or put initdb and pg_ctl into the PATH.' }
}

BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $place = Get-TestPlace
    $programs = @(Get-ChildItem /usr/lib/postgresql/*/bin/initdb -ErrorAction Ignore | Sort-Object { [int] $_.Directory.Parent.Name } -Descending)[0] ?? (Get-Command initdb -CommandType Application -ErrorAction Ignore)
    if (-not $programs) { return }
    $programs = Split-Path ($programs.FullName ?? $programs.Source)
    $cluster = Join-Path ([System.IO.Path]::GetTempPath()) "segmentpush-pester-$(New-Guid)"
    $isRoot = [System.Environment]::UserName -eq 'root'

    # PostgreSQL refuses to run as root.
    function Invoke-Server {
        $command = @($isRoot ? @('runuser', '-u', 'postgres', '--') : @()) + (Join-Path $programs $args[0]) + $args[1..100]
        $null = & $command[0] $command[1..100]
        if ($LASTEXITCODE) { throw "$($args[0]) ended with $LASTEXITCODE." }
    }

    $null = New-Item -ItemType Directory $cluster
    if ($isRoot) { chown postgres $cluster }
    # The server listens seconds after its port was chosen. A connection to elsewhere takes a higher port.
    foreach ($attempt in 1..20) {
        $port = Get-Random -Minimum 20000 -Maximum 32000
        $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, $port)
        try { $listener.Start(); break } catch [System.Net.Sockets.SocketException] { }
    }
    $listener.Stop()
    Push-Location /
    Invoke-Server initdb -D "$cluster/data" -U owner -A trust -E UTF8 --no-sync --locale=C
    Invoke-Server pg_ctl -D "$cluster/data" -w -t 60 -l "$cluster/log" -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$cluster" start
    Pop-Location

    function New-Address {
        $name = "journal_$((New-Guid).ToString('N'))"
        Invoke-Server psql -h 127.0.0.1 -p $port -U owner -d postgres -q -c "CREATE DATABASE $name"
        "postgresql://owner@127.0.0.1:$port/${name}?sslmode=disable"
    }
}

AfterAll {
    if ($cluster) {
        Push-Location /
        try { Invoke-Server pg_ctl -D "$cluster/data" -w -m immediate stop } catch { Write-Warning "$_" }
        Pop-Location
        Remove-Item $cluster -Recurse -Force
    }
}

Describe 'One journal for several machines' -Skip:$isMissing {
    BeforeEach {
        $folder = Enter-TestFolder $TestDrive
        $address = New-Address
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach {
        Remove-Item Env:SEGMENTPUSH_JOURNAL -ErrorAction Ignore
        Exit-TestFolder
    }

    It 'Is made once, and says where it is and who pushes with it' {
        Assert-Failure { Get-PushJournal $address } JournalNotInitialized ObjectNotFound -Saying 'Initialize-PushJournal'

        $made = Initialize-PushJournal $address

        "$($made.Kind) $($made.SchemaVersion) $($made.RunningPushes)" | Should -Match '^PostgreSQL [1-9]\d* 0$'
        $made.Journal | Should -BeLike "postgresql://owner@127.0.0.1:$port/journal_*"
        $env:SEGMENTPUSH_JOURNAL = $address
        $push = New-Person 3 | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' }
        "$($push.State) $($push.Received) $($push.Machine)" | Should -Be "Completed 3 $([System.Environment]::MachineName)"
        (Get-PushStatus -Last 1).Machine | Should -Be ([System.Environment]::MachineName)
        (Get-PushJournal).Machines | Should -Be ([System.Environment]::MachineName)
        Join-Path $env:SEGMENTPUSH_HOME journal.db | Should -Not -Exist
    }

    It 'Another machine sees the pushes of this one' {
        $null = Initialize-PushJournal $address
        $push = New-Person 3 | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' } -Journal $address -JournalTimeout 30

        $env:SEGMENTPUSH_HOME = Join-Path $folder other

        (Get-PushStatus -Journal $address).Id | Should -Be $push.Id
        Get-PushStatus -Id $push.Id -Outcome Added, Unmatched -Journal $address | Should -HaveCount 3
    }

    It 'Pushes of a shared journal are shown with their machine, in 80 columns' {
        $null = Initialize-PushJournal $address
        $null = New-Person 3 | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' }
        $own = New-Person 3 | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' } -Journal $address

        $own | Format-List | Out-String | Should -Match "Machine +: $([System.Environment]::MachineName)"
        $lines = (Get-PushStatus -Journal $address | Out-String -Width 80) -split '\r?\n'
        $alone = Get-PushStatus | Out-String -Width 80

        $lines[1] | Should -Match '^Id +Started +Machine +State +Added Removed Destination$'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        # A long name goes on in the next line.
        $lines -join '' -replace '\s' | Should -BeLike "*$([System.Environment]::MachineName.Substring(0, [Math]::Min(10, [System.Environment]::MachineName.Length)))*"
        $alone | Should -Not -Match 'Machine'
        Get-PushStatus -Journal $address | Format-List | Out-String | Should -Match "Machine +: $([System.Environment]::MachineName)"
    }

    It 'A machine takes its destinations and its history along' {
        New-Person 5 | Export-Csv segment.csv
        $null = New-SegmentDestination Webinar -StaticList 1021 -Mapping @{ email = 'email' } -PersonCreation MatchExistingAndCreateMissing -Mode Mirror -TimeZone Europe/Paris
        $push = Invoke-SegmentPush -Destination Webinar -Path segment.csv
        $null = Initialize-PushJournal $address

        Copy-PushJournal -From home -Journal $address -WhatIf | Should -BeNullOrEmpty
        $copied = Copy-PushJournal -From home -Journal $address

        "$($copied.Pushes) $($copied.Destinations) $($copied.Snapshots)" | Should -Be '1 1 1'
        (Get-PushStatus -Journal $address).Id | Should -Be $push.Id
        (Get-SegmentDestination Webinar -Journal $address).Members | Should -Be 5
        (Invoke-SegmentPush -Destination Webinar -Path segment.csv -Journal $address).AlreadyMember | Should -Be 5
        Assert-Failure { Copy-PushJournal -From nowhere -Journal $address } JournalNotFound ObjectNotFound -Saying 'nowhere'
        Assert-Failure { Copy-PushJournal -From home -Journal other } JournalCopyUnsupported InvalidArgument -Saying '-From'
    }

    It 'With -Once the same content is pushed once' {
        New-Person 5 | Export-Csv segment.csv
        $env:SEGMENTPUSH_JOURNAL = $address
        $null = Initialize-PushJournal
        $null = New-SegmentDestination Webinar -StaticList 1021 -Mapping @{ email = 'email' } -PersonCreation MatchExistingAndCreateMissing -Mode Mirror -TimeZone Europe/Paris

        $states = 1..2 | ForEach-Object { Invoke-SegmentPush -Destination Webinar -Path segment.csv -Once } | ForEach-Object { "$($_.State) $($_.ExitCode)" }

        $states | Should -Be 'Completed 0', 'AlreadyPushed 0'
        Assert-Failure { New-Person 1 | Invoke-SegmentPush -Destination Webinar -Once } ParameterConflict -Saying '-Once'
        Assert-Failure { Invoke-SegmentPush segment.csv 1021 @{ email = 'email' } -Once } ParameterConflict -Saying '-Destination'
    }

    It 'A journal in a folder loads nothing of the database' {
        Set-Content script.ps1 "Import-Module '$($place.Manifest)'", 'Connect-MarketoLaunchpoint -Sandbox',
            "`$null = [pscustomobject]@{ email = 'a@example.com' } | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' }",
            "[System.AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -like 'Npgsql*'", "'done'"

        (Invoke-CleanPwsh -File script.ps1).Output | Should -Be 'done'
    }
}
