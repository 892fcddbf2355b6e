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

Describe 'The table of error ids' {
    BeforeAll {
        $root = (Get-TestPlace).Root
        $table = Get-Content (Join-Path $root docs errors.md)
        $errors = $table | Select-String '^\| (\w+) \| (\w+) \| (.+) \| (.+) \|$' -CaseSensitive | ForEach-Object { , $_.Matches[0].Groups[1..4].Value } | Where-Object { $_[0] -ne 'Id' }
        $codes = ($table | Select-String '^\| (\w+) \| ([^|]+) \|$').Matches.ForEach({ $_.Groups[1].Value }) -ne 'Code'

        # Every name that the code writes as a text of its own, save the nouns of cmdlets and names of parameter sets.
        $names = foreach ($file in Get-ChildItem (Join-Path $root src SegmentPush), (Join-Path $root src SegmentPush.Core) -Recurse -Filter *.cs | Where-Object FullName -NotMatch '[\\/](obj|bin)[\\/]') {
            $code = (Get-Content $file -Raw) -replace '\[Cmdlet\([^\]]*\]'
            if ($file.Name -ne 'SegmentPushException.cs') { $code = $code -replace 'const string (?!NoAnswer|IsExposed)\w+ = "\w+";' }
            [regex]::Matches($code, '[(,?:>=]\s*"([A-Z][a-z]+(?:[A-Z][A-Za-z]*)+|Superseded|Redirected|Abandoned)"\s*[,;:)}]').ForEach({ $_.Groups[1].Value })
        }

        # What is neither an error nor the code of a row: outcomes, checks, parameters, variables, kinds of journals and settings of their addresses, kinds of Adobe's answers.
        $others = 'AlreadyMember', 'NotMember', 'LastPush', 'ListAndMapping', 'ListWritable', 'ConfirmPreference', 'ErrorAction', 'FileSystem', 'GetSecretNotFound', 'JournalPath',
            'LiteralPath', 'MarketoId', 'NextMarker', 'PostgreSQL', 'SaveAs', 'SegmentPush', 'StaticList', 'StaticListId', 'WhatIf', 'WhatIfPreference',
            'BatchFailed', 'ClientIdRefused', 'ClientSecretRefused', 'CredentialsRefused', 'DestinationRefused', 'ExportFailed', 'ExportRefused', 'ExportTooLong', 'FileIncomplete', 'GrantRefused', 'LandingZone',
            'RunFailed', 'RunTooLong', 'SandboxRefused', 'ScopeRefused', 'UserID'

        # Names of texts in resources.
        $texts = Get-ChildItem (Join-Path $root src SegmentPush.Core) -Recurse -Filter *.resx | Where-Object Name -NotMatch '\.\w\w\.resx$' | ForEach-Object { ([xml] (Get-Content $_ -Raw)).root.data.name }
        $names = $names | Where-Object { $_ -cnotin $texts -or $_ -cin $others -or $_ -cin @($errors.ForEach({ $_[0] })) + $codes }
    }

    It 'Has every id that the code can raise, and no other' {
        $said = @($errors.ForEach({ $_[0] })) + $codes

        $names | Where-Object { $_ -cnotin $said -and $_ -cnotin $others } | Sort-Object -Unique | Should -BeNullOrEmpty
        $said | Where-Object { $_ -cnotin $names } | Where-Object { $_ -cnotin 'AddressMalformed', 'IdentityHasComma', 'TooManyColumns', 'RecordTooLarge' } | Should -BeNullOrEmpty
        $others | Where-Object { $_ -cnotin $names } | Should -BeNullOrEmpty
        @($said | Group-Object | Where-Object Count -GT 1 | Where-Object Name -NE AddressTooLong) | Should -BeNullOrEmpty
    }

    It 'Has a category of PowerShell, a meaning and an action for each' {
        $errors.Count | Should -BeGreaterThan 150
        foreach ($row in $errors) {
            [enum]::IsDefined([System.Management.Automation.ErrorCategory], $row[1]) | Should -BeTrue -Because "$($row[0]) has one"
            $row[2], $row[3] | Should -BeLike '*?.' -Because "$($row[0]) has both"
        }
    }
}

