# What a package of the module holds besides the module: notices, a bill of materials, and archives that are the same bytes each time.
$ErrorActionPreference = 'Stop'

# Every entry of an archive has this moment, so that the day of packing leaves no trace.
$moment = [System.DateTimeOffset]::new(2020, 1, 1, 0, 0, 0, [timespan]::Zero)

function Get-ShippedPackage {
    <#
    .SYNOPSIS
    The NuGet packages of other people whose files the module has, from the lock files: Id, Version, Hash, Licence, Copyright, Address.
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
        [pscustomobject]@{
            Id        = $id
            Version   = $version
            Hash      = [System.Convert]::ToHexString([System.Convert]::FromBase64String($locked[$package])).ToLowerInvariant()
            Licence   = $data.license.type -eq 'expression' ? $data.license.InnerText : $null
            Text      = $own ? $own : $data.licenseUrl
            Copyright = $data.copyright ? $data.copyright : "(c) $($data.authors)"
            Address   = $data.projectUrl
        }
    }
}

function Write-Notice {
    <#
    .SYNOPSIS
    Writes which packages of other people the module has, with their licences.
    #>
    param([Parameter(Mandatory)] [object[]] $Package, [Parameter(Mandatory)] [string] $Path)
    $text = @('SegmentPush contains files of these packages.', '')
    foreach ($item in $Package) {
        $text += "$($item.Id) $($item.Version)", $item.Address, $item.Copyright, ($item.Licence ? "Licence: $($item.Licence)" : $item.Text), '' | Where-Object { $null -ne $_ }
    }
    Set-Content -LiteralPath $Path -Value ($text -join "`n") -NoNewline -Encoding utf8NoBOM
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
            hashes    = @(@{ alg = 'SHA-512'; content = $item.Hash })
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
    Writes a .nupkg again without what differs each time: the random name of its properties, the ids of its relations, and moments.
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
    Write-Archive $entries $Path
}

Export-ModuleMember -Function Get-ShippedPackage, Write-Notice, Write-BillOfMaterials, Compress-Folder, Update-Package
