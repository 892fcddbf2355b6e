#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $place = Get-TestPlace
    $import = "Import-Module '$($place.Manifest)'"
    $push = @'
Connect-MarketoLaunchpoint -Sandbox
$push = [pscustomobject]@{ email = 'person1@example.com' }, [pscustomobject]@{ email = 'x' } |
    Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' } -RejectPath "$PSScriptRoot/bad.csv" -WarningAction SilentlyContinue
"Push $($push.State) $($push.Added) $($push.Rejected)"
'@
    $peers = "Import-Module '$($place.Peers -join "', '")'`nGet-PeerOne`nGet-PeerTwo"

    # What an assembly is bound to cannot be undone: each script has a process of its own.
    function Invoke-Script([string[]] $Lines) {
        Set-Content script.ps1 ("`$ErrorActionPreference = 'Stop'", $Lines)
        $run = Invoke-CleanPwsh -File script.ps1
        $run.ErrorText | Should -BeNullOrEmpty
        $run.ExitCode | Should -Be 0
        $run.Output
    }

    function Assert-AllWork([string[]] $Output) {
        $Output | Should -Contain 'Push Completed 1 1'
        $Output -like '42 Polly 8.4.2.*' | Should -HaveCount 1
        $Output | Should -Contain 'Sqlite 9.0.0.0'
        $Output -like 'SQLitePCLRaw 2.1.11.*' | Should -HaveCount 1
        $Output -like '* Hashing 9.0.0.4' | Should -HaveCount 1
    }
}

Describe 'Beside other modules' {
    BeforeEach { $null = Enter-TestFolder $TestDrive }

    AfterEach { Exit-TestFolder }

    It 'Modules with older versions of our packages work when they are imported after ours' {
        Assert-AllWork (Invoke-Script $import, $push, $peers)
    }

    It 'Modules with older versions of our packages work when they are imported before ours' {
        Assert-AllWork (Invoke-Script $peers, $import, $push)
    }

    It 'The module can be removed and imported again, also with -Force' {
        $output = Invoke-Script $import, $push, "$import -Force", $push, 'Remove-Module SegmentPush', $import, $push

        $output -eq 'Push Completed 1 1' | Should -HaveCount 3
    }

    It 'Code compiled for this platform is used, and no assembly of the product twice' {
        $lib = Join-Path $place.Module lib
        $compiled = Join-Path $lib ([System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier)
        if (-not (Test-Path (Join-Path $compiled *.dll))) { Set-ItResult -Skipped -Because 'the module was built without the package of its compiler'; return }

        $loaded = Invoke-Script $import, $push, '[System.AppDomain]::CurrentDomain.GetAssemblies().Location'

        $loaded | Should -Contain (Join-Path $compiled SegmentPush.Core.dll)
        $loaded | Should -Contain (Join-Path $compiled Microsoft.Data.Sqlite.dll)
        $loaded | Should -Not -Contain (Join-Path $lib SegmentPush.Core.dll)
    }

    It 'Packages that few pushes need are loaded by no other push' {
        $loaded = Invoke-Script $import, $push, '[System.AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { $_.GetName().Name }'

        $loaded | Should -Contain Microsoft.Data.Sqlite
        foreach ($name in 'Snappier', 'ZstdSharp', 'K4os.Compression.LZ4', 'ICSharpCode.SharpZipLib') {
            Join-Path $place.Module lib "$name.dll" | Should -Exist
            $loaded | Should -Not -Contain $name
        }
    }

    It 'A session that only imports the module loads no package and writes no file' {
        $loaded = Invoke-Script $import, '[System.AppDomain]::CurrentDomain.GetAssemblies().Location'

        $loaded | Should -Contain (Join-Path $place.Module SegmentPush.dll)
        $loaded -like "$(Join-Path $place.Module lib)*Polly*" | Should -BeNullOrEmpty
        $env:SEGMENTPUSH_HOME | Should -Not -Exist
    }
}
