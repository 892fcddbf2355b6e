using SegmentPush.Lists;
using SegmentPush.Marketo;

namespace SegmentPush.Core.Tests.Lists;

/// <summary>A list is compared with its snapshot: people are the same where identity key or id says so.</summary>
public sealed class ListComparisonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IdentityHash _hash;

    public ListComparisonTests() => _hash = IdentityHash.Open(_folder.Path);

    [Fact]
    public void A_member_with_a_new_identity_in_Marketo_is_the_same_person()
    {
        using var snapshot = SnapshotOf((1, "ann", 11));
        Name(snapshot, "ann");

        var steps = Compare(snapshot, PushMode.Mirror, (11, "anna"));

        Assert.Empty(steps.Removals);
        Assert.Empty(steps.PutBacks);
        Assert.True(steps.Snapshot.IsEmpty);
        Assert.Equal((1L, 0L), (steps.Read, steps.Strangers));
    }

    [Fact]
    public void A_member_with_a_new_identity_gives_way_to_the_person_who_has_its_old_one()
    {
        using var snapshot = SnapshotOf((1, "ann", 11));
        Name(snapshot, "ann");

        var steps = Compare(snapshot, PushMode.Mirror, (11, "anna"), (12, "ann"));

        Assert.Equal([11L], steps.Removals.Select(removal => removal.MarketoId!.Value));
        Assert.Equal([12L], steps.Snapshot.Joined.Select(member => member.MarketoId!.Value));
    }

    [Fact]
    public void A_member_with_a_new_identity_gives_way_to_a_later_member_with_its_old_one_also_where_the_list_lacks_that_one()
    {
        using var snapshot = SnapshotOf((1, "ann", 11), (2, "ann", 12));
        Name(snapshot, "ann");

        var steps = Compare(snapshot, PushMode.Mirror, (11, "anna"));

        Assert.Equal([11L], steps.Removals.Select(removal => removal.MarketoId!.Value));
        Assert.Equal([2], steps.PutBacks.Select(member => member.Number));
    }

    [Fact]
    public void A_missing_member_whose_identity_somebody_on_the_list_has_is_not_put_back_unasked()
    {
        using var snapshot = SnapshotOf((1, "ann", 11), (2, "bob", 12));
        Name(snapshot, "ann");

        var steps = Compare(snapshot, PushMode.Mirror, (12, "ann"));

        Assert.Empty(steps.Removals);
        Assert.Equal([(1, null, (long?)11)], steps.PutBacks.Select(member => (member.Number, member.MarketoId, member.DoubtedId)));
    }

    [Fact]
    public void Of_missing_members_with_the_identity_of_a_new_person_one_is_that_person_and_the_others_are_not_put_back_unasked()
    {
        using var snapshot = SnapshotOf((1, "ann", 11), (2, "ann", 12));
        Name(snapshot, "ann");

        var steps = Compare(snapshot, PushMode.Mirror, (13, "ann"));

        Assert.Empty(steps.Removals);

        // Either of them may be the person.
        var learnt = Assert.Single(steps.Snapshot.Learnt);
        Assert.Equal((13, true), (learnt.MarketoId, learnt.IsOther));
        int other = 3 - learnt.Number;
        Assert.Equal([(other, null, (long?)(10 + other))], steps.PutBacks.Select(member => (member.Number, member.MarketoId, member.DoubtedId)));
    }

    [Fact]
    public void An_exit_takes_off_a_member_with_the_new_identity_whose_old_one_is_another_persons()
    {
        using var snapshot = SnapshotOf((1, "ann", 11), (2, "ann", 12));
        Name(snapshot, "ann");
        Name(snapshot, "anna", isExit: true);

        var steps = Compare(snapshot, PushMode.Delta, (11, "anna"), (12, "ann"));

        Assert.Equal([(11L, (int?)1, MemberTable.KeyOf(Hash("anna")))], steps.Removals.Select(removal => (removal.MarketoId!.Value, removal.Number, removal.Key)));
        Assert.True(steps.Removals[0].IsExit);
        Assert.Empty(steps.Snapshot.Joined);
        Assert.Empty(steps.Snapshot.Forgotten);
    }

    [Fact]
    public void A_member_that_a_row_at_fault_names_by_its_new_identity_stays()
    {
        using var snapshot = SnapshotOf((1, "ann", 11));
        snapshot.NoteNamed(Hash("anna"));

        var steps = Compare(snapshot, PushMode.Mirror, (11, "anna"));

        Assert.Empty(steps.Removals);
        Assert.Empty(steps.Snapshot.Forgotten);
    }

    [Fact]
    public void A_person_who_takes_the_place_of_a_deleted_member_stands_for_it_and_has_been_sent_nothing()
    {
        using var snapshot = SnapshotOf((1, "ann", 11));
        Name(snapshot, "ann");

        var steps = Compare(snapshot, PushMode.Mirror, (12, "ann"));

        Assert.Equal([new LearntId(1, 12, IsOther: true)], steps.Snapshot.Learnt);
        Assert.Equal(0, steps.Strangers);
    }

    [Fact]
    public void Two_entries_of_one_person_become_one_and_the_person_stays_where_either_is_named()
    {
        using var snapshot = SnapshotOf((1, "ann", 11), (2, "anna", 11));
        Name(snapshot, "ann");

        var steps = Compare(snapshot, PushMode.Mirror, (11, "anna"));

        Assert.Empty(steps.Removals);
        Assert.Equal([1], steps.Snapshot.Forgotten);
    }

    [Fact]
    public void An_exit_takes_off_all_people_with_the_identity_but_not_a_person_that_another_row_names()
    {
        using var snapshot = SnapshotOf((1, "ann", 11), (2, "ann", 12), (3, "anna", 12));
        Name(snapshot, "ann", isExit: true);
        Name(snapshot, "anna");

        var steps = UnreadListDecider.Decide(snapshot, PushMode.Delta, 3);

        Assert.Equal([11L], steps.Removals.Select(removal => removal.MarketoId!.Value));
        Assert.True(steps.Removals[0].IsExit);
        Assert.Equal(ExitedMembers.Listed, new ExitLookup(steps, _ => false).Of(MemberTable.KeyOf(Hash("ann"))));
        Assert.Equal([2], steps.Snapshot.Forgotten);
    }

    [Fact]
    public void A_person_that_an_extract_still_shows_after_the_removal_is_not_removed_twice()
    {
        using var snapshot = SnapshotOf((1, "ann", 11));
        Name(snapshot, "ann");
        var comparison = new ListComparison(snapshot, PushMode.Mirror) { TakenOff = new HashSet<long> { 12 } };
        comparison.Read([new ListedPerson(11, "ann"), new ListedPerson(12, "bob")]);

        var steps = comparison.Decide();

        Assert.Empty(steps.Removals);
        Assert.Equal((1L, 0L), (steps.Read, steps.Strangers));
    }

    [Fact]
    public void The_id_of_a_member_that_an_import_did_not_tell_is_learnt()
    {
        using var snapshot = Snapshot.Of(IdentityHash.Open(_folder.Path), [new Member(1, Hash("ann"), 5, null, IsFromSegment: true)]);
        Name(snapshot, "ann");

        var steps = Compare(snapshot, PushMode.Append, (11, "ANN"));

        Assert.Equal([new LearntId(1, 11, IsOther: false)], steps.Snapshot.Learnt);
    }

    [Fact]
    public void Two_members_who_have_swapped_their_identities_both_stay_and_are_known_by_the_new_ones()
    {
        using var snapshot = SnapshotOf((1, "ann", 11), (2, "bob", 12));
        Name(snapshot, "ann");
        Name(snapshot, "bob");

        var steps = Compare(snapshot, PushMode.Mirror, (11, "bob"), (12, "ann"));

        Assert.Empty(steps.Removals);
        Assert.Empty(steps.PutBacks);
        Assert.Equal([1, 2], steps.Snapshot.Forgotten.Order());
        Assert.Equal([11L, 12L], steps.Snapshot.Joined.Select(member => member.MarketoId!.Value).Order());
    }

    [Fact]
    public void A_person_that_an_import_created_under_the_old_identity_of_a_member_is_no_stranger()
    {
        using var snapshot = SnapshotOf((1, "ann", 11));
        Name(snapshot, "ann");

        var steps = Compare(snapshot, PushMode.Append, (11, "anna"), (12, "ann"));
        var ofImport = steps.WithAddedByImport([1]);

        Assert.Equal([new ImportedMember(1, ImportedIdentity.LeftBehind)], steps.Imported);
        Assert.Equal(1, steps.Strangers);
        Assert.Equal(0, ofImport.Strangers);
        Assert.Equal([1], ofImport.Snapshot.Doubted);
    }

    [Fact]
    public void What_an_import_sent_to_a_person_who_replaces_a_deleted_member_is_known()
    {
        using var snapshot = SnapshotOf((1, "ann", 11));
        Name(snapshot, "ann");

        var steps = Compare(snapshot, PushMode.Append, (12, "ann"));

        Assert.Equal([new ImportedMember(1, ImportedIdentity.Replaced)], steps.Imported);
        Assert.Equal([new LearntId(1, 12, IsOther: false)], steps.WithAddedByImport([1]).Snapshot.Learnt);
        Assert.Same(steps, steps.WithAddedByImport([]));
    }

    [Fact]
    public void People_that_an_earlier_process_took_off_a_mirror_are_counted_also_where_the_snapshot_does_not_know_them()
    {
        using var snapshot = SnapshotOf((1, "ann", 11), (2, "bob", 12));
        Name(snapshot, "ann");
        var comparison = new ListComparison(snapshot, PushMode.Mirror) { SentOff = new HashSet<long> { 11, 12, 13, 14 } };
        comparison.Read([new ListedPerson(11, "ann"), new ListedPerson(14, "dan")]);

        var steps = comparison.Decide();

        Assert.Equal([(12L, (int?)2), (13L, null)], steps.RemovedBefore.Select(removed => (removed.MarketoId!.Value, removed.Number)));
        Assert.Equal([14L], steps.Removals.Select(removal => removal.MarketoId!.Value));
        Assert.Equal([2], steps.Snapshot.Forgotten);
    }

    [Theory]
    [InlineData(PushMode.Append)]
    [InlineData(PushMode.Delta)]
    public void Everybody_on_the_list_is_in_the_snapshot_afterwards(PushMode mode)
    {
        using var snapshot = SnapshotOf((1, "ann", 11), (2, "bob", 12));

        var steps = Compare(snapshot, mode, (11, "ann"), (13, "cyd"), (14, null));

        Assert.Equal([13L, 14L], steps.Snapshot.Joined.Select(member => member.MarketoId!.Value));
        Assert.Equal(mode == PushMode.Append ? [2] : [], steps.Snapshot.Forgotten);
        Assert.Equal(mode == PushMode.Append ? 0 : 1, steps.PutBacks.Count);
        Assert.Equal((3L, 2L), (steps.Read, steps.Strangers));
    }

    [Fact]
    public void A_member_that_two_pages_show_is_one_person()
    {
        using var snapshot = SnapshotOf((1, "ann", 11), (2, "bob", 12));

        var steps = ComparePages(snapshot, PushMode.Append, [(11, "ann"), (12, "bob")], [(12, "bob")]);

        Assert.Equal((2L, 0L), (steps.Read, steps.Strangers));
    }

    [Fact]
    public void A_member_whose_id_was_not_known_is_one_person_where_two_pages_show_it()
    {
        using var snapshot = Snapshot.Of(IdentityHash.Open(_folder.Path), [new Member(1, Hash("ann"), 5, null, IsFromSegment: true)]);

        var steps = ComparePages(snapshot, PushMode.Append, [(11, "ann")], [(11, "ann")]);

        Assert.Equal([new LearntId(1, 11, IsOther: false)], steps.Snapshot.Learnt);
        Assert.Equal((1L, 0L), (steps.Read, steps.Strangers));
    }

    [Theory]
    [InlineData(PushMode.Append, null)]
    [InlineData(PushMode.Delta, null)]
    [InlineData(PushMode.Delta, "cyd")]
    [InlineData(PushMode.Mirror, null)]
    public void A_stranger_that_two_pages_show_is_one_person(PushMode mode, string? exit)
    {
        using var snapshot = SnapshotOf((1, "ann", 11));
        Name(snapshot, "ann");
        if (exit is not null) Name(snapshot, exit, isExit: true);

        var steps = ComparePages(snapshot, mode, [(11, "ann"), (13, "cyd")], [(13, "cyd")]);

        Assert.Equal((2L, 1L), (steps.Read, steps.Strangers));
        bool leaves = mode == PushMode.Mirror || exit is not null;
        Assert.Equal(leaves ? [13L] : [], steps.Removals.Select(removal => removal.MarketoId!.Value));
        Assert.Equal(leaves ? [] : [13L], steps.Snapshot.Joined.Select(member => member.MarketoId!.Value));
    }

    [Fact]
    public void A_member_that_gets_another_identity_between_two_pages_that_show_it_is_one_person()
    {
        using var first = SnapshotOf((1, "ann", 11));
        using var second = SnapshotOf((1, "ann", 11));

        ListSteps[] all =
        [
            ComparePages(first, PushMode.Delta, [(11, "ann")], [(11, "anna")]),
            ComparePages(second, PushMode.Delta, [(11, "anna")], [(11, "ann")]),
        ];

        Assert.All(all, steps => Assert.Equal((1L, 0L), (steps.Read, steps.Strangers)));
        Assert.All(all, steps => Assert.Empty(steps.Snapshot.Joined));
    }

    [Fact]
    public void Everybody_counts_again_in_a_second_reading()
    {
        using var snapshot = SnapshotOf((1, "ann", 11));
        var comparison = new ListComparison(snapshot, PushMode.Append);
        ListedPerson[] page = [new(11, "ann"), new(13, "cyd")];
        comparison.Read(page);
        comparison.BeginAgain();
        comparison.Read(page);

        var steps = comparison.Decide();

        Assert.Equal((2L, 1L), (steps.Read, steps.Strangers));
        Assert.Equal([13L], steps.Snapshot.Joined.Select(member => member.MarketoId!.Value));
    }

    public void Dispose()
    {
        _hash.Dispose();
        _folder.Dispose();
    }

    private static ListSteps Compare(Snapshot snapshot, PushMode mode, params (long Id, string? Identity)[] list)
    {
        var comparison = new ListComparison(snapshot, mode);
        comparison.Read([.. list.Select(person => new ListedPerson(person.Id, person.Identity))]);
        return comparison.Decide();
    }

    private static ListSteps ComparePages(Snapshot snapshot, PushMode mode, params (long Id, string? Identity)[][] pages)
    {
        var comparison = new ListComparison(snapshot, mode);
        foreach (var page in pages) comparison.Read([.. page.Select(person => new ListedPerson(person.Id, person.Identity))]);
        return comparison.Decide();
    }

    private void Name(Snapshot snapshot, string identity, bool isExit = false) => Assert.True(snapshot.TryName(Hash(identity), 0, isExit, out _));

    private Snapshot SnapshotOf(params (int Number, string Identity, long Id)[] members) => Snapshot.Of(
        IdentityHash.Open(_folder.Path), [.. members.Select(member => new Member(member.Number, Hash(member.Identity), 0, member.Id, IsFromSegment: true))]);

    private Hash128 Hash(string identity) => _hash.HashOf(identity);
}
