#Requires -Version 7.6
BeforeDiscovery {
    $package = $env:SEGMENTPUSH_TEST_PACKAGE
    # Windows has one folder for a person's modules, and it can't be moved: only a machine of CI is free for it.
    $reason = if (-not $package) { 'build.ps1 Pack makes the package first' } elseif ($IsWindows -and $env:CI -ne 'true') { 'it would install the module for you' }
}

BeforeAll {
    $ErrorActionPreference = 'Stop'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $place = Get-TestPlace
    $package = $env:SEGMENTPUSH_TEST_PACKAGE
    $pwsh = Join-Path $place.Root tools Pwsh.psm1

    # Emits the package with a greater version, as a gallery would have it.
    function New-NextPackage([string] $Folder) {
        $content = Join-Path $Folder SegmentPush
        [System.IO.Compression.ZipFile]::ExtractToDirectory($package, $content)
        Get-ChildItem $content -File | Where-Object { $_.Name -like '*.nuspec' -or $_.Name -like '*Content_Types*' } | ForEach-Object { Remove-Item -LiteralPath $_ -Force }
        Remove-Item (Join-Path $content _rels), (Join-Path $content package) -Recurse -Force
        $manifest = Join-Path $content SegmentPush.psd1
        (Get-Content $manifest -Raw) -replace "(ModuleVersion\s+= )'[^']+'", "`$1'99.0.0'" | Set-Content $manifest -NoNewline
        Compress-PSResource -Path $content -DestinationPath $Folder
        Join-Path $Folder SegmentPush.99.0.0.nupkg
    }

    # The name and checksum of each entry of an archive.
    function Get-Entry([string] $Path) {
        $zip = [System.IO.Compression.ZipFile]::OpenRead($Path)
        foreach ($entry in $zip.Entries) { "$($entry.FullName) $($entry.Crc32.ToString('x8'))" }
        $zip.Dispose()
    }

    # A process that knows only what a new user of a new machine has.
    function Invoke-AsUser([string] $Text) {
        Set-Content user.ps1 ("`$ErrorActionPreference = 'Stop'", "`$ProgressPreference = 'SilentlyContinue'", $Text)
        $run = Invoke-CleanPwsh -File user.ps1
        $run.ErrorText | Should -BeNullOrEmpty
        $run.ExitCode | Should -Be 0 -Because ($run.Output -join "`n")
        $run.Output
    }
}

