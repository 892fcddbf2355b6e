using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Pushes;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>What an undo decides about each edit of a push.</summary>
public sealed class UndoDecisionTests
{
    [Theory]
    [InlineData(PersonOutcome.Added, true, true, PersonOutcome.AlreadyMember)]
    [InlineData(PersonOutcome.Added, true, false, PersonOutcome.NotMember)]
    [InlineData(PersonOutcome.Added, false, false, PersonOutcome.NotMember)]
    [InlineData(PersonOutcome.Removed, true, true, PersonOutcome.AlreadyMember)]
    [InlineData(PersonOutcome.Removed, true, false, PersonOutcome.NotMember)]
    [InlineData(PersonOutcome.Removed, false, true, PersonOutcome.AlreadyMember)]
    public void Who_is_left_alone_is_a_member_where_the_list_holds_the_person(PersonOutcome edit, bool isUnsure, bool isListed, PersonOutcome outcome)
    {
        var decided = Assert.Single(Decide([Edit(edit) with { IsUnsure = isUnsure }], isListed ? [11] : []));

        Assert.Equal((ListAction.Leave, outcome), (decided.Action, decided.OutcomeIfLeft));
    }

    [Fact]
    public void Who_was_both_taken_off_and_added_counts_as_a_member_beside_the_edit_that_puts_the_person_back()
    {
        var decided = Decide([Edit(PersonOutcome.Removed), Edit(PersonOutcome.Added)], []);

        Assert.Equal([ListAction.Add, ListAction.Leave], decided.Select(undo => undo.Action));
        Assert.Equal(PersonOutcome.AlreadyMember, decided[1].OutcomeIfLeft);
    }

    [Fact]
    public void A_person_without_an_id_that_two_pages_of_the_list_show_is_one_person()
    {
        var hash = new Hash128(1, 2);
        ListEdit[] edits = [new(PersonOutcome.Added, "ann@example.com", PersonChange.Unchanged, null, hash)];
        var listed = new ListBeforeUndo(edits, null);
        for (int page = 0; page < 2; page++) listed.Add(11, () => hash);

        var decided = Assert.Single(UndoDecision.Of(edits, listed, null));

        Assert.Equal((ListAction.Remove, 11L), (decided.Action, decided.MarketoId));
    }

    private static ListEdit Edit(PersonOutcome outcome) => new(outcome, "ann@example.com", PersonChange.Unchanged, 11, null);

    private static IReadOnlyList<UndoDecision> Decide(IReadOnlyList<ListEdit> edits, IReadOnlyList<long> ids)
    {
        var listed = new ListBeforeUndo(edits, null);
        foreach (long id in ids) listed.Add(id, () => default);
        return UndoDecision.Of(edits, listed, null);
    }
}
