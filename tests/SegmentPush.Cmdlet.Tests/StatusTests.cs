using System.Management.Automation;

namespace SegmentPush.Cmdlet.Tests;

public sealed class StatusTests
{
    [Fact]
    public void Pushes_come_newest_first_and_their_people_on_request()
    {
        using var session = new ModuleSession();
        session.Run($"$input | Invoke-SegmentPush -StaticList 1022 -Mapping {ModuleSession.Mapping}", ModuleSession.People(1));
        var push = session.One(
            $"$input | Invoke-SegmentPush -StaticList 1021 -Mapping {ModuleSession.Mapping}",
            [.. ModuleSession.People(2), .. ModuleSession.People(1, "nobody.example"), .. ModuleSession.People(1, "no domain"), .. ModuleSession.People(1)]);

        Assert.Equal([1021L, 1022L], session.Run("Get-PushStatus").Select(p => (long)p.Properties["StaticListId"].Value));
        Assert.Equal(push.Id, session.One("Get-PushStatus -Last 1").Id);
        Assert.Equal(1022L, session.One("Get-PushStatus -StaticList newsletter").StaticListId);
        Assert.Equal(2, session.Run("Get-PushStatus -State Completed").Count);
        Assert.Empty(session.Run("Get-PushStatus -State Failed, Interrupted"));
        var people = session.Run($"Get-PushStatus -Id {push.Id} -Outcome Rejected, Unmatched, Duplicate");
        Assert.Equal(
            [(3L, "Unmatched"), (4L, "Rejected"), (5L, "Duplicate")],
            people.Select(p => ((long)p.Properties["Row"].Value, p.Properties["Outcome"].Value.ToString()!)));
        Assert.Equal("AddressMalformed", people[1].Properties["Code"].Value);
        Assert.Equal("email", people[1].Properties["Column"].Value);
    }

    [Fact]
    public void A_status_pipes_back_in()
    {
        using var session = new ModuleSession();
        session.Run($"$input | Invoke-SegmentPush -StaticList 1021 -Mapping {ModuleSession.Mapping}", ModuleSession.People(3));

        Assert.Equal(3, session.Run("Get-PushStatus | Get-PushStatus -Outcome Added").Count);
        Assert.Equal(3, session.Run("Get-PushStatus | Get-MarketoStaticListMember").Count);
    }

    [Fact]
    public void An_unknown_push_is_an_error_that_names_it()
    {
        using var session = new ModuleSession(connected: false);

        var error = session.Fail("Get-PushStatus -Id 01234567-89ab-7def-8123-456789abcdef");

        Assert.StartsWith("PushNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("01234567", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_journal_has_no_pushes()
    {
        using var session = new ModuleSession(connected: false);

        Assert.Empty(session.Run("Get-PushStatus"));
    }
}
