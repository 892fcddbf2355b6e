using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SegmentPush.Pushes;

/// <summary>
/// The identities that a push has seen, compared without case, as 128-bit hashes: at most 32 bytes a person,
/// for addresses of any length. By chance, two of ten billion identities meet with a probability of one in 10^18.
/// </summary>
internal sealed class IdentitySet
{
    // Open addressing in shards: a shard that grows copies little, so there is never a moment with the whole set twice.
    private const int ShardBits = 12;
    private const int FirstCapacity = 16;

    private readonly Shard[] _shards = new Shard[1 << ShardBits];
    private readonly long _seed;

    /// <summary>Makes a set that has seen nothing.</summary>
    public IdentitySet()
        : this(Random.Shared.NextInt64())
    {
    }

    private IdentitySet(long seed) => _seed = seed;

    /// <summary>Number of identities seen.</summary>
    public long Count { get; private set; }

    /// <summary>A set that has seen nothing, and makes the same hashes.</summary>
    public IdentitySet Empty() => new(_seed);

    /// <summary>Notes an identity.</summary>
    /// <returns>False where it was seen before.</returns>
    [MethodImpl(EveryRow.Compiled)]
    public bool Add(ReadOnlySpan<char> identity) => Add(HashOf(identity));

    /// <summary>The hash of an identity, compared without case.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public Hash128 HashOf(ReadOnlySpan<char> identity)
    {
        Span<char> upper = identity.Length <= 512 ? stackalloc char[identity.Length] : new char[identity.Length];
        ToUpper(identity, upper);
        Span<byte> hash = stackalloc byte[Hash128.Bytes];
        XxHash128.Hash(MemoryMarshal.AsBytes((ReadOnlySpan<char>)upper), hash, _seed);
        return Hash128.Read(hash);
    }

    // Character by character as long as they are ASCII, as nearly all are.
    private static void ToUpper(ReadOnlySpan<char> text, Span<char> upper)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (!char.IsAscii(c))
            {
                text.ToUpperInvariant(upper);
                return;
            }

            upper[i] = char.IsAsciiLetterLower(c) ? (char)(c - 'a' + 'A') : c;
        }
    }

    /// <summary>Notes an identity by a hash that somebody else has made.</summary>
    /// <returns>False where it was seen before.</returns>
    [MethodImpl(EveryRow.Compiled)]
    public bool Add(Hash128 hash)
    {
        // All zeros mark an empty place.
        hash = hash.OrNotZero();
        bool isNew = _shards[(int)(hash.Head >> (64 - ShardBits))].Add(hash);
        if (isNew) Count++;
        return isNew;
    }

    private struct Shard
    {
        private Hash128[]? _places;
        private int _count;

        public bool Add(Hash128 hash)
        {
            _places ??= new Hash128[FirstCapacity];
            if (!Put(_places, hash)) return false;
            _count++;
            if (_count > _places.Length / 4 * 3) Grow();
            return true;
        }

        private void Grow()
        {
            var larger = new Hash128[_places!.Length / 4 * 5];
            foreach (var hash in _places)
            {
                if (!hash.IsZero) Put(larger, hash);
            }

            _places = larger;
        }

        [MethodImpl(EveryRow.Compiled)]
        private static bool Put(Hash128[] places, Hash128 hash)
        {
            // The share of the places that the hash is of all hashes, without a division.
            int at = (int)(((hash.Tail >> 32) * (ulong)places.Length) >> 32);
            while (!places[at].IsZero)
            {
                if (places[at] == hash) return false;
                if (++at == places.Length) at = 0;
            }

            places[at] = hash;
            return true;
        }
    }
}
