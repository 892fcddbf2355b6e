using System.Numerics;

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

    private MemberIds(long first, ulong[] bits, long[] ordered, int repeated) => (_first, _bits, _ordered, Repeated) = (first, bits, ordered, repeated);

    /// <summary>No ids.</summary>
    public static MemberIds None { get; } = new(0, [], [], 0);

    /// <summary>How many members have the id of another member. As far as is known, they are one person.</summary>
    public int Repeated { get; }

    /// <summary>Takes the ids of members.</summary>
    /// <param name="ids">The ids, which are gone through twice.</param>
    public static MemberIds Of(IEnumerable<long> ids)
    {
        int count = 0;
        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (long id in ids)
        {
            count++;
            (first, last) = (Math.Min(first, id), Math.Max(last, id));
        }

        if (count == 0) return None;
        ulong words = ((ulong)(last - first) / IdsInWord) + 1;
        return words < (ulong)count ? AsBits(ids, first, (int)words, count) : AsNumbers(ids, count);
    }

    /// <summary>Whether a member has an id. Any thread may ask.</summary>
    public bool Contains(long id)
    {
        if (_ordered.Length > 0) return Array.BinarySearch(_ordered, id) >= 0;
        ulong at = (ulong)(id - _first);
        return at < (ulong)_bits.Length * IdsInWord && (_bits[at / IdsInWord] & (1UL << (int)(at % IdsInWord))) != 0;
    }

    private static MemberIds AsBits(IEnumerable<long> ids, long first, int words, int count)
    {
        ulong[] bits = new ulong[words];
        foreach (long id in ids) bits[(id - first) / IdsInWord] |= 1UL << (int)((id - first) % IdsInWord);

        return new MemberIds(first, bits, [], count - bits.Sum(BitOperations.PopCount));
    }

    private static MemberIds AsNumbers(IEnumerable<long> ids, int count)
    {
        long[] ordered = new long[count];
        int taken = 0;
        foreach (long id in ids) ordered[taken++] = id;
        Array.Sort(ordered);
        int repeated = 0;
        for (int i = 1; i < count; i++)
        {
            if (ordered[i] == ordered[i - 1]) repeated++;
        }

        return new MemberIds(0, [], ordered, repeated);
    }
}