Describe 'The about topics' {
    It 'Troubleshooting names every id of the table' {
        $topic = Get-Content (Join-Path (Get-TestPlace).Module en-US about_SegmentPush_Troubleshooting.help.txt)
        $table = Get-Content (Join-Path (Get-TestPlace).Root docs errors.md)
        $ids = ($table | Select-String '^\| (\w+) \|').Matches.ForEach({ $_.Groups[1].Value }) | Where-Object { $_ -cnotin 'Id', 'Code' }

        $ids | Where-Object { "    $_" -cnotin $topic } | Should -BeNullOrEmpty
    }

    It 'Get-Help shows <_>' -ForEach 'about_SegmentPush', 'about_SegmentPush_Files', 'about_SegmentPush_Destinations', 'about_SegmentPush_Scheduling', 'about_SegmentPush_Troubleshooting' {
        $help = Get-Help $_
        $help | Should -BeLike "*SHORT DESCRIPTION*LONG DESCRIPTION*"
        $help | Should -Not -Match '\]\(|\*\*|^\|'

        # Code keeps its lines.
        Get-Content (Join-Path (Get-TestPlace).Module en-US "$_.help.txt") | Where-Object { $_.Length -gt 80 -and -not $_.StartsWith('        ') } | Should -BeNullOrEmpty
    }
}

