using SegmentPush.Lists;

namespace SegmentPush.Core.Tests.Lists;

/// <summary>What is decided about a list that is not read.</summary>
public sealed class UnreadListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IdentityHash _hash;

    public UnreadListTests() => _hash = IdentityHash.Open(_folder.Path);

    [Fact]
    public void Of_two_entries_of_one_person_who_leaves_an_unread_list_the_newest_leaves_and_the_other_is_forgotten()
    {
        using var snapshot = SnapshotOf((1, "ann", 11), (2, "anna", 11), (3, "bob", 12));
        Name(snapshot, "bob");

        var edits = UnreadListDecider.Decide(snapshot, PushMode.Mirror, int.MaxValue);

        Assert.Equal([(11L, (int?)2)], edits.Removals.Select(removal => (removal.MarketoId!.Value, removal.Number)));
        Assert.Equal([1], edits.Snapshot.Forgotten);
    }

    [Fact]
    public void Two_exits_of_one_person_are_two_removals_of_an_unread_list_so_that_each_row_finds_its_member()
    {
        using var snapshot = SnapshotOf((1, "ann", 11), (2, "anna", 11));
        Name(snapshot, "ann", isExit: true);
        Name(snapshot, "anna", isExit: true);

        var edits = UnreadListDecider.Decide(snapshot, PushMode.Delta, int.MaxValue);

        Assert.Equal([1, 2], edits.Removals.Select(removal => removal.Number!.Value).Order());
    }

    public void Dispose()
    {
        _hash.Dispose();
        _folder.Dispose();
    }

    private void Name(Snapshot snapshot, string identity, bool isExit = false) => Assert.True(snapshot.TryName(_hash.HashOf(identity), 0, isExit, out _));

    private Snapshot SnapshotOf(params (int Number, string Identity, long Id)[] members) => Snapshot.Of(
        IdentityHash.Open(_folder.Path), [.. members.Select(member => new Member(member.Number, _hash.HashOf(member.Identity), 0, member.Id, IsFromSegment: true))]);
}
