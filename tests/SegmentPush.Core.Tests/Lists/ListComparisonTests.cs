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

        var edits = Compare(snapshot, PushMode.Mirror, (11, "anna"));

        Assert.Empty(edits.Removals);
        Assert.Empty(edits.PutBacks);
        Assert.True(edits.Snapshot.IsEmpty);
        Assert.Equal((1L, 0L), (edits.Read, edits.Strangers));
    }

    [Fact]
    public void A_member_with_a_new_identity_gives_way_to_the_person_who_has_its_old_one()
    {
        using var snapshot = SnapshotOf((1, "ann", 11));
        Name(snapshot, "ann");

        var edits = Compare(snapshot, PushMode.Mirror, (11, "anna"), (12, "ann"));

        Assert.Equal([11L], edits.Removals.Select(removal => removal.MarketoId!.Value));
        Assert.Equal([12L], edits.Snapshot.Joined.Select(member => member.MarketoId!.Value));
    }

    [Fact]
    public void A_member_that_a_row_at_fault_names_by_its_new_identity_stays()
    {
        using var snapshot = SnapshotOf((1, "ann", 11));
        snapshot.NoteNamed(Hash("anna"));

        var edits = Compare(snapshot, PushMode.Mirror, (11, "anna"));

        Assert.Empty(edits.Removals);
        Assert.Empty(edits.Snapshot.Forgotten);
    }

    [Fact]
    public void A_person_who_takes_the_place_of_a_deleted_member_stands_for_it_and_has_been_sent_nothing()
    {
        using var snapshot = SnapshotOf((1, "ann", 11));
        Name(snapshot, "ann");

        var edits = Compare(snapshot, PushMode.Mirror, (12, "ann"));

        Assert.Equal([new LearntId(1, 12, IsOther: true)], edits.Snapshot.Learnt);
        Assert.Equal(0, edits.Strangers);
    }

    [Fact]
    public void Two_entries_of_one_person_become_one_and_the_person_stays_where_either_is_named()
    {
        using var snapshot = SnapshotOf((1, "ann", 11), (2, "anna", 11));
        Name(snapshot, "ann");

        var edits = Compare(snapshot, PushMode.Mirror, (11, "anna"));

        Assert.Empty(edits.Removals);
        Assert.Equal([1], edits.Snapshot.Forgotten);
    }

    [Fact]
    public void An_exit_takes_off_all_people_with_the_identity_but_not_a_person_that_another_row_names()
    {
        using var snapshot = SnapshotOf((1, "ann", 11), (2, "ann", 12), (3, "anna", 12));
        Name(snapshot, "ann", isExit: true);
        Name(snapshot, "anna");

        var edits = ListComparison.DecideUnread(snapshot, PushMode.Delta, 3);

        Assert.Equal([11L], edits.Removals.Select(removal => removal.MarketoId!.Value));
        Assert.True(edits.Removals[0].IsExit);
        Assert.Equal([MemberTable.KeyOf(Hash("ann"))], edits.NamedOtherwise);
        Assert.Equal([2], edits.Snapshot.Forgotten);
    }

    [Fact]
    public void A_person_that_an_extract_still_shows_after_the_removal_is_not_removed_twice()
    {
        using var snapshot = SnapshotOf((1, "ann", 11));
        Name(snapshot, "ann");
        var comparison = new ListComparison(snapshot, PushMode.Mirror) { TakenOff = new HashSet<long> { 12 } };
        comparison.Read([new ListedPerson(11, "ann"), new ListedPerson(12, "bob")]);

        var edits = comparison.Decide();

        Assert.Empty(edits.Removals);
        Assert.Equal((1L, 0L), (edits.Read, edits.Strangers));
    }

    [Fact]
    public void The_id_of_a_member_that_an_import_did_not_tell_is_learnt()
    {
        using var snapshot = Snapshot.Of(IdentityHash.Open(_folder.Path), [new Member(1, Hash("ann"), 5, null, IsFromSegment: true)]);
        Name(snapshot, "ann");

        var edits = Compare(snapshot, PushMode.Append, (11, "ANN"));

        Assert.Equal([new LearntId(1, 11, IsOther: false)], edits.Snapshot.Learnt);
    }

    [Theory]
    [InlineData(PushMode.Append)]
    [InlineData(PushMode.Delta)]
    public void Everybody_on_the_list_is_in_the_snapshot_afterwards(PushMode mode)
    {
        using var snapshot = SnapshotOf((1, "ann", 11), (2, "bob", 12));

        var edits = Compare(snapshot, mode, (11, "ann"), (13, "cyd"), (14, null));

        Assert.Equal([13L, 14L], edits.Snapshot.Joined.Select(member => member.MarketoId!.Value));
        Assert.Equal(mode == PushMode.Append ? [2] : [], edits.Snapshot.Forgotten);
        Assert.Equal(mode == PushMode.Append ? 0 : 1, edits.PutBacks.Count);
        Assert.Equal((3L, 2L), (edits.Read, edits.Strangers));
    }

    public void Dispose()
    {
        _hash.Dispose();
        _folder.Dispose();
    }

    private static ListEdits Compare(Snapshot snapshot, PushMode mode, params (long Id, string? Identity)[] list)
    {
        var comparison = new ListComparison(snapshot, mode);
        comparison.Read([.. list.Select(person => new ListedPerson(person.Id, person.Identity))]);
        return comparison.Decide();
    }

    private void Name(Snapshot snapshot, string identity, bool isExit = false) => Assert.True(snapshot.TryName(Hash(identity), 0, isExit, out _));

    private Snapshot SnapshotOf(params (int Number, string Identity, long Id)[] members) => Snapshot.Of(
        IdentityHash.Open(_folder.Path), [.. members.Select(member => new Member(member.Number, Hash(member.Identity), 0, member.Id, IsFromSegment: true))]);

    private Hash128 Hash(string identity) => _hash.HashOf(identity);
}