Describe '<cmdlet>' -ForEach $pages {
    BeforeAll {
        $root = (Get-TestPlace).Root
        $page = (Get-Content $path -Raw) -replace '\r\n', "`n"
        $common = [System.Management.Automation.Cmdlet]::CommonParameters
        $command = Get-Command $cmdlet
        $live = $command.Parameters.Values | Where-Object Name -NotIn $common

        # The block of facts of each parameter: lines of 'name: value', lists, and parameter sets.
        $said = @{}
        foreach ($match in [regex]::Matches($page, '(?m)^### -(?<name>\w+)\n\n(?<text>(?:.*\n)*?)```yaml\n(?<facts>(?:.*\n)*?)```\n')) {
            $facts = $match.Groups['facts'].Value
            $list = { param($name) [regex]::Match($facts, "(?m)^${name}:\n((?:- .*\n)+)").Groups[1].Value.Trim() -replace '(?m)^- ' -split '\n' -ne '' }
            $said[$match.Groups['name'].Value] = @{
                Text    = $match.Groups['text'].Value
                Type    = [regex]::Match($facts, '(?m)^Type: (.*)$').Groups[1].Value
                Default = [regex]::Match($facts, '(?m)^DefaultValue: (["'']?)(.*)\1$').Groups[2].Value.Replace("''", "'")
                Aliases = & $list Aliases
                Values  = & $list AcceptedValues
                Sets    = [regex]::Matches($facts, '(?m)^- Name: (.*)\n  Position: (.*)\n  IsRequired: (.*)\n  ValueFromPipeline: (.*)\n  ValueFromPipelineByPropertyName: (.*)$').ForEach({ $_.Groups[1..5].Value -join ' ' }) | Sort-Object
            }
        }
    }

    It 'Its page describes every parameter as it is' {
        @($said.Keys | Sort-Object) | Should -Be @($live.Name | Sort-Object)
        foreach ($parameter in $live) {
            $facts = $said[$parameter.Name]
            $type = [Nullable]::GetUnderlyingType($parameter.ParameterType) ?? $parameter.ParameterType
            $element = $type.IsArray ? $type.GetElementType() : $type
            $values = if ($element.IsEnum) { [enum]::GetNames($element) } else { $parameter.Attributes.Where({ $_ -is [ValidateSet] }).ValidValues }
            $sets = $parameter.ParameterSets.GetEnumerator().ForEach({
                    $position = $_.Value.Position -eq [int]::MinValue ? 'Named' : $_.Value.Position
                    "$($_.Key -replace '^__AllParameterSets$', '(All)') $position $($_.Value.IsMandatory) $($_.Value.ValueFromPipeline) $($_.Value.ValueFromPipelineByPropertyName)"
                }) | Sort-Object

            $facts.Type | Should -BeExactly $type.FullName -Because "-$($parameter.Name) has this type"
            $facts.Aliases -join ', ' | Should -BeExactly ($parameter.Aliases -join ', ') -Because "-$($parameter.Name) has these aliases"
            $facts.Values -join ', ' | Should -BeExactly ($values -join ', ') -Because "-$($parameter.Name) takes these values"
            $facts.Sets | Should -Be $sets -Because "-$($parameter.Name) is so in its sets"
            $facts.Text | Should -Match '\w.+[.:)]\s*$' -Because "-$($parameter.Name) has a text"
            $facts.Text | Should -Not -Match '\{\{' -Because "-$($parameter.Name) has a text"
        }
    }

    It 'Its page has the defaults of the code' {
        $new = [System.Activator]::CreateInstance($command.ImplementingType)
        foreach ($parameter in $live) {
            $value = try { $command.ImplementingType.GetProperty($parameter.Name)?.GetValue($new) } catch { $null }
            # A value type that nothing sets has its zero: that says nothing. What a Set cmdlet is not given stays as it is.
            if ($command.Verb -eq 'Set' -or $null -eq $value -or "$value" -eq '' -or ($value -is [valuetype] -and $value -eq [System.Activator]::CreateInstance($value.GetType()))) { continue }
            $said[$parameter.Name].Default | Should -BeLike ([string]::Format([cultureinfo]::InvariantCulture, '{0}*', $value)) -Because "-$($parameter.Name) has this default"
        }
    }

    It 'Its page shows the syntax, and where it can be read online' {
        $blank = { -join ($args[0] -replace '\s') }
        $shown = [regex]::Matches([regex]::Match($page, '(?ms)^## SYNTAX\n(.*?)^## ').Groups[1].Value, '(?s)```\n(.*?)```').ForEach({ & $blank $_.Groups[1].Value }) | Sort-Object
        $shown | Should -BeExactly ((Get-Command $cmdlet -Syntax) -split '\n\s*\n' -ne '' | ForEach-Object { & $blank $_ } | Where-Object { $_ } | Sort-Object)

        $address = "$((Import-PowerShellDataFile (Get-TestPlace).Manifest).PrivateData.PSData.ProjectUri)/blob/main/docs/cmdlets/$cmdlet.md"
        $page | Should -Match "(?m)^HelpUri: $([regex]::Escape($address))$"
        $command.HelpUri | Should -Be $address
    }

    It 'Get-Help shows its page' {
        $help = Get-Help $cmdlet -Full

        $help.Synopsis.Trim() | Should -BeExactly ([regex]::Match($page, '## SYNOPSIS\n\n(.*)\n').Groups[1].Value.Trim())
        @($help.examples.example).Count | Should -BeGreaterOrEqual 3
        @($help.parameters.parameter.name | Sort-Object) | Should -Be @($live.Name | Sort-Object)
        foreach ($parameter in $help.parameters.parameter) {
            $facts = $said[$parameter.name]
            $parameter.type.name | Should -BeExactly ($facts.Type -replace '^.*\.') -Because "-$($parameter.name) has this type"
            $parameter.defaultValue | Should -BeExactly $facts.Default -Because "-$($parameter.name) has this default"
            $parameter.aliases | Should -BeExactly ($facts.Aliases ? $facts.Aliases -join ', ' : 'none') -Because "-$($parameter.name) has these aliases"
        }

        $items = foreach ($item in $help.syntax.syntaxItem) { , @($item.parameter | ForEach-Object { "$($_.name) $($_.position) $($_.required) $($_.pipelineInput -like 'True*')" } | Sort-Object) }
        $sets = foreach ($set in $command.ParameterSets) {
            , @($set.Parameters | Where-Object Name -NotIn $common | ForEach-Object {
                    "$($_.Name) $($_.Position -lt 0 ? 'named' : $_.Position) $($_.IsMandatory) $($_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName)"
                } | Sort-Object)
        }
        @($items | ForEach-Object { $_ -join '; ' } | Sort-Object) | Should -Be @($sets | ForEach-Object { $_ -join '; ' } | Sort-Object)
    }
}

