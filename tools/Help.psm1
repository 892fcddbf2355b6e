# Brings the pages of the cmdlets in line with the code. It needs the module Microsoft.PowerShell.PlatyPS, 1.0 or later.
$ErrorActionPreference = 'Stop'

function Get-HelpText {
    <#
    .SYNOPSIS
    The digest of what people have written on an English page: all but its facts and its syntax. A translation names the digest it was made from.
    #>
    param([Parameter(Mandatory)] [string] $Path)
    $text = [System.IO.File]::ReadAllText($Path).ReplaceLineEndings("`n") -replace '(?s)\A---\n.*?\n---\n' -replace '(?ms)^## SYNTAX\n.*?(?=^## DESCRIPTION)' -replace '(?s)```yaml\n.*?```' -replace '\s+', ' '
    [System.Convert]::ToHexStringLower([System.Security.Cryptography.SHA256]::HashData([System.Text.Encoding]::UTF8.GetBytes($text)))[0..11] -join ''
}

function Confirm-HelpTranslation {
    <#
    .SYNOPSIS
    Notes in translated pages that they say what the English pages say today.
    .PARAMETER Path
    Translated pages: of cmdlets, where it stands above, and of about topics, where it stands at the end.
    .PARAMETER English
    Folder of the English pages.
    #>
    param([Parameter(Mandatory)] [string[]] $Path, [Parameter(Mandatory)] [string] $English)
    foreach ($file in Get-Item -Path $Path) {
        $digest = Get-HelpText (Join-Path $English $file.Name)
        $text = [System.IO.File]::ReadAllText($file) -replace '(?m)^English text: .*\n' -replace '\n<!-- English text: .* -->\n'
        $text = $text.StartsWith('---') ? ($text -replace '(?m)^external help file: ', "English text: $digest`nexternal help file: ") : "$($text.TrimEnd())`n`n<!-- English text: $digest -->`n"
        [System.IO.File]::WriteAllText($file, $text)
    }
}

function Update-HelpPage {
    <#
    .SYNOPSIS
    Writes syntax, parameter sets, types, positions, accepted values and aliases of the imported module into its pages. Texts stay as they are.
    .DESCRIPTION
    A parameter that is new has a text to fill in, which a test finds. A parameter that is gone takes its text along.
    .PARAMETER Path
    Folder of the pages: <cmdlet>.md.
    .PARAMETER Address
    Where the folder can be read online.
    #>
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Address)
    $written = Join-Path ([System.IO.Path]::GetTempPath()) (New-Guid)
    try {
        foreach ($file in Get-ChildItem -LiteralPath $Path -Filter *.md) {
            $page = Import-MarkdownCommandHelp -LiteralPath $file
            $live = New-CommandHelp -CommandInfo (Get-Command -Name $page.Title -Module SegmentPush)
            foreach ($parameter in $live.Parameters) {
                $said = $page.Parameters | Where-Object Name -EQ $parameter.Name
                $parameter.Type = $parameter.Type -replace '^System\.Nullable`1\[(.+)\]$', '$1'
                $parameter.Description = $said ? $said.Description : "{{ Fill $($parameter.Name) Description }}"
                if ($said) { $parameter.DefaultValue, $parameter.SupportsWildcards = $said.DefaultValue, $said.SupportsWildcards }
            }
            # PlatyPS knows the values of plain enums only.
            foreach ($parameter in $live.Parameters) {
                $known = (Get-Command -Name $page.Title -Module SegmentPush).Parameters[$parameter.Name]
                $type = [Nullable]::GetUnderlyingType($known.ParameterType) ?? ($known.ParameterType.IsArray ? $known.ParameterType.GetElementType() : $known.ParameterType)
                $values = if ($type.IsEnum) { [enum]::GetNames($type) } else { $known.Attributes.Where({ $_ -is [ValidateSet] }).ValidValues }
                $parameter.AcceptedValues.Clear()
                if ($values) { $parameter.AcceptedValues.AddRange([string[]] $values) }
            }
            foreach ($item in $live.Syntax) { $item.HasCmdletBinding = $true }
            $page.Parameters.Clear()
            $page.Parameters.AddRange($live.Parameters)
            $page.Syntax.Clear()
            $page.Syntax.AddRange($live.Syntax)
            $page.HasCmdletBinding = $page.AliasHeaderFound = $true
            $page.Aliases = ''
            $page.Metadata['HelpUri'] = "$Address/$($page.Title).md"
            $new = Export-MarkdownCommandHelp -CommandHelp $page -OutputFolder $written -Encoding ([System.Text.UTF8Encoding]::new($false)) -Force
            $text = [System.IO.File]::ReadAllText($new).ReplaceLineEndings("`n").TrimEnd() + "`n"
            if ($text -cne [System.IO.File]::ReadAllText($file)) { [System.IO.File]::WriteAllText($file, $text) }
            if (-not (Test-MarkdownCommandHelp -Path $file)) { Write-Error "PlatyPS does not accept $($file.Name). Test-MarkdownCommandHelp -DetailView tells why." }
        }
    }
    finally { Remove-Item -LiteralPath $written -Recurse -Force -ErrorAction Ignore }
}

Export-ModuleMember -Function Get-HelpText, Confirm-HelpTranslation, Update-HelpPage
