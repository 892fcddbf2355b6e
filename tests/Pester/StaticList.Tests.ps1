#Requires -Version 7.6
BeforeAll {
    $ErrorActionPreference = 'Stop'
    $WarningPreference = 'SilentlyContinue'
    Import-Module "$PSScriptRoot/Support.psm1" -Force
    $mapping = @{ email = 'email'; first = 'firstName'; last = 'lastName' }
}

Describe 'Static lists' {
    BeforeEach {
        $null = Enter-TestFolder $TestDrive
        Connect-MarketoLaunchpoint @sandbox
    }

    AfterEach { Exit-TestFolder }

    It 'Lists are found by id, name and wildcard: <script>' -ForEach @(
        @{ script = { Get-MarketoStaticList }; names = 'Newsletter', 'Webinar EMEA' }
        @{ script = { Get-MarketoStaticList -Name *webinar* }; names = 'Webinar EMEA' }
        @{ script = { Get-MarketoStaticList Newsletter }; names = 'Newsletter' }
        @{ script = { Get-MarketoStaticList -Id 1021, ST1022 }; names = 'Newsletter', 'Webinar EMEA' }
        @{ script = { Get-MarketoStaticList *nothing* }; names = @() }
    ) {
        @((& $script).Name | Sort-Object) | Should -Be $names
    }

    It 'A list that is not there is an error, and the others come' {
        $lists = Get-MarketoStaticList -Id 77777, 1021 -ErrorAction SilentlyContinue -ErrorVariable wrong

        $lists.Id | Should -Be 1021
        $wrong.FullyQualifiedErrorId | Should -BeLike 'StaticListNotFound,*'
    }

    It 'A misspelt name is told with the nearest names: <script>' -ForEach @(
        @{ script = { Get-MarketoStaticList Newsleter } }
        @{ script = { New-Person 3 | Invoke-SegmentPush -StaticList Newsleter -Mapping $mapping } }
        @{ script = { New-SegmentDestination Spring Newsleter $mapping -Mode Append } }
    ) {
        Assert-Failure $script StaticListNotFound ObjectNotFound -Saying "Nearest names: 'Newsletter'"
    }

    It 'Members of a list come page by page, and a list pipes in' {
        $null = New-Person 700 | Invoke-SegmentPush -StaticList 1021 -Mapping $mapping -PersonCreation MatchExistingAndCreateMissing

        $members = Get-MarketoStaticList -Id 1021 | Get-MarketoStaticListMember -Field company

        @($members.Id | Sort-Object -Unique).Count | Should -Be 700
        $members.Email | Should -Contain 'person700@example.com'
    }

    It 'The reading of a list ends when Select-Object has enough' {
        Get-MarketoStaticListMember -StaticList 1022 | Select-Object -First 3 | Should -HaveCount 3
    }

    It 'A list is created in a folder given as <_>, and stands where a list is named' -ForEach 'Group Lists', 42, 'Program:1034' {
        $list = New-MarketoStaticList 'Autumn 2026' $_ -Description 'From AEP'
        $push = New-Person 3 | Invoke-SegmentPush -StaticList 'Autumn 2026' -Mapping $mapping -PersonCreation MatchExistingAndCreateMissing

        $list.Name | Should -BeExactly 'Autumn 2026'
        $list.Description | Should -Be 'From AEP'
        $push.StaticListId | Should -Be $list.Id
        (Get-MarketoStaticList -Id $list.Id).Id | Should -Be $list.Id
        Get-MarketoStaticList 'Autumn 2026' | Get-MarketoStaticListMember | Should -HaveCount 3
    }

    It '-WhatIf creates no list, and still finds a folder that is not there' {
        New-MarketoStaticList 'Autumn 2026' 'Group Lists' -WhatIf | Should -BeNullOrEmpty

        Assert-Failure { Get-MarketoStaticList 'Autumn 2026' } StaticListNotFound
        Assert-Failure { New-MarketoStaticList 'Autumn 2026' 'No such folder' -WhatIf } FolderNotFound
    }

    It 'A list that cannot be created is an error that says what to do: <script>' -ForEach @(
        @{ script = { New-MarketoStaticList 'Webinar EMEA' 42 }; id = 'StaticListExists'; category = 'ResourceExists' }
        @{ script = { New-MarketoStaticList x 4242 }; id = 'FolderNotFound'; category = 'ObjectNotFound' }
        @{ script = { New-MarketoStaticList x ' ' }; id = 'InvalidFolder'; category = 'InvalidArgument' }
        @{ script = { New-MarketoStaticList ' ' 42 }; id = 'InvalidStaticList'; category = 'InvalidArgument' }
        @{ script = { Disconnect-MarketoLaunchpoint; New-MarketoStaticList x 42 }; id = 'NotConnected'; category = 'ConnectionError' }
    ) {
        Assert-Failure $script $id $category
    }
}
