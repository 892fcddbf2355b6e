using System.Runtime.CompilerServices;
using SegmentPush.Lists;

namespace SegmentPush.Core.Tests.Lists;

/// <summary>What a snapshot holds in memory of each person.</summary>
public sealed class MemberEntryTests
{
    private static readonly MemberKey s_key = new(5, 7);

    [Fact]
    public void A_person_takes_32_bytes() => Assert.Equal(32, Unsafe.SizeOf<MemberEntry>());

    [Theory]
    [InlineData(1, null, false, false)]
    [InlineData(MemberEntry.MaxNumber, 1L, false, true)]
    [InlineData(2, long.MaxValue, true, true)]
    public void A_member_is_told_as_it_came_in(int number, long? id, bool isInDoubt, bool isFromSegment)
    {
        var entry = new MemberEntry(s_key);
        entry.Name(NamedBy.Fault);

        entry.Join(new Member(number, default, 9, id, isFromSegment) { IsIdInDoubt = isInDoubt });

        Assert.Equal(
            new KnownMember(new SnapshotMember(number, isInDoubt ? null : id, s_key) { DoubtedId = isInDoubt ? id : null }, NamedBy.Fault, IsListed: false, isFromSegment) { Rank = entry.Rank },
            entry.Known);
        Assert.Equal((id, 9), (entry.AnyId, entry.SentHash));
    }

    [Fact]
    public void A_member_who_leaves_is_named_as_before()
    {
        var entry = new MemberEntry(s_key);
        entry.Join(new Member(3, default, 9, 4, IsFromSegment: true));
        entry.Name(NamedBy.Exit);

        entry.Leave();

        Assert.Equal((false, NamedBy.Exit, null, 0), (entry.IsMember, entry.Named, entry.AnyId, entry.SentHash));
    }

    [Fact]
    public void A_member_to_whom_values_were_sent_comes_before_one_that_only_the_list_has_shown()
    {
        var (sent, shown) = (new MemberEntry(s_key), new MemberEntry(s_key));
        sent.Join(new Member(1, default, 9, 4, IsFromSegment: true));
        shown.Join(new Member(2, default, SentValues.Unknown, 5, IsFromSegment: true));

        Assert.True(sent.Rank > shown.Rank);
    }
}
