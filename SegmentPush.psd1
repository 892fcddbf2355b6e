@{
    RootModule           = 'SegmentPush.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = 'c1b4f0a6-6a0e-4f2b-9a53-2f1c7f0f7d11'
    Author               = 'SegmentPush contributors'
    CompanyName          = 'SegmentPush'
    Copyright            = '(c) SegmentPush contributors. MIT licence.'
    Description          = 'Puts segments of people exported from Adobe Experience Platform onto Marketo static lists, and accounts for every person.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    TypesToProcess       = @('SegmentPush.Types.ps1xml')
    FormatsToProcess     = @('SegmentPush.Format.ps1xml')
    CmdletsToExport      = @(
        'Connect-ExperiencePlatform'
        'Connect-MarketoLaunchpoint'
        'Copy-PushJournal'
        'Disconnect-ExperiencePlatform'
        'Disconnect-MarketoLaunchpoint'
        'Export-PushReceipt'
        'Export-PushReport'
        'Export-SegmentDestination'
        'Get-MarketoAccount'
        'Get-MarketoConnection'
        'Get-MarketoField'
        'Get-MarketoFolder'
        'Get-MarketoPartition'
        'Get-MarketoStaticList'
        'Get-MarketoStaticListMember'
        'Get-MarketoUsage'
        'Get-PlatformAccount'
        'Get-PlatformAudience'
        'Get-PlatformExport'
        'Get-PushJournal'
        'Get-PushStatus'
        'Get-SegmentDestination'
        'Get-SegmentFile'
        'Get-SegmentPushTask'
        'Import-SegmentDestination'
        'Initialize-PushJournal'
        'Invoke-SegmentPush'
        'New-MarketoStaticList'
        'New-SegmentDestination'
        'New-SegmentMapping'
        'Register-SegmentPushTask'
        'Remove-MarketoAccount'
        'Remove-PlatformAccount'
        'Remove-PlatformExport'
        'Remove-PushHistory'
        'Remove-SegmentDestination'
        'Resume-SegmentPush'
        'Save-PlatformAudience'
        'Set-SegmentDestination'
        'Stop-SegmentPush'
        'Test-MarketoLaunchpoint'
        'Test-SegmentDestination'
        'Undo-SegmentPush'
        'Unregister-SegmentPushTask'
    )
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()

    # Pack writes the files of the package here.
    FileList             = @()
    PrivateData          = @{
        PSData = @{
            Tags       = @('Marketo', 'Adobe', 'ExperiencePlatform', 'Segment', 'StaticList')
            LicenseUri = 'https://opensource.org/license/mit'

            # The address of the project. Help, icon and release notes are below it.
            ProjectUri = 'https://github.com/SegmentPush/SegmentPush'
            IconUri    = 'https://github.com/SegmentPush/SegmentPush/raw/main/docs/images/icon.png'

            # Pack writes the newest section of CHANGELOG.md here.
            ReleaseNotes = ''
        }
    }
}
