using System.Runtime.InteropServices;

namespace SegmentPush.Lists;

/// <summary>
/// What a <see cref="Snapshot"/> holds of an identity, in 32 bytes: the member that has it, if there is one, and how the segment names it. Of the hash
/// 96 bits are kept: among ten million people, two are taken for one with a probability of one in 10^15.
/// </summary>
/// <param name="key">The part of the hash that is kept.</param>
[StructLayout(LayoutKind.Auto)]
internal struct MemberEntry(MemberKey key)
{
    private const int NamedShift = 29;

    // Above the number: how the segment names the identity (see NamedBy), whether the list was seen to hold the member, and whether a segment has named it.
    private const uint Listed = 1u << 28, FromSegment = 1u << 27, NumberBits = FromSegment - 1;
    private const uint NamedByRowThatCounts = (uint)(NamedBy.Row | NamedBy.Exit) << NamedShift;

    // Stands in no entry: it is the highest bit of a rank.
    private const uint WasSent = 1u << 28;

    private uint _marks;

    // 0 where it is not known, and negative where it is in doubt.
    private long _id;

    /// <summary>The greatest number that a member can have.</summary>
    public const int MaxNumber = (int)NumberBits;

    /// <summary>First bits of the hash; 0 in a free place.</summary>
    public readonly ulong Head = key.Head;

    /// <summary>More of its bits.</summary>
    public readonly uint Tail = key.Tail;

    /// <summary>Hash of what was sent; 0 where nothing was.</summary>
    public long SentHash { readonly get; private set; }

    /// <summary>Whether the place is free.</summary>
    public readonly bool IsFree => Head == 0;

    /// <summary>Number of the member; 0 where the list holds nobody with the identity, as far as is known. Numbers begin with 1.</summary>
    public readonly int Number => (int)(_marks & NumberBits);

    /// <summary>Whether the list holds somebody with the identity, as far as is known.</summary>
    public readonly bool IsMember => Number != 0;

    /// <summary>How the segment names the identity.</summary>
    public readonly NamedBy Named => (NamedBy)(_marks >> NamedShift);

    /// <summary>Whether a row that counts names the identity.</summary>
    public readonly bool IsNamedByRowThatCounts => (_marks & NamedByRowThatCounts) != 0;

    /// <summary>The id in Marketo; null where it is not known, or in doubt.</summary>
    public readonly long? CertainId => _id > 0 ? _id : null;

    /// <summary>The id, also one in doubt; null where it is not known.</summary>
    public readonly long? AnyId => _id != 0 ? Math.Abs(_id) : null;

    /// <summary>Whether the list was seen to hold the member.</summary>
    public bool IsListed
    {
        readonly get => (_marks & Listed) != 0;
        set => _marks = value ? _marks | Listed : _marks & ~Listed;
    }

    /// <summary>
    /// Of several members with one identity, the one with the highest rank counts. Values were sent to it last, or a segment has named it last: a member
    /// before may have another identity by now.
    /// </summary>
    public readonly uint Rank => (SentHash is not (SentValues.None or SentValues.Unknown) ? WasSent : 0) | (_marks & (FromSegment | NumberBits));

    /// <summary>The member.</summary>
    public readonly SnapshotMember Member => new(Number, CertainId, new MemberKey(Head, Tail)) { DoubtedId = _id < 0 ? -_id : null };

    /// <summary>The member with what is noted of it.</summary>
    public readonly KnownMember Known => new(Member, Named, IsListed, (_marks & FromSegment) != 0) { Rank = Rank };

    /// <summary>Notes how the segment names the identity.</summary>
    public void Name(NamedBy named) => _marks |= (uint)named << NamedShift;

    /// <summary>A row that counted has turned out to be at fault. Such a row keeps its member on the list, and puts nobody there.</summary>
    public void TakeRowForFault() => _marks = (_marks & ~((uint)NamedBy.Row << NamedShift)) | ((uint)NamedBy.Fault << NamedShift);

    /// <summary>Somebody with the identity has joined the list.</summary>
    public void Join(Member member)
    {
        _marks |= (uint)member.Number | (member.IsFromSegment ? FromSegment : 0);
        _id = member.IsIdInDoubt ? -member.MarketoId!.Value : member.MarketoId ?? 0;
        SentHash = member.SentHash;
    }

    /// <summary>The member has left. The segment may name the identity all the same.</summary>
    public void Leave()
    {
        _marks &= ~(NumberBits | FromSegment);
        (_id, SentHash) = (0, 0);
    }

    /// <summary>The member has this id.</summary>
    public void Identify(long marketoId) => _id = marketoId;

    /// <summary>The id may be another person's by now.</summary>
    public void DoubtId() => _id = -Math.Abs(_id);
}
