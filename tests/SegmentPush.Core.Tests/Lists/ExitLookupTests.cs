using SegmentPush.Lists;

namespace SegmentPush.Core.Tests.Lists;

/// <summary>What is known of the members that an exit names decides whether they are taken off, stay, or have to be looked up.</summary>
public sealed class ExitLookupTests
{
    private static readonly MemberKey s_ann = new(1, 1);

    [Fact]
    public void Members_whose_ids_are_known_are_taken_off_the_newest_one_first()
    {
        var exits = Decide(Leaving(1, 11), Leaving(2, 12));

        Assert.Equal(ExitedMembers.Listed, exits.Of(s_ann));
        Assert.Equal([12L, 11L], exits.MembersWithIds(s_ann).Select(member => member.MarketoId!.Value));
    }

    [Fact]
    public void Where_the_id_of_one_member_is_not_known_a_lookup_completes_the_others()
    {
        var exits = Decide(Leaving(1, 11), Leaving(2, null));

        Assert.Equal(ExitedMembers.Unknown, exits.Of(s_ann));
        Assert.Equal([11L], exits.MembersWithIds(s_ann).Select(member => member.MarketoId!.Value));
    }

    [Fact]
    public void Nobody_known_has_to_be_looked_up() => Assert.Equal(ExitedMembers.Unknown, Decide().Of(s_ann));

    [Fact]
    public void A_member_that_the_list_lacks_needs_no_call() => Assert.Equal(ExitedMembers.NotListed, Decide(Missing(1, 11)).Of(s_ann));

    [Fact]
    public void A_member_on_the_list_leaves_where_another_one_is_missing() => Assert.Equal(ExitedMembers.Listed, Decide(Leaving(2, 12), Missing(1, 11)).Of(s_ann));

    [Fact]
    public void A_member_that_another_row_names_stays()
    {
        var facts = new PersonFacts(IsMember: true, IsListed: true, NamedBy.Exit) { IsNamedOtherwise = true };

        Assert.Equal(ExitedMembers.NamedOtherwise, Decide(new ListDecision(ListAction.Leave, facts, 11, 1, s_ann)).Of(s_ann));
    }

    [Fact]
    public void An_identity_that_another_member_has_by_now_has_to_be_looked_up()
    {
        Assert.Equal(ExitedMembers.Unknown, Decide([s_ann], Leaving(1, 11)).Of(s_ann));
        Assert.Equal(ExitedMembers.Unknown, Decide([s_ann], Missing(1, 11)).Of(s_ann));
    }

    [Fact]
    public void Members_that_a_lost_call_may_have_taken_off_are_told()
    {
        var exits = new ExitLookup(StepsOf([], Missing(1, 11), Missing(2, 12)), id => id == 12);

        Assert.Equal([2], exits.TakenOffBefore(s_ann).Select(member => member.Number!.Value));
    }

    private static ExitLookup Decide(params ListDecision[] decisions) => Decide([], decisions);

    private static ExitLookup Decide(MemberKey[] newNames, params ListDecision[] decisions) => new(StepsOf(newNames, decisions), _ => false);

    private static ListSteps StepsOf(MemberKey[] newNames, params ListDecision[] decisions) =>
        new() { Decisions = decisions, Snapshot = new SnapshotEdits(), NewNames = newNames.ToHashSet() };

    private static ListDecision Leaving(int number, long? id) =>
        new(ListAction.Remove, new PersonFacts(IsMember: true, IsListed: null, NamedBy.Exit), id, number, s_ann);

    private static ListDecision Missing(int number, long id) =>
        new(ListAction.Forget, new PersonFacts(IsMember: true, IsListed: false, NamedBy.Exit), id, number, s_ann);
}
