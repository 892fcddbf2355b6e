using System.Management.Automation;

namespace SegmentPush.Cmdlet.Tests;

public sealed class StaticListTests
{
    [Theory]
    [InlineData("Get-MarketoStaticList", 2)]
    [InlineData("Get-MarketoStaticList -Name *webinar*", 1)]
    [InlineData("Get-MarketoStaticList Newsletter", 1)]
    [InlineData("Get-MarketoStaticList -Id 1021, ST1022", 2)]
    [InlineData("Get-MarketoStaticList *nothing*", 0)]
    public void Lists_are_found_by_id_name_and_wildcard(string script, int count)
    {
        using var session = new ModuleSession();

        Assert.Equal(count, session.Run(script).Count);
    }

    [Fact]
    public void A_list_that_is_not_there_is_an_error_and_the_others_come()
    {
        using var session = new ModuleSession();

        var (output, error, _) = session.Try("Get-MarketoStaticList -Id 77777, 1021");

        Assert.Single(output);
        Assert.StartsWith("StaticListNotFound,", error!.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_of_a_list_come_page_by_page_and_a_list_pipes_in()
    {
        using var session = new ModuleSession();
        session.Run($"$input | Invoke-SegmentPush -StaticList 1021 -Mapping {ModuleSession.Mapping} -PersonCreation MatchExistingAndCreateMissing", ModuleSession.People(700));

        var members = session.Run("Get-MarketoStaticList -Id 1021 | Get-MarketoStaticListMember -Field company");

        Assert.Equal(700, members.Select(m => m.Properties["Id"].Value).Distinct().Count());
        Assert.Contains(members, m => (string)m.Properties["Email"].Value == "person700@example.com");
    }

    [Theory]
    [InlineData("'Group Lists'")]
    [InlineData("42")]
    [InlineData("Program:1034")]
    public void A_list_is_created_in_a_folder_and_stands_where_a_list_is_named(string folder)
    {
        using var session = new ModuleSession();

        var list = session.One($"New-MarketoStaticList 'Autumn 2026' {folder} -Description 'From AEP'");
        var push = session.One($"$input | Invoke-SegmentPush -StaticList 'Autumn 2026' -Mapping {ModuleSession.Mapping} -PersonCreation MatchExistingAndCreateMissing", ModuleSession.People(3));

        Assert.Equal(("Autumn 2026", "From AEP"), ((string)list.Name, (string)list.Description));
        Assert.Equal((long)list.Id, (long)push.StaticListId);
        Assert.Equal((long)list.Id, (long)session.One($"Get-MarketoStaticList -Id {list.Id}").Id);
        Assert.Equal(3, session.Run("Get-MarketoStaticList 'Autumn 2026' | Get-MarketoStaticListMember").Count);
    }

    [Fact]
    public void WhatIf_creates_no_list_and_still_finds_a_folder_that_is_not_there()
    {
        using var session = new ModuleSession();

        Assert.Empty(session.Run("New-MarketoStaticList 'Autumn 2026' 'Group Lists' -WhatIf"));
        Assert.Equal("StaticListNotFound", session.Fail("Get-MarketoStaticList 'Autumn 2026'").FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal("FolderNotFound", session.Fail("New-MarketoStaticList 'Autumn 2026' 'No such folder' -WhatIf").FullyQualifiedErrorId.Split(',')[0]);
    }

    [Theory]
    [InlineData("New-MarketoStaticList 'Webinar EMEA' 42", "StaticListExists", ErrorCategory.ResourceExists)]
    [InlineData("New-MarketoStaticList x 4242", "FolderNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("New-MarketoStaticList x ' '", "InvalidFolder", ErrorCategory.InvalidArgument)]
    [InlineData("New-MarketoStaticList ' ' 42", "InvalidStaticList", ErrorCategory.InvalidArgument)]
    [InlineData("Disconnect-MarketoLaunchpoint; New-MarketoStaticList x 42", "NotConnected", ErrorCategory.ConnectionError)]
    public void A_list_that_cannot_be_created_is_an_error_that_says_what_to_do(string script, string id, ErrorCategory category)
    {
        using var session = new ModuleSession();

        var error = session.Fail(script);

        Assert.Equal((id, category), (error.FullyQualifiedErrorId.Split(',')[0], error.CategoryInfo.Category));
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }
}
