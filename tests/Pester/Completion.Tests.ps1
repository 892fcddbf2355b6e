#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $mapping = @{ email = 'email'; first = 'firstName'; last = 'lastName' }

    # What the Tab key offers, as it goes into the line.
    function Get-Offer([string] $Line) { (Get-Completion $Line).CompletionText }

    # The same, by a person who presses Tab again where the instance took too long.
    function Get-LateOffer([string] $Line) {
        for ($i = 0; $i -lt 50; $i++) {
            if (($offer = Get-Offer $Line)) { return $offer }
            Start-Sleep -Milliseconds 100
        }
    }

    # Milliseconds that the Tab key takes; the least of some, because other processes may have the processor.
    function Measure-Offer([string] $Line) { (1..3 | ForEach-Object { (Measure-Command { Get-Offer $Line }).TotalMilliseconds } | Measure-Object -Minimum).Minimum }
}

Describe 'The Tab key' {
    BeforeEach { $folder = Enter-TestFolder $TestDrive }

    AfterEach { Exit-TestFolder }

    It 'Offers what the connected instance has: <line>' -ForEach @(
        @{ line = 'Get-MarketoStaticListMember -StaticList News'; offer = 'Newsletter' }
        @{ line = 'Get-MarketoStaticListMember -StaticList 102'; offer = '1021', '1022' }
        @{ line = "Invoke-SegmentPush a.csv -StaticList 'web"; offer = "'Webinar EMEA'" }
        @{ line = 'New-SegmentMapping a -Target postalc'; offer = 'postalCode' }
        @{ line = 'Get-MarketoStaticListMember 1021 -Field postalc'; offer = 'postalCode' }
        @{ line = 'Invoke-SegmentPush a.csv -Partition eur'; offer = 'Europe' }
        @{ line = 'New-SegmentDestination x -Partition eur'; offer = 'Europe' }
        @{ line = 'New-MarketoStaticList x -Folder gro'; offer = "'Group Lists'" }
    ) {
        Connect-MarketoLaunchpoint @sandbox

        Get-LateOffer $line | Should -Be $offer
    }

    It 'Tells the id of a list beside its name' {
        Connect-MarketoLaunchpoint @sandbox
        $null = Get-LateOffer 'Get-MarketoStaticListMember -StaticList web'

        (Get-Completion 'Get-MarketoStaticListMember -StaticList web').ToolTip | Should -BeLike "1021 'Webinar EMEA'*"
    }

    It 'Offers well-known fields, and is quick and silent, where the session is not connected' {
        Get-Offer 'New-SegmentMapping a -Target firstn' | Should -Be firstName
        $Error.Clear()
        $lines = 'Invoke-SegmentPush a.csv -StaticList x', 'Invoke-SegmentPush a.csv -Partition e', 'New-MarketoStaticList x -Folder g', 'Get-PushStatus -Id ', 'Get-SegmentDestination '
        foreach ($line in $lines) {
            Get-Offer $line | Should -BeNullOrEmpty
            Measure-Offer $line | Should -BeLessThan 300 -Because $line
        }
        $Error | Should -BeNullOrEmpty
        Get-ChildItem $folder -Force -Recurse | Should -BeNullOrEmpty
    }

    It 'Waits no longer than a moment for an instance that does not answer, and says nothing' {
        # It gives a token, and no other answer.
        # Any port may be in use, so it tries others.
        foreach ($attempt in 1..20) {
            $port = Get-Random -Minimum 20000 -Maximum 32000
            $server = [System.Net.HttpListener]::new()
            $server.Prefixes.Add("http://127.0.0.1:$port/")
            try { $server.Start(); break } catch [System.Net.HttpListenerException] { $server.Close() }
        }
        $server.IsListening | Should -BeTrue
        $answering = [powershell]::Create().AddScript({
            param($server)
            while ($server.IsListening) {
                # A listener that is closed may leave a call of GetContext waiting for ever.
                $coming = $server.GetContextAsync()
                while (-not $coming.Wait(100)) { if (-not $server.IsListening) { return } }
                $call = $coming.Result
                if ($call.Request.Url.AbsolutePath -notlike '*/oauth/token') { continue }
                $call.Response.ContentType = 'application/json'
                $call.Response.OutputStream.Write([System.Text.Encoding]::UTF8.GetBytes('{"access_token":"token","token_type":"bearer","expires_in":3599,"scope":"api@example.com"}'))
                $call.Response.Close()
            }
        }).AddArgument($server)
        $null = $answering.BeginInvoke()
        try {
            Connect-MarketoLaunchpoint -Endpoint "http://127.0.0.1:$port" -Credential (Get-SandboxCredential)
            $Error.Clear()

            foreach ($line in 'Invoke-SegmentPush a.csv -StaticList x', 'New-SegmentMapping a -Target zzz', 'New-MarketoStaticList x -Folder g') {
                Get-Offer $line | Should -BeNullOrEmpty
                Measure-Offer $line | Should -BeLessThan 300 -Because $line
            }
            $Error | Should -BeNullOrEmpty
        }
        finally { $server.Abort(); $null = $answering.BeginStop($null, $null) }
    }

    It 'Offers the columns of the file that the line names' {
        [pscustomobject]@{ 'personalEmail.address' = 'a@example.com'; "O'Brien" = 1; 'two words' = 2; first = 3; lastName = 4 } | Export-Csv 'my file.csv'

        Get-Offer "New-SegmentMapping -Path 'my file.csv' -Source " | Should -Be "'personalEmail.address'", "'O''Brien'", "'two words'", 'first', 'lastName'
        Get-Offer "New-SegmentMapping -Path 'my file.csv' -Source 'O''B" | Should -Be "'O''Brien'"
        Get-Offer "Invoke-SegmentPush 'my file.csv' 1021 -Mapping (New-SegmentMapping fi" | Should -Be first
        foreach ($begun in '', '@') {
            $offer = Get-Offer "Invoke-SegmentPush 'my file.csv' 1021 -Mapping $begun"
            (& ([scriptblock]::Create($offer)))['personalEmail.address'] | Should -BeExactly email -Because 'what is offered runs as it is'
        }

        New-SegmentMapping first firstName -Path 'my file.csv' | Should -HaveCount 1
        Assert-Failure { New-SegmentMapping frist firstName -Path 'my file.csv' } SourceColumnNotFound -Saying "'first'"
    }

    It 'Offers a mapping and columns to the cmdlets of destinations, and delimiters to all that read files' {
        Connect-MarketoLaunchpoint @sandbox
        Set-Content seg.csv "personalEmail.address;segmentMembership.status`na@example.com;realized"
        foreach ($line in 'New-SegmentDestination x 1021 -Path seg.csv -Mapping ', 'Set-SegmentDestination x -Path seg.csv -Mapping ') {
            (& ([scriptblock]::Create((Get-Offer $line))))['personalEmail.address'] | Should -BeExactly email
        }

        Get-Offer 'New-SegmentDestination x 1021 @{} -Path seg.csv -MembershipColumn ' | Should -Be "'personalEmail.address'", "'segmentMembership.status'"
        Get-Offer 'New-SegmentDestination x 1021 @{} -MembershipColumn ' | Should -Contain "'segmentMembership.status'"
        foreach ($line in 'Invoke-SegmentPush seg.csv -Delimiter ', 'Get-SegmentFile seg.csv -Delimiter ', 'New-SegmentMapping -Auto -Path seg.csv -Delimiter ', 'New-SegmentDestination x 1021 @{} -Delimiter ') {
            $offers = Get-Offer $line
            $offers | ForEach-Object { & ([scriptblock]::Create($_)) } | Should -Be ',', ';', '|', "`t" -Because $line
        }
    }

    It 'Offers short ids of those pushes only that the cmdlet can use, and says what they are' {
        Connect-MarketoLaunchpoint @sandbox
        $null = New-SegmentDestination 'Webinar EMEA' 1021 $mapping -Mode Append
        New-Person 2 | Export-Csv segment.csv
        $completed = Invoke-SegmentPush -Destination 'Webinar EMEA' -Path segment.csv
        try { $null = New-Person 2 'no domain' | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping } catch { }
        $failed = Get-PushStatus -State Failed

        Get-Offer 'Get-PushStatus -Id ' | ForEach-Object { $_.Trim("'") } | Should -Be $failed.ShortId, $completed.ShortId
        (Get-Completion 'Get-PushStatus -Id ').ListItemText | Should -Contain "$($completed.ShortId) Completed Webinar EMEA"
        Get-Offer 'Undo-SegmentPush -Id ' | ForEach-Object { $_.Trim("'") } | Should -Be $completed.ShortId
        Get-Offer 'Resume-SegmentPush -Id ' | Should -BeNullOrEmpty
        Get-Offer "Get-PushStatus -Id $("$($completed.Id)".Substring(0, 20))" | ForEach-Object { $_.Trim("'") } | Should -Contain "$($completed.Id)"
    }

    It 'Reads the journal that the line names, and makes none' {
        Connect-MarketoLaunchpoint @sandbox
        $push = New-Person 2 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping -JournalPath other

        Get-Offer 'Get-PushStatus -JournalPath other -Id ' | ForEach-Object { $_.Trim("'") } | Should -Be $push.ShortId
        Get-Offer 'Get-PushStatus -JournalPath oter -Id ' | Should -BeNullOrEmpty
        Test-Path oter | Should -BeFalse
    }

    It 'Quotes names with any apostrophe right: <name>' -ForEach @(
        @{ name = "Rock 'n' Roll" }
        @{ name = "L$([char]0x2019)$([char]0xE9)t$([char]0xE9)" }
        @{ name = "Autumn $([char]0x201A)26" }
    ) {
        Connect-MarketoLaunchpoint @sandbox
        $null = New-SegmentDestination $name 1021 $mapping -Mode Append

        $offer = Get-Offer 'Get-SegmentDestination '

        (Invoke-Expression "Get-SegmentDestination $offer").Name | Should -Be $name
        Get-Offer "Get-SegmentDestination $($offer.Substring(0, 7))" | Should -Be $offer
    }

    It 'Offers time zones within 300 ms, also the first time, and leaves no error behind where the machine has no vaults' {
        $said = Invoke-Session @'
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $zones = (TabExpansion2 ($line = 'New-SegmentDestination a 1021 -TimeZone Europe/') $line.Length).CompletionMatches
            $watch.ElapsedMilliseconds
            $zones.Count
            ($zones | Where-Object ListItemText -EQ 'Europe/Paris').ToolTip
            $Error.Clear()
            (TabExpansion2 ($line = 'Connect-MarketoLaunchpoint -Sandbox -SaveAs a -Vault ') $line.Length).CompletionMatches.Count
            $Error.Count
'@

        $said.Errors | Should -BeNullOrEmpty
        $said.Output[0] | Should -BeLessThan 600
        $said.Output[1] | Should -BeGreaterThan 40
        $said.Output[2..4] | Should -Be 'UTC+01:00', 0, 0
    }
}
