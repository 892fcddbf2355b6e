#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $mapping = @{ email = 'email' }

    function Get-Name { (Get-ChildItem -Recurse -Force -File -Exclude journal.*, *.lock, *.key).Name }
}

Describe 'Files that are written' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
        & { New-Person 3; [pscustomobject]@{ email = 'malformed' } } | Export-Csv segment.csv
        $null = New-SegmentDestination Webinar 1021 $mapping -PersonCreation MatchExistingAndCreateMissing
        $null = New-SegmentDestination Other 1022 $mapping
        $push = Invoke-SegmentPush -Destination Webinar -Path segment.csv
        Set-Content precious.txt 'keep me' -NoNewline

        # Each way to write a file, with the ids of its errors. Path is replaced by what a test is about.
        $ways = @(
            @{ Name = '-SavePlan'; Exists = 'FileExists'; Folder = 'PlanNotWritable'; Write = { Invoke-SegmentPush -Destination Webinar -Path segment.csv -SavePlan $path @more } }
            @{ Name = '-RejectPath'; Exists = 'RejectPathExists'; Folder = 'RejectPathNotWritable'; Write = { Invoke-SegmentPush segment.csv 1021 $mapping -RejectPath $path } }
            @{ Name = 'Export-SegmentDestination'; Exists = 'FileExists'; Write = { Export-SegmentDestination Webinar $path @more } }
            @{ Name = 'Export-PushReport'; Exists = 'FileExists'; Write = { Export-PushReport $push.Id $path @more } }
            @{ Name = 'Export-PushReceipt'; Exists = 'FileExists'; Write = { Export-PushReceipt $push.Id $path @more } }
        )
        $more = @{}
    }

    AfterEach { Exit-TestFolder }

    It 'Nothing is written over a file of somebody else' {
        $path = 'precious.txt'
        foreach ($way in $ways) { Assert-Failure $way.Write $way.Exists ResourceExists -Saying precious.txt }
        Get-Content precious.txt | Should -BeExactly 'keep me'
    }

    It 'No file of the segment is written over, under any name, also with -Force' {
        $linked = New-Item -ItemType SymbolicLink linked -Target (New-Item -ItemType Directory real).FullName
        Copy-Item segment.csv real/segment.csv
        $before = Get-Content real/segment.csv -Raw
        foreach ($spelling in 'real/segment.csv', './real/../real/segment.csv', 'linked/segment.csv') {
            Assert-Failure { Invoke-SegmentPush -Destination Webinar -Path real/segment.csv -SavePlan $spelling -Force } OutputIsSource
            Assert-Failure { Invoke-SegmentPush real/segment.csv 1021 $mapping -RejectPath $spelling } RejectPathIsSource
            Assert-Failure { Get-Item real/segment.csv | Invoke-SegmentPush -Destination Webinar -SavePlan $spelling -Force } OutputIsSource
        }
        Get-Content real/segment.csv -Raw | Should -BeExactly $before
        $linked | Should -Exist
    }

    It 'No file that a destination keeps is written over by what is written of the destination, also with -Force' {
        Copy-Item segment.csv kept_1.csv
        $null = Set-SegmentDestination Webinar -Path kept_*.csv
        $before = Get-Content kept_1.csv -Raw

        Assert-Failure { Export-SegmentDestination Webinar kept_1.csv -Force } OutputIsSource
        Assert-Failure { Export-PushReport -Destination Webinar -Path kept_1.csv -Force } OutputIsSource
        Get-Content kept_1.csv -Raw | Should -BeExactly $before
        Set-SegmentDestination Webinar -Path nothere/*.csv
        (Export-PushReport -Destination Webinar -Path report.html).Name | Should -Be report.html
    }

    It 'A reject file replaces an older reject file, and no file beside it, empty or not' {
        $null = New-Item empty.csv
        Assert-Failure { Invoke-SegmentPush segment.csv 1021 $mapping -RejectPath empty.csv } RejectPathExists

        $null = Invoke-SegmentPush segment.csv 1021 $mapping -RejectPath rejects.csv
        $null = Invoke-SegmentPush segment.csv 1021 $mapping -RejectPath rejects.csv
        (Import-Csv rejects.csv).email | Should -Be malformed
    }

    It 'With -Force a plan, a destination, a report and a receipt replace a file' {
        $more = @{ Force = $true }
        foreach ($way in $ways.Where({ $_.Name -ne '-RejectPath' })) {
            $path = "$($way.Name).json"
            Set-Content $path old
            $null = & $way.Write
            Get-Content $path -Raw | Should -Match '^\s*[\[{<]'
        }
    }

    It 'What a link leads to is replaced, and the link stays' -Skip:$IsWindows {
        Set-Content target.json old
        $null = New-Item -ItemType SymbolicLink link.json -Target (Convert-Path target.json)

        Export-SegmentDestination Webinar link.json -Force

        (Get-Item link.json).LinkType | Should -Be SymbolicLink
        (Get-Content target.json -Raw | ConvertFrom-Json).name | Should -Be Webinar
    }

    It 'A folder is no file' {
        $null = New-Item -ItemType Directory folder
        foreach ($path in 'folder', 'missing/') {
            foreach ($way in $ways.Where({ $_.Folder })) { Assert-Failure $way.Write $way.Folder WriteError }
        }
    }

    It 'Paths of other providers and of missing drives are refused' {
        foreach ($way in $ways) {
            foreach ($path in 'Env:\plan', 'Variable:plan.json') { Assert-Failure $way.Write NotAFilePath -Saying $path }
            $path = 'Nowhere:\plan.json'
            Assert-Failure $way.Write FileNotFound ObjectNotFound -Saying $path
        }
        Get-Name | Should -Not -Contain plan
    }

    It 'Missing folders are made, and nothing is left beside the file' {
        foreach ($way in $ways) {
            $path = "new/$($way.Name)/deep/file.json"
            $null = & $way.Write
            $path | Should -Exist
            Get-ChildItem (Split-Path $path) -Force | Should -HaveCount 1
        }
    }

    It 'A path to nothing means a file where it has an extension, and else a folder' {
        Export-SegmentDestination Webinar one
        'one/Webinar.json' | Should -Exist
        $null = Export-PushReceipt $push.Id two
        "two/receipt-$($push.Id).json" | Should -Exist
        $null = Export-PushReceipt $push.Id three.d/
        "three.d/receipt-$($push.Id).json" | Should -Exist
        Export-SegmentDestination Webinar four.json
        'four.json' | Should -Exist
        $null = Export-PushReceipt $push.Id five.json
        'five.json' | Should -Exist
    }

    It 'One file does not take what belongs to two' {
        $second = Invoke-SegmentPush segment.csv 1022 $mapping
        Assert-Failure { Export-SegmentDestination Webinar, Other two.json } OneFileForMany
        Assert-Failure { $push, $second | Export-PushReceipt -Path two.json } OneFileForMany
        Get-Name | Should -Not -Contain two.json
        ($push, $second | Export-PushReceipt -Path both/) | Should -HaveCount 2
    }

    It 'A place that can''t be written to is told, and nothing is left behind' {
        $path = 'precious.txt/file.json'
        Assert-Failure { Invoke-SegmentPush segment.csv 1021 $mapping -RejectPath $path } RejectPathNotWritable WriteError -Saying precious.txt
        Assert-Failure { Invoke-SegmentPush -Destination Webinar -Path segment.csv -SavePlan $path } PlanNotWritable WriteError -Saying precious.txt
        Assert-Failure { Export-SegmentDestination Webinar $path } FileNotWritable WriteError -Saying precious.txt
        Assert-Failure { Export-PushReceipt $push.Id $path } FileNotWritable WriteError -Saying precious.txt
        Get-Name | Should -Be precious.txt, segment.csv
    }
}
