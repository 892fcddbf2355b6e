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
}