Describe 'The examples of <cmdlet>' -ForEach $pages {
    BeforeDiscovery {
        $text = (Get-Content $path -Raw) -replace '\r\n', "`n"
        $section = [regex]::Match($text, '(?s)\n## EXAMPLES\n(.*?)\n## ').Groups[1].Value
        $examples = foreach ($example in [regex]::Matches($section, '(?s)### (Example .*?)\n(.*?)(?=\n### |\z)')) {
            # A line of a scheduler runs in a process of its own, which the tests of scheduled tasks start.
            $blocks = [regex]::Matches($example.Groups[2].Value, '(?s)```powershell\n(.*?)```').ForEach({ $_.Groups[1].Value }).Where({ $_ -notlike 'pwsh *' })
            @{ title = $example.Groups[1].Value; text = $blocks -join "`n" }
        }
    }

    BeforeAll {
        # What an example takes as given. A person would answer the questions.
        function Get-Credential { Get-SandboxCredential }
        function Read-Host([string] $Prompt, [switch] $AsSecureString) { (Get-SandboxCredential).Password }

        # What an example can change. Looking at it makes calls, which the journal counts, so the journal's files are left out.
        function Get-World {
            Get-ChildItem -Recurse -File | Where-Object FullName -NotMatch '[\\/]home[\\/](?!accounts|platform-accounts)' |
                ForEach-Object { "$($_.FullName) $($_.Length) $($_.LastWriteTimeUtc.Ticks)" }
            Get-PushStatus | ForEach-Object { "$($_.Id) $($_.State)" }
            Get-SegmentDestination | ForEach-Object { "$($_.Name) $($_.Changed.Ticks)" }
            try { Get-PlatformExport | ForEach-Object { "$($_.JobId) $($_.BatchId)" }; 'connected' } catch { "$($_.FullyQualifiedErrorId)" }
            if ($connection = Get-MarketoConnection) {
                "$([System.Runtime.CompilerServices.RuntimeHelpers]::GetHashCode($connection))"
                Get-MarketoStaticList | ForEach-Object { "$($_.Id) $(@(Get-MarketoStaticListMember $_.Id).Count)" }
            }
        }

        # Those that find nothing here: no error, no lease, no task, no push of long ago, and a connection that is there; and those that take away what they made themselves.
        $quiet = 'Get-PlatformExport Example 3:*', 'Remove-PlatformExport Example 3:*', 'Disconnect-* Example [23]:*', 'Get-MarketoConnection Example 2:*', 'Get-MarketoUsage Example 3:*',
            'Get-PushJournal Example 2:*', 'Remove-PlatformAccount Example [13]:*', 'Remove-PushHistory Example [12]:*', 'Stop-SegmentPush Example 2:*', 'Get-SegmentPushTask Example *', 'Unregister-SegmentPushTask Example *'

        # Pushes until nothing but the reserve of the day's calls is left.
        function Invoke-InterruptedPush {
            Connect-MarketoLaunchpoint -Sandbox -DailyCallQuota 1000
            foreach ($i in 1..4) { try { $null = New-Person 1 | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' } -DailyCallReserve 99 } catch { } }
        }
    }

    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        if (-not $IsWindows) { Install-Crontab }
        Connect-MarketoLaunchpoint -Sandbox
        try { $null = Invoke-SegmentPush missing.csv 1021 @{ email = 'email' } } catch { }
        $push = & { New-Person 1; New-Person 1 x } | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' }
        New-SegmentDestination 'Webinar EMEA' 1021 @{ 'personalEmail.address' = 'email' } | Export-SegmentDestination -Path destinations
        Copy-Item (Join-Path (Get-TestPlace).Root examples segment.csv)
        "Source,Target,Identity`nperson.name.firstName,firstName," | Set-Content mapping.csv
        $env:SEGMENTPUSH_CLIENT_SECRET = 'sandbox-secret'
        Connect-MarketoLaunchpoint -Sandbox -SaveAs Kept
        Connect-ExperiencePlatform -Rehearsal -SaveAs Kept
        $null = New-SegmentDestination Over 1022 @{ 'personalEmail.address' = 'email' } -StartDate 2025-01-01 -EndDate 2025-12-31
        $mapping = @{ 'personalEmail.address' = 'email'; 'person.name.firstName' = 'firstName' }
        $credential = Get-SandboxCredential
        $clientId = 'sandbox-client'
    }

    AfterEach { Exit-TestFolder }

    It '<title> runs as it is written' -ForEach $examples {
        if ($cmdlet -in 'Resume-SegmentPush', 'Stop-SegmentPush') { Invoke-InterruptedPush }
        $sandbox = Connect-MarketoLaunchpoint -Sandbox -PassThru
        $push = Get-PushStatus -Last 1

        # The one thing that an example cannot have here is Marketo itself.
        $here = $text -replace '-MunchkinId \S+|-Endpoint https://\S+', '-Endpoint $sandbox.Endpoint'
        Set-StrictMode -Version Latest
        $before = Get-World
        $null = Start-Transcript -LiteralPath said.txt -UseMinimalHeader
        try { $shown = @(& ([scriptblock]::Create($here))) }
        finally { $null = Stop-Transcript }

        $said = Get-Content said.txt -Raw
        Remove-Item said.txt
        $text | Should -Not -BeNullOrEmpty
        if (-not $quiet.Where({ "$cmdlet $title" -like $_ })) {
            $shown.Count -gt 0 -or $said -match 'What if: ' -or (Compare-Object $before @(Get-World)) | Should -BeTrue -Because 'an example shows or changes something'
        }
    }
}

Describe 'The French help' {
    BeforeDiscovery {
        $root = Join-Path $PSScriptRoot ../..
        $translated = & { Get-ChildItem "$root/docs/cmdlets/*.md" | ForEach-Object { "cmdlets/$($_.Name)" }; 'about.md', 'files.md', 'destinations.md', 'scheduling.md', 'errors.md' } |
            ForEach-Object { @{ name = $_ } }
    }

    BeforeAll {
        Import-Module (Join-Path (Get-TestPlace).Root tools Help.psm1)
        $docs = Join-Path (Get-TestPlace).Root docs
        $code = { [regex]::Matches($args[0], '(?ms)^```.*?^```$').Value -notmatch '^```yaml' }
        $facts = { [regex]::Matches($args[0], '(?ms)^```.*?^```$').Value -match '^```yaml' -replace '(?m)^(DefaultValue|HelpMessage): .*$' }
        $headings = { [regex]::Matches($args[0], '(?m)^(## [A-Z ]+|### [-_\w].*)$').Value -replace '^### Ex.*: .*', '### Example' }
    }

    It '<name> says what the English page says' -ForEach $translated {
        $french, $english = foreach ($folder in (Join-Path $docs fr-FR), $docs) { (Get-Content (Join-Path $folder $name) -Raw) -replace '\r\n', "`n" }

        $french | Should -Match 'English text: [0-9a-f]{12}'
        [regex]::Match($french, 'English text: ([0-9a-f]{12})').Groups[1].Value | Should -Be (Get-HelpText (Join-Path $docs $name)) -Because 'the English page has changed since: translate it, then Confirm-HelpTranslation'
        & $code $french | Should -BeExactly (& $code $english)
        if ($name -notlike 'cmdlets/*') { return }
        & $facts $french | Should -BeExactly (& $facts $english)
        & $headings $french | Should -BeExactly (& $headings $english)
    }

    It 'errors.md has every row of the English table' {
        $ids = foreach ($folder in (Join-Path $docs fr-FR), $docs) { , @((Get-Content (Join-Path $folder errors.md) | Select-String '^\| (\w+) \|').Matches.ForEach({ $_.Groups[1].Value }) | Where-Object { $_ -notin 'Id', 'Code', 'Identifiant' }) }
        $ids[0] | Should -BeExactly $ids[1]
    }

    It 'Get-Help shows it in a French session, and English in others' {
        $shown = foreach ($culture in 'fr-FR', 'en-US', 'de-DE') {
            $run = Invoke-CleanPwsh -CommandWithArgs '[cultureinfo]::CurrentUICulture = [cultureinfo]::DefaultThreadCurrentUICulture = $args[0]; Import-Module $args[1]; (Get-Help Invoke-SegmentPush).Synopsis' $culture (Get-TestPlace).Manifest
            $run.ErrorText | Should -BeNullOrEmpty
            $run.Output -join ''
        }

        $synopsis = { [regex]::Match(((Get-Content $args[0] -Raw) -replace '\r\n', "`n"), '## SYNOPSIS\n\n(.*)\n').Groups[1].Value }
        $shown[0] | Should -Be (& $synopsis (Join-Path $docs fr-FR cmdlets Invoke-SegmentPush.md))
        foreach ($other in $shown[1, 2]) { $other | Should -Be (& $synopsis (Join-Path $docs cmdlets Invoke-SegmentPush.md)) }
    }
}
