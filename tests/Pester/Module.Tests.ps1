#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $place = Get-TestPlace
    $lib = Join-Path $place.Module lib

    # Identifies what a compiler run made; native code made of it keeps it.
    function Get-ModuleVersionId([string] $Path) {
        $file = [System.Reflection.PortableExecutable.PEReader]::new([System.IO.File]::OpenRead($Path))
        try {
            $metadata = [System.Reflection.Metadata.PEReaderExtensions]::GetMetadataReader($file)
            $metadata.GetGuid($metadata.GetModuleDefinition().Mvid)
        }
        finally { $file.Dispose() }
    }
}

Describe 'The built module' {
    It 'Its manifest is valid, and every cmdlet that it names is exported, and nothing else' {
        $manifest = Test-ModuleManifest $place.Manifest

        $module = Get-Module SegmentPush
        $module.Version | Should -Be $manifest.Version
        $module.ExportedCmdlets.Keys | Sort-Object | Should -Be ((Import-PowerShellDataFile $place.Manifest).CmdletsToExport | Sort-Object)
        $module.ExportedCommands.Count | Should -Be $module.ExportedCmdlets.Count
        $module.ExportedVariables.Keys | Should -BeNullOrEmpty
    }

    It 'No number of any cmdlet is rounded' {
        $numbers = foreach ($command in Get-Command -Module SegmentPush -CommandType Cmdlet) {
            foreach ($parameter in $command.Parameters.Values | Where-Object { $_.ParameterType -in [int], [long], [Nullable[int]], [Nullable[long]] }) {
                if ($parameter.Name -notin [System.Management.Automation.Cmdlet]::CommonParameters) { @{ Command = $command.Name; Name = $parameter.Name; Attributes = $parameter.Attributes } }
            }
        }

        $numbers.Count | Should -BeGreaterThan 15
        foreach ($number in $numbers) {
            $number.Attributes.Where{ $_.GetType().Name -eq 'WholeNumberAttribute' } | Should -HaveCount 1 -Because "-$($number.Name) of $($number.Command) is a number"
        }

        { Undo-SegmentPush -MaxRemovals 12.5 } | Should -Throw '*without decimals*'
        { Undo-SegmentPush -MaxRemovals '12.5' } | Should -Throw '*without decimals*'
    }

    It 'Every verb is an approved one' {
        (Get-Command -Module SegmentPush).Verb | Should -BeIn (Get-Verb).Verb
    }

    It 'No file names a folder of the machine that built it' {
        $folders = $place.Root, $HOME, ([System.IO.Path]::GetTempPath().TrimEnd([System.IO.Path]::DirectorySeparatorChar)) | Where-Object Length -GT 4
        $files = Get-ChildItem $place.Module -Recurse -File
        $files.Count | Should -BeGreaterThan 10

        foreach ($file in $files) {
            $bytes = [System.IO.File]::ReadAllBytes($file.FullName)
            foreach ($encoding in [System.Text.Encoding]::Latin1, [System.Text.Encoding]::Unicode) {
                $text = $encoding.GetString($bytes)
                foreach ($folder in $folders) { $text.Contains("$folder$([System.IO.Path]::DirectorySeparatorChar)") | Should -BeFalse -Because "$file is shipped to others" }
            }
        }
    }

    It 'Every assembly is one that the product needs' {
        $needed = foreach ($assembly in 'Core', 'Sandbox') {
            (Get-Content (Join-Path $lib "SegmentPush.$assembly.deps.json") -Raw | ConvertFrom-Json -AsHashtable).targets.Values.Values.runtime.Keys | Split-Path -Leaf
        }

        (Get-ChildItem $lib -Filter *.dll).Name | Sort-Object | Should -Be ($needed | Sort-Object -Unique)
    }

    It 'Native code stands beside the assembly that it was made from' {
        foreach ($file in Get-ChildItem $lib -Directory | Where-Object Name -NE runtimes | Get-ChildItem -Filter *.dll | Where-Object Name -NotLike *.resources.dll) {
            Get-ModuleVersionId $file | Should -Be (Get-ModuleVersionId (Join-Path $lib $file.Name)) -Because $file
        }
    }

    It 'Every topic of its help belongs to a cmdlet' {
        $help = [xml](Get-Content (Join-Path $place.Module en-US SegmentPush.dll-Help.xml) -Raw)

        $help.helpItems.command.details.name | Sort-Object | Should -Be ((Get-Command -Module SegmentPush).Name | Sort-Object)
    }
}
