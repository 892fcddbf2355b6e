#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $place = Get-TestPlace
    $daily = Join-Path $place.Root examples daily.ps1

    function Set-Segment([int] $People, [string] $Path = 'segment.csv') { New-Person $People | Export-Csv $Path }

    # The form that docs/destinations.md gives for a task of one line, with another path.
    $documented = ((Get-Content (Join-Path $place.Root docs destinations.md) -Raw) -split '\r?\n' -match '^pwsh .*-Command')[0] -replace '^pwsh -NoProfile -Command "(.*)"$', '$1'

    function Invoke-Line([string] $Path, [string] $Parameters) {
        $line = $documented -replace "'\\\\share[^']*'", "'$Path' $Parameters"
        if ($line -notlike "*'$Path'*") { throw "The documented line has another form: $line" }
        Invoke-CleanPwsh -Command $line
    }

    # Runs pwsh as a scheduler does, which leaves wildcards to the script. A shell would expand them.
    function Start-Scheduled {
        $program = [System.Environment]::ProcessPath
        $start = [System.Diagnostics.ProcessStartInfo]::new($program)
        $start.RedirectStandardError = $start.RedirectStandardOutput = $true
        $start.WorkingDirectory = $PWD.ProviderPath
        if ([System.IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { $start.ArgumentList.Add((Join-Path $PSHOME pwsh.dll)) }
        foreach ($argument in $args) { $start.ArgumentList.Add($argument) }
        $process = [System.Diagnostics.Process]::Start($start)
        $output = $process.StandardOutput.ReadToEndAsync()
        $errors = $process.StandardError.ReadToEnd()
        $process.WaitForExit()
        [pscustomobject]@{ ExitCode = $process.ExitCode; Output = $output.Result; ErrorText = $errors }
    }

    # What the help of the example says, with paths of this machine.
    function Invoke-Daily([string] $Path) {
        $example = (Get-Help $daily).examples.example[0].code -replace '^pwsh ' -replace 'daily\.ps1', "'$daily'" -replace "'\\\\share[^']*'", "'$Path'" -replace 'D:\\receipts', 'receipts'
        Invoke-Expression "Start-Scheduled $example"
    }

    # Changes what the account leaves to other integrations.
    function Set-Reserve([int] $Percent) {
        $file = Get-ChildItem home/accounts -Filter *.json
        $account = Get-Content $file -Raw | ConvertFrom-Json
        $account.DailyCallQuota = 1000
        $account.DailyCallReserve = $Percent
        $account | ConvertTo-Json | Set-Content $file
    }

    # Leaves a few calls only, so that the next push is interrupted.
    function Limit-Call {
        Set-Reserve 98
        Connect-MarketoLaunchpoint -Account Trial
        foreach ($i in 1..3) { try { $null = New-Person 1 | Invoke-SegmentPush -StaticList 1022 -Mapping @{ email = 'email' } } catch { } }
        $null = Get-MarketoStaticList
    }

    function Get-Receipt { Get-ChildItem receipts -Filter 'receipt-*.json' -ErrorAction Ignore }
}

Describe 'A scheduled task' {
    BeforeEach {
        $folder = Enter-TestFolder $TestDrive
        # The tasks run in processes of their own, beside the sandbox of this one.
        Connect-MarketoLaunchpoint @sandbox -SaveAs Trial
        $destination = @{ Account = 'Trial'; PersonCreation = 'MatchExistingAndCreateMissing' }
        $null = New-SegmentDestination 'Webinar EMEA' 1021 @{ email = 'email' } @destination -Mode Mirror
        $env:PSModulePath = (Split-Path $place.Module), $env:PSModulePath -join [System.IO.Path]::PathSeparator
    }

    AfterEach { Exit-TestFolder }

    It 'A line ends with <code> where <where>, as the status says' -ForEach @(
        @{ code = 0; where = 'all was done'; people = 100; arrange = { } }
        @{ code = 0; where = 'nothing was due'; people = 100; arrange = { Set-SegmentDestination 'Webinar EMEA' -StartDate ([datetime]::Now.AddDays(9)) } }
        @{ code = 1; where = 'the file is missing'; people = 100; file = 'missing.csv'; arrange = { } }
        @{ code = 1; where = 'the secret is wrong'; people = 100; arrange = { Set-Content (Get-ChildItem home/accounts -Filter *.secret) wrong -NoNewline } }
        @{ code = 1; where = 'a parameter is wrong'; people = 100; more = '-Nonsense'; arrange = { } }
        @{ code = 2; where = 'the quota interrupted it'; people = 900; arrange = { Limit-Call } }
        @{ code = 3; where = 'the guard stopped it'; people = 5; arrange = { Set-Segment 100; $null = Invoke-SegmentPush -Destination 'Webinar EMEA' -Path segment.csv } }
        @{ code = 4; where = 'nobody arrived'; people = 100; domain = 'nobody.example'; arrange = { Set-SegmentDestination 'Webinar EMEA' -PersonCreation MatchExisting -ExistingPeople Keep } }
        @{ code = 4; where = 'too many rows were rejected'; people = 3; arrange = { $script:extra = 1..9 | ForEach-Object { [pscustomobject]@{ email = "bad$_" } } } }
    ) {
        $script:extra = @()
        . $arrange
        & { New-Person $people ($domain ?? 'example.com') | Select-Object email; $script:extra } | Export-Csv segment.csv
        $before = @(Get-PushStatus).Count

        $run = Invoke-Line ($file ?? 'segment.csv') $more

        $run.ExitCode | Should -Be $code -Because $run.ErrorText
        [bool] $run.ErrorText | Should -Be ($code -ne 0)
        if ($more -or $where -eq 'nothing was due') { return }
        Get-PushStatus | Should -HaveCount ($before + 1)
        (Get-PushStatus -Last 1).ExitCode | Should -Be $code
    }

    It 'The daily example ends with 0 and a receipt on a split export, and on night two it takes the new one' {
        $null = New-Item -ItemType Directory exports
        New-Person 60 | Select-Object email -First 30 | Export-Csv exports/webinar_20261126020000.csv
        New-Person 60 | Select-Object email -Last 30 | Export-Csv exports/webinar_20261126020000_2.csv

        $first = Invoke-Daily exports/webinar_*.csv
        $first.ErrorText | Should -BeNullOrEmpty
        $first.ExitCode | Should -Be 0
        Get-Receipt | Should -HaveCount 1
        Get-MarketoStaticListMember 1021 | Should -HaveCount 60

        # Yesterday's export lies there still. Ten people have left the segment.
        New-Person 50 | Select-Object email -First 25 | Export-Csv exports/webinar_20261127020000.csv
        New-Person 50 | Select-Object email -Last 25 | Export-Csv exports/webinar_20261127020000_2.csv
        $second = Invoke-Daily exports/webinar_*.csv
        $second.ErrorText | Should -BeNullOrEmpty
        $second.ExitCode | Should -Be 0
        Get-Receipt | Should -HaveCount 2
        Get-MarketoStaticListMember 1021 | Should -HaveCount 50
    }

    It 'The daily example ends with 1 after a lost export, leaves the list, and goes on the next night' {
        Set-Segment 20
        (Invoke-Daily 'seg*.csv').ExitCode | Should -Be 0

        Remove-Item segment.csv
        $lost = Invoke-Daily 'seg*.csv'
        $lost.ExitCode | Should -Be 1
        $lost.ErrorText | Should -BeLike '*seg*.csv*' -Because 'the error names what is missing'
        Get-MarketoStaticListMember 1021 | Should -HaveCount 20
        (Get-SegmentDestination).LastState | Should -Be Failed

        Set-Segment 21
        (Invoke-Daily 'seg*.csv').ExitCode | Should -Be 0
        (Get-SegmentDestination).LastState | Should -Be Completed
    }

    It 'The daily example needs no path where the destination keeps its files' {
        Set-Segment 20
        Set-SegmentDestination 'Webinar EMEA' -Path segment.csv

        $run = Start-Scheduled -NoProfile -File $daily -Destination 'Webinar EMEA' -Receipts receipts

        $run.ErrorText | Should -BeNullOrEmpty
        $run.ExitCode | Should -Be 0
        Get-MarketoStaticListMember 1021 | Should -HaveCount 20
    }

    It 'The daily example ends with 3 where the guard stopped it, and the receipt says so' {
        Set-Segment 100
        $null = Invoke-Daily 'seg*.csv'
        Set-Segment 5

        $run = Invoke-Daily 'seg*.csv'

        $run.ExitCode | Should -Be 3
        $run.ErrorText | Should -BeLike '*guard*'
        Get-Receipt | Should -HaveCount 2
        Get-MarketoStaticListMember 1021 | Should -HaveCount 100
    }

    It 'The daily example resumes what the night before left, also where that can''t be done any more' {
        Limit-Call
        Set-Segment 900
        $first = Invoke-Daily 'seg*.csv'
        $first.ExitCode | Should -Be 2
        (Get-PushStatus -Last 1).State | Should -Be Interrupted

        # The file is another one by now, so the old push can't be resumed.
        Set-Reserve 0
        Set-Segment 910
        $second = Invoke-Daily 'seg*.csv'
        $second.ExitCode | Should -Be 0
        $second.ErrorText | Should -BeLike '*segment.csv*'
        Get-MarketoStaticListMember 1021 | Should -HaveCount 910
        Get-PushStatus -State Interrupted | Should -BeNullOrEmpty
    }

    It 'The daily example works in Constrained Language' {
        Set-Segment 20

        $run = Invoke-Session "`$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; & '$daily' -Destination 'Webinar EMEA' -Path segment.csv -Receipts receipts; `"code `$LASTEXITCODE`""

        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Select-Object -Last 1 | Should -Be 'code 0'
        Get-Receipt | Should -HaveCount 1
    }
}

Describe 'A session without questions' {
    BeforeEach { $null = Enter-TestFolder $TestDrive }

    AfterEach { Exit-TestFolder }

    It 'Tables hold no colours where NO_COLOR asks for none' {
        $before = $env:NO_COLOR
        $env:NO_COLOR = '1'
        try {
            $run = Invoke-CleanPwsh -CommandWithArgs @'
Import-Module $args[0]
Connect-MarketoLaunchpoint -Sandbox -PassThru
[pscustomobject]@{ email = 'person1@example.com' } | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' }
'@ $place.Manifest
        }
        finally { $env:NO_COLOR = $before }

        $run.ErrorText | Should -BeNullOrEmpty
        "$($run.Output)" | Should -BeLike '*000-SBX-000*'
        "$($run.Output)" | Should -BeLike '*Completed*'
        $run.Output -match "`e" | Should -BeNullOrEmpty
    }
}
