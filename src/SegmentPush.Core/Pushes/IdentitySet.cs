using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace SegmentPush.Pushes;

/// <summary>
/// The identities that a push has seen, compared without case, as 128-bit hashes: at most 32 bytes a person, whatever the
/// addresses look like. By chance, two of ten billion identities meet with a probability of one in 10^18.
/// </summary>
internal sealed class IdentitySet
{
    // Open addressing in shards: a shard that grows copies little, so there is never a moment with the whole set twice.
    private const int ShardBits = 12;
    private const int FirstCapacity = 16;

    private readonly Shard[] _shards = new Shard[1 << ShardBits];
    private readonly long _seed = Random.Shared.NextInt64();

    /// <summary>Number of identities seen.</summary>
    public long Count { get; private set; }

    /// <summary>Notes an identity.</summary>
    /// <returns>False where it was seen before.</returns>
    public bool Add(ReadOnlySpan<char> identity)
    {
        Span<char> upper = identity.Length <= 512 ? stackalloc char[identity.Length] : new char[identity.Length];
        identity.ToUpperInvariant(upper);
        return Add(XxHash128.HashToUInt128(MemoryMarshal.AsBytes((ReadOnlySpan<char>)upper), _seed));
    }

    /// <summary>Notes an identity by a hash that somebody else has made.</summary>
    /// <returns>False where it was seen before.</returns>
    public bool Add(UInt128 hash)
    {
        // All zeros mark an empty place.
        if (hash == UInt128.Zero) hash = UInt128.One;
        bool isNew = _shards[(int)(hash >> (128 - ShardBits))].Add(hash);
        if (isNew) Count++;
        return isNew;
    }

    private struct Shard
    {
        private UInt128[]? _places;
        private int _count;

        public bool Add(UInt128 hash)
        {
            _places ??= new UInt128[FirstCapacity];
            if (!Put(_places, hash)) return false;
            _count++;
            if (_count > _places.Length / 4 * 3) Grow();
            return true;
        }

        private void Grow()
        {
            var larger = new UInt128[_places!.Length / 4 * 5];
            foreach (var hash in _places)
            {
                if (hash != UInt128.Zero) Put(larger, hash);
            }

            _places = larger;
        }

        private static bool Put(UInt128[] places, UInt128 hash)
        {
            int at = (int)((ulong)hash % (ulong)places.Length);
            while (places[at] != UInt128.Zero)
            {
                if (places[at] == hash) return false;
                if (++at == places.Length) at = 0;
            }

            places[at] = hash;
            return true;
        }
    }
}
