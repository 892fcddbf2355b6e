# What a package of the module holds besides the module: notices, a bill of materials, and archives that are the same bytes each time.
$ErrorActionPreference = 'Stop'

# Texts of licences by their SPDX id, and packages whose licence is only an address, with the id of what is there.
$licences = Join-Path $PSScriptRoot licences
$addressed = @{ 'https://github.com/MiloszKrajewski/K4os.Compression.LZ4/blob/master/LICENSE?raw=true' = 'MIT' }

# Every entry of an archive has this moment, so that the day of packing leaves no trace.
$moment = [System.DateTimeOffset]::new(2020, 1, 1, 0, 0, 0, [timespan]::Zero)

function Get-ShippedPackage {
    <#
    .SYNOPSIS
    The NuGet packages of other people whose files the module has, from the lock files: Id, Version, Hash, Licence (an SPDX id,
    where it is known), Text of the licence, Copyright, Address.
    .PARAMETER Module
    Folder of the built module.
    .PARAMETER LockFile
    Lock files of the projects that the module is made of.
    #>
    param([Parameter(Mandatory)] [string] $Module, [Parameter(Mandatory)] [string[]] $LockFile)
    $cache = (dotnet nuget locals global-packages --list) -replace '^[^:]*:\s*'
    $shipped = Get-ChildItem -LiteralPath (Join-Path $Module lib) -Filter *.deps.json | ForEach-Object {
        (Get-Content -LiteralPath $_ -Raw | ConvertFrom-Json -AsHashtable).libraries.GetEnumerator() | Where-Object { $_.Value.type -eq 'package' } | ForEach-Object Key
    } | Sort-Object -Unique
    $locked = @{}
    foreach ($file in $LockFile) {
        foreach ($framework in (Get-Content -LiteralPath $file -Raw | ConvertFrom-Json -AsHashtable).dependencies.Values) {
            foreach ($id in $framework.Keys) {
                if ($framework[$id].type -ne 'Project') { $locked["$id/$($framework[$id].resolved)"] = $framework[$id].contentHash }
            }
        }
    }
    foreach ($package in $shipped) {
        $id, $version = $package -split '/'
        if (-not $locked.ContainsKey($package)) { throw "The module has files of $id $version, and no lock file names it." }
        $folder = Join-Path $cache $id.ToLowerInvariant() $version.ToLowerInvariant()
        $data = ([xml](Get-Content -LiteralPath (Join-Path $folder "$($id.ToLowerInvariant()).nuspec") -Raw)).package.metadata
        $own = if ($data.license.type -eq 'file') { Get-Content -LiteralPath (Join-Path $folder $data.license.InnerText) -Raw }
        $licence = $data.license.type -eq 'expression' ? $data.license.InnerText : $addressed["$($data.licenseUrl)"]
        $known = Join-Path $licences "$licence.txt"
        if (-not $own -and -not ($licence -and (Test-Path -LiteralPath $known))) {
            throw "The licence of $id $version is '$($licence ?? $data.licenseUrl)'. Put its text into the file $licence.txt in tools/licences."
        }
        [pscustomobject]@{
            Id        = $id
            Version   = $version
            Hash      = [System.Convert]::ToHexString([System.Convert]::FromBase64String($locked[$package])).ToLowerInvariant()
            Licence   = $licence
            Text      = $own ? $own : (Get-Content -LiteralPath $known -Raw)
            Copyright = $data.copyright ? $data.copyright : "(c) $($data.authors)"
            Address   = $data.projectUrl
        }
    }
}

function Write-Notice {
    <#
    .SYNOPSIS
    Writes which packages of other people the module has, with the texts of their licences. A text that several share stands once, at the end.
    #>
    param([Parameter(Mandatory)] [object[]] $Package, [Parameter(Mandatory)] [string] $Path)
    $text = @('SegmentPush contains files of these packages.', '')
    foreach ($item in $Package) {
        $text += "$($item.Id) $($item.Version)", $item.Address, $item.Copyright, ($item.Licence ? "Licence: $($item.Licence), see below" : $item.Text.Trim()), '' | Where-Object { $null -ne $_ }
    }
    foreach ($group in $Package | Where-Object Licence | Group-Object Licence | Sort-Object Name) {
        $text += ('-' * 80), "Licence: $($group.Name)", '', ($group.Group[0].Text.TrimEnd() -replace '^\s*\n'), ''
    }
    Set-Content -LiteralPath $Path -Value ($text -replace '\r\n', "`n" -join "`n") -NoNewline -Encoding utf8NoBOM
}

