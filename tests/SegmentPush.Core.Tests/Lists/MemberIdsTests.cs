using SegmentPush.Lists;

namespace SegmentPush.Core.Tests.Lists;

/// <summary>The ids of a snapshot's members are found, however they lie.</summary>
public sealed class MemberIdsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(5_000_000_000, 63)]
    [InlineData(7, 64)]
    [InlineData(1, 1_000_003)]
    public void Exactly_the_ids_of_members_are_found(long first, long step)
    {
        long[] ids = [.. Enumerable.Range(0, 500).Select(i => first + (i * step))];

        var found = MemberIds.Of(ids.OrderDescending());

        Assert.All(ids, id => Assert.True(found.Contains(id)));
        Assert.All(ids.SelectMany(id => new[] { id - 1, id + 1 }).Except(ids).Append(0).Append(long.MaxValue).Append(long.MinValue), id => Assert.False(found.Contains(id)));
    }

    [Fact]
    public void Without_members_nobody_is_found() => Assert.False(MemberIds.Of([]).Contains(0));
}
