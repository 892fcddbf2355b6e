namespace SegmentPush.Lists;

/// <summary>
/// The ids of the people that a snapshot knew on its list when it was read. Where they lie close together, as the ids of one instance do, they
/// are kept as bits, which take less than 8 bytes a person; otherwise they are ordered numbers.
/// </summary>
internal sealed class MemberIds
{
    private const int IdsInWord = 64;

    private readonly long _first;
    private readonly ulong[] _bits;
    private readonly long[] _ordered;

    private MemberIds(long first, ulong[] bits, long[] ordered) => (_first, _bits, _ordered) = (first, bits, ordered);

    /// <summary>No ids.</summary>
    public static MemberIds None { get; } = new(0, [], []);

    /// <summary>Takes the ids of members.</summary>
    /// <param name="members">The members, who are gone through twice.</param>
    public static MemberIds Of(IEnumerable<SnapshotMember> members)
    {
        int count = 0;
        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (var member in members)
        {
            if (member.MarketoId is not { } id) continue;
            count++;
            (first, last) = (Math.Min(first, id), Math.Max(last, id));
        }

        if (count == 0) return None;
        ulong words = ((ulong)(last - first) / IdsInWord) + 1;
        return words < (ulong)count ? AsBits(members, first, (int)words) : AsNumbers(members, count);
    }

    /// <summary>Whether a member has an id. Any thread may ask.</summary>
    public bool Contains(long id)
    {
        if (_ordered.Length > 0) return Array.BinarySearch(_ordered, id) >= 0;
        ulong at = (ulong)(id - _first);
        return at < (ulong)_bits.Length * IdsInWord && (_bits[at / IdsInWord] & (1UL << (int)(at % IdsInWord))) != 0;
    }

    private static MemberIds AsBits(IEnumerable<SnapshotMember> members, long first, int words)
    {
        ulong[] bits = new ulong[words];
        foreach (var member in members)
        {
            if (member.MarketoId is { } id) bits[(id - first) / IdsInWord] |= 1UL << (int)((id - first) % IdsInWord);
        }

        return new MemberIds(first, bits, []);
    }

    private static MemberIds AsNumbers(IEnumerable<SnapshotMember> members, int count)
    {
        long[] ids = new long[count];
        int taken = 0;
        foreach (var member in members)
        {
            if (member.MarketoId is { } id) ids[taken++] = id;
        }

        Array.Sort(ids);
        return new MemberIds(0, [], ids);
    }
}
