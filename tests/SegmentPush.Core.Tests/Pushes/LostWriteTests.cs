using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Marketo writes fields and its answer is lost: what was sent before does not count as known any more.</summary>
public sealed class LostWriteTests
{
    // By identity, which may create people, and by the id that a lookup found.
    [Theory]
    [InlineData(PersonCreation.MatchExistingAndCreateMissing)]
    [InlineData(PersonCreation.MatchExisting)]
    public async Task A_value_that_came_before_a_lost_write_is_sent_again_by_the_next_push(PersonCreation creation)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, creation, ExistingPeople.Update, time: new HurriedTime());
        int ann = fixture.Push.Exist("ann@example.com")[0];
        await fixture.PushAsync("ann@example.com,Ann,");
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = "/rest/v1/leads.json" });

        var lost = await fixture.PushAsync("ann@example.com,Anna,");
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, "Anna"), (lost.State, fixture.Marketo.FindPerson(ann)!["firstName"]));

        // Not resumed: the segment of the next day has the old value again.
        var next = await fixture.PushAsync("ann@example.com,Ann,");

        Assert.Equal((PushState.Completed, 1), (next.State, next.AlreadyMember));
        Assert.Equal("Ann", fixture.Marketo.FindPerson(ann)!["firstName"]);
    }
}
