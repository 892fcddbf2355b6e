#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $mapping = @{ email = 'email' }

    # What a reader sees: the text without the style, one line for each cell.
    function Get-ReportText([string] $Path) {
        $page = Get-Content -LiteralPath $Path -Raw
        [System.Net.WebUtility]::HtmlDecode((($page -replace '(?s)<style>.*?</style>' -replace '</(td|th|p|dd|dt|h1|h2|li)>', "`n") -replace '<[^>]+>'))
    }
}

Describe 'Reports' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
        & { New-Person 12; [pscustomobject]@{ email = 'secret.person@' }; [pscustomobject]@{ email = 'secret.two@example.com <b>&"' } } | Export-Csv segment.csv
        $null = New-SegmentDestination 'Webinar <EMEA> & Co' 1021 $mapping -Mode Mirror -PersonCreation MatchExistingAndCreateMissing
        $push = Invoke-SegmentPush -Destination 'Webinar <EMEA> & Co' -Path segment.csv -Force -MaxRejectPercent 50
    }

    AfterEach { Exit-TestFolder }

    It 'Tells of a push in one file what became of everybody, and masks identities' {
        $file = $push | Export-PushReport -Path report.html

        $file.Name | Should -Be report.html
        $text = Get-ReportText report.html
        $text | Should -Match ([regex]::Escape("Webinar <EMEA> & Co, push $($push.ShortId)"))
        $text | Should -Match "$($push.Received) received = $($push.Activated) activated \+ $($push.Excluded) excluded \+ $($push.Failed) failed"
        $text | Should -Match 'AddressMalformed'
        $text | Should -Not -Match 'secret'
        (Get-Content report.html -Raw) | Should -Not -Match '<script|https?://(?!www\.w3\.org)|<link|<img|@import'
    }

    It 'Shows identities where that is asked for' {
        $null = Export-PushReport $push.Id report.html -ShowIdentity

        Get-ReportText report.html | Should -Match ([regex]::Escape('secret.two@example.com <b>&"'))
    }

    It 'Is well-formed, and has a table for each chart' {
        $null = Export-PushReport $push.Id report.html

        $page = [xml] ((Get-Content report.html -Raw) -replace '^<!DOCTYPE html>')
        $charts = $page.SelectNodes("//*[local-name()='svg']")
        $charts.Count | Should -BeGreaterThan 1
        foreach ($chart in $charts) { $chart.GetAttribute('aria-label') + $chart.GetAttribute('aria-labelledby') + $chart.title | Should -Not -BeNullOrEmpty }
        $page.SelectNodes("//*[local-name()='table']").Count | Should -BeGreaterOrEqual $charts.Count
    }

    It 'Tells of a destination its pushes' {
        $second = Invoke-SegmentPush -Destination 'Webinar <EMEA> & Co' -Path segment.csv -Force -MaxRejectPercent 50

        $null = Export-PushReport -Destination 'Webinar*' -Path ./reports/

        $file = Get-ChildItem reports
        $file.Name | Should -BeLike 'destination-Webinar*.html'
        $text = Get-ReportText $file.FullName
        foreach ($one in $push, $second) { $text | Should -Match $one.ShortId }
        $text | Should -Not -Match 'secret'
    }

    It 'Counts the members of a list as a push left them that the guard stopped' {
        New-Person 13 | Select-Object -Last 2 | Export-Csv cut.csv
        Assert-Failure { Invoke-SegmentPush -Destination 'Webinar <EMEA> & Co' -Path cut.csv } GuardStopped
        (Get-MarketoStaticListMember 1021).Count | Should -Be 13

        $null = Export-PushReport -Destination 'Webinar*' -Path members.html

        (Get-ReportText members.html) -split '\r?\n' | Should -Contain '13'
    }

    It 'Writes one file for each of several pushes into a folder' {
        $null = Invoke-SegmentPush -Destination 'Webinar <EMEA> & Co' -Path segment.csv -Force -MaxRejectPercent 50

        (Get-PushStatus -Last 2 | Export-PushReport -Path ./reports/).Name | Should -Be @(Get-PushStatus -Last 2 | ForEach-Object { "push-$($_.ShortId).html" })
        Assert-Failure { Export-PushReport -Last 2 -Path two.html } OneFileForMany InvalidArgument
    }

    It 'Last is the newest push, and with a number as many of the newest, wherever it is a parameter' {
        $newest = Invoke-SegmentPush -Destination 'Webinar <EMEA> & Co' -Path segment.csv -Force -MaxRejectPercent 50

        $null = Export-PushReport -Last -Path last.html
        $several = Export-PushReport -Last 2 -Path ./reports/

        Get-ReportText last.html | Should -Match $newest.ShortId
        $several.Name | Should -Be "push-$($newest.ShortId).html", "push-$($push.ShortId).html"
        (Get-PushStatus -Last 1).Id | Should -Be $newest.Id
        { Export-PushReport -Last:2 -Path ./reports/ } | Should -Throw '*-Last 5*'
        Assert-Failure { Resume-SegmentPush -Last 2 } NothingToResume
    }

    It 'Takes an id, a push and one of its people through the pipeline' {
        ($push.ShortId | Export-PushReport -Path ./ids/).Name | Should -Be "push-$($push.ShortId).html"
        (Get-PushStatus -Identity person1@example.com | Export-PushReport -Path ./people/).Name | Should -Be "push-$($push.ShortId).html"
        ($push | ConvertTo-Json | ConvertFrom-Json | Export-PushReport -Path ./tables/).Name | Should -Be "push-$($push.ShortId).html"
        Assert-Failure { Get-Item segment.csv | Export-PushReport -Path ./wrong/ } PushIdMalformed
    }

    It 'Is written in the language of the session' {
        $before = [cultureinfo]::CurrentUICulture
        try {
            [cultureinfo]::CurrentUICulture = 'fr-FR'
            $null = Export-PushReport $push.Id report.html
        }
        finally { [cultureinfo]::CurrentUICulture = $before }

        (Get-Content report.html -Raw) | Should -Match '<html lang="fr"'
        Get-ReportText report.html | Should -Match 'Terminé'
    }

    It 'A report and a receipt never replace a file of the segment, also with -Force' {
        $before = Get-Content segment.csv -Raw

        Assert-Failure { Export-PushReport $push.Id segment.csv -Force -ErrorAction Stop } OutputIsSource InvalidArgument
        Assert-Failure { Export-PushReceipt $push.Id segment.csv -Force -ErrorAction Stop } OutputIsSource InvalidArgument

        Get-Content segment.csv -Raw | Should -BeExactly $before
    }

    It 'WhatIf writes nothing' {
        $null = Export-PushReport $push.Id report.html -WhatIf

        'report.html' | Should -Not -Exist
    }
}
