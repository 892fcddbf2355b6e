#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $email = @{ email = 'email' }

    function Get-Line([string] $Path = 'log.jsonl') { Get-Content $Path | ForEach-Object { $_ | ConvertFrom-Json } }

    # A program logger that notes what it is told.
    function Install-Logger([string] $Body = "printf '%s\n' `"`$*`" >> '$PWD/entries'") {
        Install-Program logger $Body
    }
}

Describe 'The log of a push' {
    BeforeEach {
        $folder = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'Has a JSON object on each line: its start, its phases, and its end with the sums' {
        $push = & { New-Person 3; New-Person 1 nobody.example } | Invoke-SegmentPush -StaticList 1021 -Mapping $email -LogPath logs/log.jsonl

        $lines = Get-Line logs/log.jsonl
        $lines[0].event | Should -Be started
        $lines[-1].event | Should -Be ended
        $lines.event | Should -Contain phase
        $lines.push | Sort-Object -Unique | Should -Be "$($push.Id)"
        $end = $lines[-1]
        "$($end.state) $($end.exitCode) $($end.calls)" | Should -Be "Completed 0 $($push.Calls)"
        $end.people.received | Should -Be 4
        $end.people.unmatched | Should -Be $push.Unmatched
        [datetimeoffset] $end.time | Should -BeGreaterThan ([datetimeoffset]::Now.AddMinutes(-5))
    }

    It 'Holds neither people nor secrets' {
        & { New-Person 3; [pscustomobject]@{ email = 'no address'; first = 'Zoe'; last = 'Quux' } } |
            Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email'; first = 'firstName'; last = 'lastName' } -LogPath log.jsonl | Out-Null

        $text = Get-Content log.jsonl -Raw
        foreach ($secret in 'person1@', 'no address', 'Zoe', 'Quux', 'First1', 'sandbox-secret', 'access_token') { $text | Should -Not -BeLike "*$secret*" }
    }

    It 'Tells a push that failed and one that could not begin, with the id of the error' {
        Set-Content empty.csv name, x
        $null = New-SegmentDestination A 1021 $email
        Assert-Failure { Invoke-SegmentPush -Destination A -Path missing.csv -LogPath log.jsonl } FileNotFound
        Assert-Failure { Invoke-SegmentPush -Destination A -Path empty.csv -LogPath log.jsonl } SourceColumnNotFound
        Assert-Failure { New-Person 2 nobody.example | Invoke-SegmentPush -Destination A -LogPath log.jsonl } NobodyArrived

        $lines = Get-Line
        $lines[0].event, $lines[0].errorId, $lines[0].destination, $lines[0].exitCode | Should -Be failed, FileNotFound, A, 1
        ($lines | Where-Object errorId -EQ SourceColumnNotFound) | Should -HaveCount 1
        $lines[-1].event, $lines[-1].errorId, $lines[-1].exitCode | Should -Be ended, NobodyArrived, 4
    }

    It 'Is kept by a resume and by an undo' {
        $push = New-Person 3 | Invoke-SegmentPush -StaticList 1022 -Mapping $email -PersonCreation MatchExistingAndCreateMissing
        $null = New-SegmentDestination A 1021 $email -PersonCreation MatchExistingAndCreateMissing
        $push = New-Person 3 | Invoke-SegmentPush -Destination A

        $undo = Undo-SegmentPush $push.Id -Force -LogPath log.jsonl
        (Get-Line)[-1].push | Should -Be "$($undo.Id)"

        Resume-SegmentPush $push.Id -LogPath log.jsonl -ErrorAction SilentlyContinue -ErrorVariable wrong
        $wrong | Should -HaveCount 1
        (Get-Line)[-1].event | Should -Be failed
    }

    It 'Is renamed when it is full, and the newest five stay' {
        foreach ($i in 1..7) {
            Set-Content log.jsonl ("{`"event`":`"$i`"}`n" + ('x' * 10.1MB)) -NoNewline
            $null = New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping $email -LogPath log.jsonl
        }

        (Get-ChildItem log.jsonl.[0-9]).Name | Should -Be 'log.jsonl.1', 'log.jsonl.2', 'log.jsonl.3', 'log.jsonl.4', 'log.jsonl.5'
        Get-Content log.jsonl.1 -TotalCount 1 | Should -Be '{"event":"7"}'
        (Get-Line).event | Should -Contain ended
    }

    It 'Takes whole lines of several pushes at once' {
        $runs = 1..4 | ForEach-Object {
            Start-ThreadJob -ArgumentList (Get-TestPlace).Manifest, $folder, "journal$_" {
                param($manifest, $folder, $journal)
                Import-Module $manifest
                Set-Location $folder
                Connect-MarketoLaunchpoint -Sandbox
                foreach ($i in 1..5) { [pscustomobject]@{ email = 'person1@example.com' } | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' } -LogPath log.jsonl -Journal $journal | Out-Null }
            }
        }
        $runs | Receive-Job -Wait -AutoRemoveJob

        (Get-Line | Where-Object event -EQ ended) | Should -HaveCount 20
    }

    It 'That can''t be written is a warning, and the push goes on' {
        Set-Content file x

        $push = New-Person 3 | Invoke-SegmentPush -StaticList 1021 -Mapping $email -LogPath file/log.jsonl -WarningVariable warnings

        $push.State | Should -Be Completed
        "$warnings" | Should -BeLike '*log*can''t be written*'
        @($warnings -match 'log') | Should -HaveCount 1
    }

    It 'Gets no line where a file that is no log stands, not even one of the segment, and the push goes on: <name>' -ForEach @(
        @{ Name = 'the segment'; Text = "email`nperson1@example.com`nperson2@example.com`n" }
        @{ Name = 'JSON lines'; Text = "{`"email`":`"person1@example.com`"}`n" }
        @{ Name = 'an array'; Text = "[{`"email`":`"person1@example.com`",`"event`":`"a`"}]`n" }
        @{ Name = 'a large file'; Text = "email`n" + ("person1@example.com`n" * 600000) }
    ) {
        Set-Content other $text -NoNewline
        New-Person 2 | Export-Csv segment.csv
        $path = $name -eq 'the segment' ? 'other' : 'segment.csv'

        $push = Invoke-SegmentPush -Path $path -StaticList 1021 -Mapping $email -LogPath other -WarningVariable warnings

        $push.State | Should -Be Completed
        "$warnings" | Should -BeLike "*no log of pushes*"
        @($warnings -match 'log') | Should -HaveCount 1
        (Get-Content other -Raw) -ceq $text | Should -BeTrue
        Get-ChildItem other.* | Should -BeNullOrEmpty
    }

    It 'Is not made by -WhatIf' {
        $null = New-Person 3 | Invoke-SegmentPush -StaticList 1021 -Mapping $email -LogPath log.jsonl -WhatIf

        Test-Path log.jsonl | Should -BeFalse
    }

    It '-EventLog gives the system''s log one entry a push, with its exit code' -Skip:$IsWindows {
        Install-Logger
        $null = New-SegmentDestination A 1021 $email -PersonCreation MatchExistingAndCreateMissing

        $null = New-Person 3 | Invoke-SegmentPush -Destination A -EventLog
        Assert-Failure { Invoke-SegmentPush -Destination A -Path missing.csv -EventLog } FileNotFound

        $entries = Get-Content entries
        $entries | Should -HaveCount 2
        $entries[0] | Should -BeLike '-t SegmentPush -p user.info -- Push * into A: Completed, 3 of 3 people activated*Exit code 0.'
        $entries[1] | Should -BeLike '-t SegmentPush -p user.err -- *A*could not begin*FileNotFound*missing.csv*'
    }

    It '-EventLog without a system''s log is a warning, and the push goes on' -Skip:$IsWindows {
        Install-Logger 'echo "no socket" >&2; exit 1'

        $push = New-Person 3 | Invoke-SegmentPush -StaticList 1021 -Mapping $email -EventLog -WarningVariable warnings

        $push.State | Should -Be Completed
        "$warnings" | Should -BeLike '*no entry*no socket*'
    }
}