function Complete-Manifest {
    <#
    .SYNOPSIS
    Writes into the manifest of a package what only packing knows: its files, and the changes of its version.
    .PARAMETER Folder
    Folder of the package. All of its files are there.
    .PARAMETER ChangeLog
    Markdown with a section '## <version>' for each version.
    #>
    param([Parameter(Mandatory)] [string] $Folder, [Parameter(Mandatory)] [string] $ChangeLog)
    $path = Join-Path $Folder SegmentPush.psd1
    $version = (Import-PowerShellDataFile -LiteralPath $path).ModuleVersion
    $section = [regex]::Match(((Get-Content -LiteralPath $ChangeLog -Raw) -replace '\r\n', "`n"), "(?ms)^## $([regex]::Escape($version))\b[^\n]*\n(.+?)(?=^## |\z)")
    if (-not $section.Success) { throw "$(Split-Path $ChangeLog -Leaf) has no section for version $version. Write what it changes." }

    $files = [string[]] (Get-ChildItem -LiteralPath $Folder -Recurse -File | ForEach-Object { [System.IO.Path]::GetRelativePath($Folder, $_.FullName).Replace('\', '/') })
    [array]::Sort($files, [System.StringComparer]::Ordinal)
    $quoted = $files + $section.Groups[1].Value.Trim() | ForEach-Object { "'$([System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($_))'" }
    $manifest = Get-Content -LiteralPath $path -Raw
    foreach ($entry in @(
            @{ Empty = 'FileList             = @()'; Full = "FileList             = @(`n        $($quoted[0..($files.Count - 1)] -join "`n        ")`n    )" }
            @{ Empty = "ReleaseNotes = ''"; Full = "ReleaseNotes = $($quoted[-1])" })) {
        if (-not $manifest.Contains($entry.Empty)) { throw "The manifest does not have '$($entry.Empty)', which Pack fills in." }
        $manifest = $manifest.Replace($entry.Empty, $entry.Full)
    }
    Set-Content -LiteralPath $path -Value $manifest -NoNewline -Encoding utf8NoBOM
}

function Write-BillOfMaterials {
    <#
    .SYNOPSIS
    Writes a bill of materials in CycloneDX 1.5: the module, and the packages whose files it has.
    #>
    param([Parameter(Mandatory)] [object[]] $Package, [Parameter(Mandatory)] [string] $Version, [Parameter(Mandatory)] [string] $Path)
    $components = foreach ($item in $Package) {
        $component = [ordered]@{
            type      = 'library'
            'bom-ref' = "pkg:nuget/$($item.Id)@$($item.Version)"
            name      = $item.Id
            version   = $item.Version
            purl      = "pkg:nuget/$($item.Id)@$($item.Version)"
            hashes    = @([ordered]@{ alg = 'SHA-512'; content = $item.Hash })
        }
        if ($item.Licence) { $component.licenses = @(@{ expression = $item.Licence }) }
        $component
    }
    [ordered]@{
        bomFormat   = 'CycloneDX'
        specVersion = '1.5'
        version     = 1
        metadata    = [ordered]@{ component = [ordered]@{ type = 'library'; name = 'SegmentPush'; version = $Version; licenses = @(@{ license = @{ id = 'MIT' } }) } }
        components  = @($components)
    } | ConvertTo-Json -Depth 8 | Set-Content -LiteralPath $Path -Encoding utf8NoBOM
}

function Write-Archive {
    <#
    .SYNOPSIS
    Writes a zip file whose bytes depend on names and contents alone.
    .PARAMETER Entry
    Name of each entry, and its bytes.
    #>
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Entry, [Parameter(Mandatory)] [string] $Path)
    $names = [string[]] $Entry.Keys
    [array]::Sort($names, [System.StringComparer]::Ordinal)
    $stream = [System.IO.File]::Create($Path)
    try {
        $zip = [System.IO.Compression.ZipArchive]::new($stream, 'Create')
        foreach ($name in $names) {
            $item = $zip.CreateEntry($name, 'Optimal')
            $item.LastWriteTime = $moment
            $to = $item.Open()
            $to.Write($Entry[$name], 0, $Entry[$name].Length)
            $to.Dispose()
        }
        $zip.Dispose()
    }
    finally { $stream.Dispose() }
}

function Compress-Folder {
    <#
    .SYNOPSIS
    Puts a folder with its name into a zip file.
    #>
    param([Parameter(Mandatory)] [string] $Folder, [Parameter(Mandatory)] [string] $Path)
    $above = Split-Path $Folder
    $entries = @{}
    foreach ($file in Get-ChildItem -LiteralPath $Folder -Recurse -File) {
        $entries[[System.IO.Path]::GetRelativePath($above, $file.FullName).Replace('\', '/')] = [System.IO.File]::ReadAllBytes($file.FullName)
    }
    Write-Archive $entries $Path
}

function Update-Package {
    <#
    .SYNOPSIS
    Writes a .nupkg again without what differs each time: the random name of its properties, the ids of its relations, the order of its
    content types (that of the files in their folder), and moments.
    #>
    param([Parameter(Mandatory)] [string] $Path)
    $entries = @{}
    $zip = [System.IO.Compression.ZipFile]::OpenRead($Path)
    try {
        foreach ($item in $zip.Entries) {
            $copy = [System.IO.MemoryStream]::new()
            $from = $item.Open()
            $from.CopyTo($copy)
            $from.Dispose()
            $entries[$item.FullName] = $copy.ToArray()
        }
    }
    finally { $zip.Dispose() }

    $properties = @($entries.Keys) -like '*.psmdcp'
    foreach ($name in $properties) {
        $bytes = $entries[$name]
        $entries.Remove($name)
        $entries['package/services/metadata/core-properties/SegmentPush.psmdcp'] = $bytes
    }
    $relations = [xml][System.Text.Encoding]::UTF8.GetString($entries['_rels/.rels']).TrimStart([char]0xFEFF)
    $number = 0
    foreach ($relation in $relations.Relationships.Relationship) {
        $relation.Id = "R$((++$number))"
        if ($relation.Target -like '*.psmdcp') { $relation.Target = '/package/services/metadata/core-properties/SegmentPush.psmdcp' }
    }
    $entries['_rels/.rels'] = [System.Text.Encoding]::UTF8.GetBytes($relations.OuterXml)

    $types = [xml][System.Text.Encoding]::UTF8.GetString($entries['[Content_Types].xml']).TrimStart([char]0xFEFF)
    foreach ($type in @($types.Types.ChildNodes) | Sort-Object LocalName, Extension, PartName -Culture '') { $null = $types.Types.AppendChild($type) }
    $entries['[Content_Types].xml'] = [System.Text.Encoding]::UTF8.GetBytes($types.OuterXml)
    Write-Archive $entries $Path
}

function New-ModulePackage {
    <#
    .SYNOPSIS
    Packs a built module for a gallery (.nupkg) and as a .zip, and emits both files. Two packs of one build are the same bytes.
    .DESCRIPTION
    A package holds what the build made, without the symbols, with notices, a bill of materials and a complete manifest.
    .PARAMETER Module
    Folder of the built module.
    .PARAMETER Path
    Folder for the packages. What it held is deleted.
    #>
    param([Parameter(Mandatory)] [string] $Module, [Parameter(Mandatory)] [string] $Path)
    $root = Split-Path $PSScriptRoot
    Remove-Item -LiteralPath $Path -Recurse -Force -ErrorAction Ignore
    $content = Join-Path $Path SegmentPush
    Copy-Item -LiteralPath $Module -Destination (New-Item -ItemType Directory $Path) -Recurse
    Get-ChildItem -LiteralPath $content -Recurse -Filter *.pdb | Remove-Item
    $version = (Import-PowerShellDataFile (Join-Path $content SegmentPush.psd1)).ModuleVersion
    $shipped = Get-ShippedPackage -Module $content -LockFile (Join-Path $root src SegmentPush.Core packages.lock.json), (Join-Path $root src SegmentPush.Sandbox packages.lock.json)
    Write-Notice -Package $shipped -Path (Join-Path $content THIRD-PARTY-NOTICES.txt)
    Write-BillOfMaterials -Package $shipped -Version $version -Path (Join-Path $content sbom.cdx.json)
    Complete-Manifest -Folder $content -ChangeLog (Join-Path $root CHANGELOG.md)
    Compress-Folder -Folder $content -Path (Join-Path $Path "SegmentPush-$version.zip")
    Compress-PSResource -Path $content -DestinationPath $Path
    Update-Package -Path (Join-Path $Path "SegmentPush.$version.nupkg")
    Remove-Item -LiteralPath $content -Recurse
    Get-Item (Join-Path $Path *)
}

Export-ModuleMember -Function New-ModulePackage
