using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>An identity may belong to another person, or to nobody, by now. A resume decides about the list as the uninterrupted push does.</summary>
public sealed class ResumeIdentityTests
{
    private static readonly string[] s_rows = [.. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com,P{i},realized")];

    [Fact]
    public async Task A_resume_puts_a_person_on_the_list_who_has_the_identity_of_a_member_with_an_id_in_doubt()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime());
        var (push, other) = await PushForAnotherHolderAsync(fixture, SandboxFault.HttpStatus(503));
        Assert.Equal((PushState.Interrupted, 0L), (push.State, push.Added));

        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, 1L, 0L), (push.State, push.Added, push.AlreadyMember));
        Assert.Contains(other, fixture.Marketo.GetMembers(PushFixture.ListId));
    }

    [Fact]
    public async Task An_undo_of_an_interrupted_push_says_that_it_can_not_tell_whether_a_member_in_doubt_was_added()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime());
        var (push, other) = await PushForAnotherHolderAsync(fixture, SandboxFault.BreakAfter());
        Assert.Equal(PushState.Interrupted, push.State);

        var undone = await fixture.UndoAsync(push);

        var person = fixture.Push.PersonOf(undone, 1);
        Assert.Equal(("MemberInDoubt", PersonOutcome.AlreadyMember), (person.Code, person.Outcome));
        Assert.Contains(other, fixture.Marketo.GetMembers(PushFixture.ListId));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_undo_of_an_interrupted_push_keeps_a_member_in_doubt_also_after_the_list_was_read_anew(int readings)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime());
        var (push, other) = await PushForAnotherHolderAsync(fixture, SandboxFault.BreakAfter());
        Assert.Equal(PushState.Interrupted, push.State);
        for (int i = 0; i < readings; i++) await fixture.PushFilesAsync([fixture.File("email,first,segmentMembership.status", "p9@example.com,P9,realized")], resync: true);

        var undone = await fixture.UndoAsync(push, force: true);

        var person = fixture.Push.PersonOf(undone, 1);
        Assert.Equal(("MemberInDoubt", PersonOutcome.AlreadyMember), (person.Code, person.Outcome));
        Assert.Contains(other, fixture.Marketo.GetMembers(PushFixture.ListId));
    }

    [Fact]
    public async Task A_resume_puts_nobody_back_whose_identity_nobody_has()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, PersonCreation.MatchExisting, ExistingPeople.Update, time: new HurriedTime());
        int[] people = fixture.Push.Exist([.. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com")]);
        await fixture.PushAsync(s_rows);
        Rename(fixture, "p1@example.com", "former@example.com");
        fixture.Marketo.RemoveFromList(PushFixture.ListId, people[1]);
        fixture.Marketo.Inject(SandboxFault.HttpStatus(503) with { Path = "/rest/v1/lists/1021/leads.json", Method = "GET" });
        string[] changed = [.. s_rows.Select(row => row.Replace(",P1,", ",Changed,", StringComparison.Ordinal))];
        var push = await fixture.PushAsync(changed);
        Assert.Equal((PushState.Interrupted, 1L), (push.State, push.Unmatched));
        fixture.Marketo.ClearFaults();

        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, 0L, 1L, true), (push.State, push.Added, push.Unmatched, push.IsVerified));
        Assert.DoesNotContain(people[1], fixture.Marketo.GetMembers(PushFixture.ListId));
    }

    [Fact]
    public async Task An_exit_leaves_a_person_on_the_list_whose_identity_a_row_of_the_same_import_names()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime());
        await fixture.PushAsync(s_rows);
        int renamed = IdOf(fixture, "p2@example.com");
        Rename(fixture, "p1@example.com", "former@example.com");
        Rename(fixture, "p2@example.com", "p1@example.com");
        fixture.Push.Delivery = Delivery.Bulk;

        var push = await fixture.PushAsync("p1@example.com,Changed,realized", "p2@example.com,P2,exited");

        Assert.Equal((PushState.Completed, 0L), (push.State, push.Removed));
        Assert.Contains(renamed, fixture.Marketo.GetMembers(PushFixture.ListId));
    }

    private static int IdOf(DestinationFixture fixture, string address) => fixture.Marketo.FindPeople("email", address).Single().Id;

    // An import put the id of a member in doubt, another person has the identity by now, and the call that adds that one to the list fails.
    private static async Task<(PushStatus Push, int Other)> PushForAnotherHolderAsync(DestinationFixture fixture, SandboxFault fault)
    {
        await fixture.PushAsync(s_rows);
        fixture.Push.Delivery = Delivery.Bulk;
        await fixture.PushAsync("p1@example.com,Imported,realized");
        Rename(fixture, "p1@example.com", "former@example.com");
        int other = fixture.Push.Exist("p1@example.com")[0];
        fixture.Push.Delivery = Delivery.Sync;
        fixture.Marketo.Inject(fault with { Path = "/rest/v1/lists/1021/leads.json", Method = "POST" });
        var push = await fixture.PushAsync("p1@example.com,Changed,realized");
        fixture.Marketo.ClearFaults();
        return (push, other);
    }

    private static void Rename(DestinationFixture fixture, string from, string to) =>
        fixture.Marketo.UpdatePerson(IdOf(fixture, from), new Dictionary<string, object?> { ["email"] = to });
}
