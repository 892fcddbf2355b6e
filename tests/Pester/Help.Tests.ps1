#Requires -Version 7.6
BeforeDiscovery {
    $pages = Get-ChildItem "$PSScriptRoot/../../docs/cmdlets/*.md" | ForEach-Object { @{ cmdlet = $_.BaseName; path = $_.FullName } }
}

BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
}

Describe 'The pages of the cmdlets' {
    It 'Every cmdlet has a page, and every page a cmdlet' {
        $pages = (Get-ChildItem (Join-Path (Get-TestPlace).Root docs cmdlets *.md)).BaseName

        $pages | Sort-Object | Should -Be ((Get-Command -Module SegmentPush).Name | Sort-Object)
    }
}

Describe '<cmdlet>' -ForEach $pages {
    BeforeAll { $page = (Get-Content $path -Raw) -replace '\r\n', "`n" }

    It 'Its page describes every parameter as it is' {
        $common = [System.Management.Automation.Cmdlet]::CommonParameters
        $live = (Get-Command $cmdlet).Parameters.Values | Where-Object Name -NotIn $common
        $said = @{}
        $section = '(?m)^### -(?<name>\w+)\n(?:.*\n)*?```yaml\nType: (?<type>.*)\n(?:.*\n)*?Aliases:(?<aliases>.*)\n(?:.*\n)*?Required: (?<required>.*)\n(?:.*\n)*?Accept pipeline input: (?<pipeline>.*)\n'
        foreach ($match in [regex]::Matches($page, $section)) { $said[$match.Groups['name'].Value] = $match.Groups }

        @($said.Keys | Sort-Object) | Should -Be @($live.Name | Sort-Object)
        foreach ($parameter in $live) {
            $groups = $said[$parameter.Name]
            $sets = $parameter.ParameterSets.Values
            $type = [Nullable]::GetUnderlyingType($parameter.ParameterType) ?? $parameter.ParameterType
            $takesPipeline = $sets.ValueFromPipeline -contains $true -or $sets.ValueFromPipelineByPropertyName -contains $true
            "$($groups['type'])".Trim() | Should -BeExactly $type.Name -Because "-$($parameter.Name) has this type"
            "$($groups['aliases'])".Trim() | Should -BeExactly ($parameter.Aliases -join ', ') -Because "-$($parameter.Name) has these aliases"
            "$($groups['required'])".Trim() | Should -Be "$($sets.IsMandatory -contains $true)" -Because "-$($parameter.Name) is so"
            "$($groups['pipeline'])" | Should -BeLike "$takesPipeline*" -Because "-$($parameter.Name) is so"
        }
    }

    It 'Get-Help shows its page' {
        $help = Get-Help $cmdlet -Full

        $help.Synopsis.Trim() | Should -BeExactly ([regex]::Match($page, '## SYNOPSIS\n(.*)\n').Groups[1].Value.Trim())
        $help.examples.example | Should -Not -BeNullOrEmpty
    }
}

Describe 'The examples of <cmdlet>' -ForEach $pages {
    BeforeDiscovery {
        $text = (Get-Content $path -Raw) -replace '\r\n', "`n"
        $examples = [regex]::Matches($text, '### (Example .*)\n```powershell\n((?:.*\n)*?)```') | ForEach-Object { @{ title = $_.Groups[1].Value; text = $_.Groups[2].Value } }
    }

    BeforeAll {
        # What an example takes as given. A person would answer the questions.
        function Get-Credential { Get-SandboxCredential }
        function Read-Host([string] $Prompt, [switch] $AsSecureString) { (Get-SandboxCredential).Password }

        # Pushes until nothing but the reserve of the day's calls is left.
        function Invoke-InterruptedPush {
            Connect-MarketoLaunchpoint -Sandbox -DailyCallQuota 1000
            foreach ($i in 1..4) { try { $null = New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' } -DailyCallReserve 99 } catch { } }
        }
    }

    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint -Sandbox
        $push = & { New-Person 1; New-Person 1 x } | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' }
        New-SegmentDestination 'Webinar EMEA' 1021 @{ 'personalEmail.address' = 'email' } | Export-SegmentDestination -Path destinations
        Copy-Item (Join-Path (Get-TestPlace).Root examples segment.csv)
        "Source,Target,Identity`nperson.name.firstName,firstName," | Set-Content mapping.csv
        $env:SEGMENTPUSH_CLIENT_SECRET = 'sandbox-secret'
        $mapping = @{ 'personalEmail.address' = 'email'; 'person.name.firstName' = 'firstName' }
        $credential = Get-SandboxCredential
        $clientId = 'sandbox-client'
    }

    AfterEach { Exit-TestFolder }

    It '<title> runs as it is written' -ForEach $examples {
        if ($cmdlet -eq 'Resume-SegmentPush') { Invoke-InterruptedPush }
        $sandbox = Connect-MarketoLaunchpoint -Sandbox -PassThru
        $push = Get-PushStatus -Last 1

        # The one thing that an example cannot have here is Marketo itself.
        $here = $text -replace '-MunchkinId \S+|-Endpoint https://\S+', '-Endpoint $sandbox.Endpoint'
        { & ([scriptblock]::Create($here)) | Out-Null } | Should -Not -Throw
    }
}