Describe 'The package' -Skip:($null -ne $reason) {
    BeforeAll {
        $content = Join-Path $TestDrive content
        [System.IO.Compression.ZipFile]::ExtractToDirectory($package, $content)
        $manifest = Import-PowerShellDataFile (Join-Path $content SegmentPush.psd1)
    }

    It 'Its manifest names each file that it has, and no other' {
        $own = Get-ChildItem $content -Recurse -File -Exclude *.nuspec, *.psmdcp, .rels | Where-Object Name -NotLike '*Content_Types*' |
            ForEach-Object { [System.IO.Path]::GetRelativePath($content, $_.FullName).Replace('\', '/') }

        $manifest.FileList | Sort-Object | Should -Be ($own | Sort-Object)
    }

    It 'Says what a gallery shows: project, licence, icon and what changed' {
        $data = $manifest.PrivateData.PSData

        $data.ProjectUri, $data.LicenseUri, $data.IconUri | Should -BeLike 'https://*'
        $data.IconUri | Should -BeLike "$($data.ProjectUri)/*"
        Join-Path $place.Root ($data.IconUri -replace '^.*/raw/main/') | Should -Exist
        $data.ReleaseNotes | Should -BeLike '- *'
        $data.ReleaseNotes | Should -Not -Match '(?m)^## '
    }

    It 'Has the text of each licence, and no symbols' {
        $notices = Get-Content (Join-Path $content THIRD-PARTY-NOTICES.txt) -Raw
        $bill = Get-Content (Join-Path $content sbom.cdx.json) -Raw | ConvertFrom-Json

        $bill.components.Count | Should -BeGreaterThan 10
        foreach ($component in $bill.components) { $notices.Contains("`n$($component.name) $($component.version)`n") | Should -BeTrue -Because $component.name }
        $ids = $bill.components | Where-Object licenses | ForEach-Object { $_.licenses.expression } | Sort-Object -Unique
        foreach ($id in $ids) { [regex]::IsMatch($notices, "(?m)^Licence: $([regex]::Escape($id))\n\n.{40,}") | Should -BeTrue -Because "$id has its text" }
        Get-ChildItem $content -Recurse -Filter *.pdb | Should -BeNullOrEmpty
    }

    It 'The order of the files in a folder leaves no trace in a package' {
        $packages = foreach ($order in $false, $true) {
            $copy = Join-Path $TestDrive "order-$order.nupkg"
            Copy-Item -LiteralPath $package -Destination $copy
            $zip = [System.IO.Compression.ZipFile]::Open($copy, 'Update')
            $entry = $zip.GetEntry('[Content_Types].xml')
            $reader = [System.IO.StreamReader]::new($entry.Open())
            $types = [xml]$reader.ReadToEnd()
            $reader.Dispose()
            foreach ($type in @($types.Types.ChildNodes) | Sort-Object OuterXml -Descending:$order) { $null = $types.Types.AppendChild($type) }
            $entry.Delete()
            $to = $zip.CreateEntry('[Content_Types].xml').Open()
            $types.Save($to)
            $to.Dispose()
            $zip.Dispose()
            & (Import-Module (Join-Path $place.Root tools Package.psm1) -PassThru -Force) { Update-Package $args[0] } $copy
            $copy
        }
        (Get-FileHash $packages[0]).Hash | Should -Be (Get-FileHash $packages[1]).Hash
        (Get-FileHash $packages[0]).Hash | Should -Be (Get-FileHash $package).Hash
    }

    It 'Two packs of one build are the same bytes' {
        # In another process, because the order of a hash table differs between processes.
        $again = Join-Path $TestDrive again
        $run = Invoke-CleanPwsh -CommandWithArgs 'Import-Module $args[0]; $null = New-ModulePackage -Module $args[1] -Path $args[2]' (Join-Path $place.Root tools Package.psm1) (Join-Path $place.Root artifacts SegmentPush) $again
        $run.ErrorText | Should -BeNullOrEmpty
        $again = Get-ChildItem $again

        $again.Name | Sort-Object | Should -Be ((Get-ChildItem (Split-Path $package) -File).Name | Sort-Object)
        foreach ($file in $again) {
            Compare-Object (Get-Entry $file) (Get-Entry (Join-Path (Split-Path $package) $file.Name)) | Out-String | Should -BeNullOrEmpty -Because "$($file.Name) has the same entries"
            (Get-FileHash $file).Hash | Should -Be (Get-FileHash (Join-Path (Split-Path $package) $file.Name)).Hash -Because $file.Name
        }
    }
}

Describe 'On a new machine' -Skip:($null -ne $reason) {
    BeforeAll {
        $null = Enter-TestFolder $TestDrive
        $folder = (New-Item -ItemType Directory gallery).FullName
        Copy-Item -LiteralPath $package -Destination $folder
        $before = @{}
        foreach ($name in 'HOME', 'XDG_DATA_HOME', 'PSModulePath') { $before[$name] = [Environment]::GetEnvironmentVariable($name) }
        $env:HOME = (New-Item -ItemType Directory person).FullName
        Remove-Item Env:XDG_DATA_HOME, Env:PSModulePath -ErrorAction Ignore
        $env:DOTNET_CLI_HOME = $before.HOME
    }

    AfterAll {
        foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
        Remove-Item Env:DOTNET_CLI_HOME
        Exit-TestFolder
    }

    It 'It is installed, runs its quick start, and has help' {
        $output = Invoke-AsUser @"
Register-PSResourceRepository -Name Ours -Uri '$folder' -Trusted
Install-PSResource SegmentPush -Repository Ours
Import-Module SegmentPush
& (Join-Path (Get-Module SegmentPush).ModuleBase examples quickstart.ps1)
(Get-Help Invoke-SegmentPush).Synopsis
(Get-Help about_SegmentPush_Files).Length -gt 1000
"@

        $output -join "`n" | Should -Match 'Who was rejected, and why:(?s:.+)Audiences of a rehearsal'
        $output[-2] | Should -BeLike 'Puts *'
        $output[-1] | Should -Be 'True'
    }

    It 'It is updated while a push of the old version runs, and both complete' {
        $null = New-NextPackage $folder
        Set-Content old.ps1 @'
Import-Module SegmentPush
Connect-MarketoLaunchpoint -Sandbox
$push = & {
    [pscustomobject]@{ email = 'person1@example.com' }
    Set-Content started yes
    while (-not (Test-Path updated)) { Start-Sleep -Milliseconds 100 }
    [pscustomobject]@{ email = 'person2@example.com' }
} | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' }
"$((Get-Module SegmentPush).Version) $($push.State) $($push.Added)"
'@
        $old = Start-ThreadJob { Import-Module $using:pwsh; Set-Location -LiteralPath $using:PWD; Invoke-Pwsh -File old.ps1 } -Name old
        try {
            $limit = [datetime]::UtcNow.AddMinutes(2)
            while (-not (Test-Path started) -and $old.State -in 'NotStarted', 'Running' -and [datetime]::UtcNow -lt $limit) { Start-Sleep -Milliseconds 100 }
            'started' | Should -Exist
            $new = Invoke-AsUser @'
Update-PSResource SegmentPush -Repository Ours
Import-Module SegmentPush
Connect-MarketoLaunchpoint -Sandbox
$push = [pscustomobject]@{ email = 'person1@example.com' } | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' }
"$((Get-Module SegmentPush).Version) $($push.State) $($push.Added)"
'@
        }
        finally {
            Set-Content updated yes
            $ended = $old | Wait-Job | Receive-Job
            Remove-Job $old
        }

        $new | Should -Be '99.0.0 Completed 1'
        $ended | Should -Be "$((Import-PowerShellDataFile $place.Manifest).ModuleVersion) Completed 2"
    }

    It 'It is uninstalled without a rest, and the journal stays' {
        $output = Invoke-AsUser @'
Uninstall-PSResource SegmentPush -Version '*'
@(Get-Module SegmentPush -ListAvailable).Count
'@

        $output | Should -Be '0'
        Join-Path $env:SEGMENTPUSH_HOME journal.db | Should -Exist
    }
}
