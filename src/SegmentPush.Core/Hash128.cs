using System.Buffers.Binary;

namespace SegmentPush;

/// <summary>A hash of 128 bits. Code with the runtime's own number of that size is not compiled ahead of time.</summary>
/// <param name="head">Its first half.</param>
/// <param name="tail">Its second half.</param>
internal readonly struct Hash128(ulong head, ulong tail) : IEquatable<Hash128>, IComparable<Hash128>
{
    public const int Bytes = 16;

    public ulong Head => head;

    public ulong Tail => tail;

    /// <summary>Whether all its bits are 0.</summary>
    public bool IsZero => (head | tail) == 0;

    public static bool operator ==(Hash128 one, Hash128 other) => one.Equals(other);

    public static bool operator !=(Hash128 one, Hash128 other) => !one.Equals(other);

    /// <summary>Reads it, the highest byte first.</summary>
    public static Hash128 Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>Writes it, the highest byte first.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, head);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], tail);
    }

    /// <summary>The hash itself, or one that is not 0.</summary>
    public Hash128 OrNotZero() => IsZero ? new Hash128(0, 1) : this;

    public bool Equals(Hash128 other) => head == other.Head && tail == other.Tail;

    public int CompareTo(Hash128 other) => head != other.Head ? head.CompareTo(other.Head) : tail.CompareTo(other.Tail);

    public override bool Equals(object? obj) => obj is Hash128 other && Equals(other);

    public override int GetHashCode() => (int)tail;
}
