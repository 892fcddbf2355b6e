<#
.SYNOPSIS
Starts a PowerShell process of the kind that runs this script: the installed pwsh, or the one that came as a .NET tool.
#>

# The .NET tool has no program of its own: dotnet runs it.
$program = [Environment]::ProcessPath
[string[]] $first = if ([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { @(Join-Path $PSHOME 'pwsh.dll') } else { @() }

function Invoke-Pwsh {
    <#
    .SYNOPSIS
    Runs pwsh without a profile and without questions. Its exit code is in LASTEXITCODE.
    #>
    & $program @first -NoProfile -NonInteractive @args
}

Export-ModuleMember -Function Invoke-Pwsh
