namespace SegmentPush.Lists;

/// <summary>The ids of the people that a snapshot knew on its list when it was read: 8 bytes a person. They are ordered when somebody asks.</summary>
internal sealed class MemberIds
{
    private readonly Lazy<long[]> _ordered;

    private MemberIds(long[] ids) => _ordered = new Lazy<long[]>(() =>
    {
        Array.Sort(ids);
        return ids;
    });

    /// <summary>No ids.</summary>
    public static MemberIds None { get; } = new([]);

    /// <summary>Takes the ids of members.</summary>
    /// <param name="members">The members.</param>
    /// <param name="count">How many they are.</param>
    public static MemberIds Of(IEnumerable<SnapshotMember> members, int count)
    {
        long[] ids = new long[count];
        int taken = 0;
        foreach (var member in members)
        {
            if (member.MarketoId is { } id) ids[taken++] = id;
        }

        return taken == 0 ? None : new MemberIds(taken == count ? ids : ids[..taken]);
    }

    /// <summary>Whether a member has an id.</summary>
    public bool Contains(long id) => Array.BinarySearch(_ordered.Value, id) >= 0;
}
