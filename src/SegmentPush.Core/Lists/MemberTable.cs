namespace SegmentPush.Lists;

/// <summary>
/// A hash table of people by the hash of their identity, which several may share: 32 bytes a person, and the room that a hash table
/// leaves free. It lies in shards: one that grows copies little, so there is never a moment with everybody twice.
/// </summary>
internal sealed class MemberTable
{
    private const int ShardBits = 10;
    private const int FirstCapacity = 8;

    private readonly Shard[] _shards = new Shard[1 << ShardBits];

    /// <summary>Makes a table.</summary>
    /// <param name="expected">How many people it will hold, about.</param>
    public MemberTable(int expected)
    {
        int capacity = Math.Max(FirstCapacity, (int)(expected * 1.2 / _shards.Length));
        for (int i = 0; i < _shards.Length; i++) _shards[i] = new Shard(capacity);
    }

    /// <summary>The people of each shard, with free places among them.</summary>
    public IEnumerable<Entry[]> Shards => _shards.Select(shard => shard.Entries);

    /// <summary>Takes somebody in.</summary>
    public void Add(Hash128 hash, in Entry entry) => ShardOf(hash).Add(entry with { Head = HeadOf(hash), Tail = TailOf(hash) });

    /// <summary>The people with a hash, to be read and changed.</summary>
    public Matches Of(Hash128 hash) => new(ShardOf(hash).Entries, HeadOf(hash), TailOf(hash));

    /// <summary>The people with a key, to be read and changed.</summary>
    public Matches Of(MemberKey key) => new(_shards[ShardOf(key.Head)].Entries, key.Head, key.Tail);

    /// <summary>The part of a hash that the table keeps.</summary>
    public static MemberKey KeyOf(Hash128 hash) => new(HeadOf(hash), TailOf(hash));

    private ref Shard ShardOf(Hash128 hash) => ref _shards[ShardOf(hash.Head)];

    private static int ShardOf(ulong head) => (int)(head >> (64 - ShardBits));

    // Not 0, which marks a free place.
    private static ulong HeadOf(Hash128 hash) => hash.Head | 1;

    private static uint TailOf(Hash128 hash) => (uint)(hash.Tail >> 32);

    // The share of the places that the hash is of all hashes, without a division.
    private static int StartIn(Entry[] entries, uint tail) => (int)(((ulong)tail * (ulong)entries.Length) >> 32);

    /// <summary>Somebody in the table. Of the hash 96 bits are kept: among ten million people, two are taken for one with a probability of one in 10^15.</summary>
    public struct Entry
    {
        /// <summary>First bits of the hash; 0 in a free place.</summary>
        public ulong Head;

        /// <summary>More of its bits.</summary>
        public uint Tail;

        /// <summary>Number in the snapshot, and what is noted of the person: see <see cref="Snapshot"/>.</summary>
        public uint Marks;

        /// <summary>Hash of what was sent; 0 where nothing was.</summary>
        public long SentHash;

        /// <summary>Id in Marketo; 0 where it is not known, and negative where it is in doubt.</summary>
        public long MarketoId;

        /// <summary>The part of the hash that the table keeps.</summary>
        public readonly MemberKey Key => new(Head, Tail);
    }

    /// <summary>Walks over the people with one hash.</summary>
    public ref struct Matches
    {
        private readonly Entry[] _entries;
        private readonly ulong _head;
        private readonly uint _tail;
        private int _at;

        public Matches(Entry[] entries, ulong head, uint tail)
        {
            _entries = entries;
            _head = head;
            _tail = tail;
            _at = entries.Length == 0 ? 0 : StartIn(entries, tail) - 1;
        }

        public readonly ref Entry Current => ref _entries[_at];

        public readonly Matches GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_entries.Length == 0) return false;
            while (true)
            {
                if (++_at == _entries.Length) _at = 0;
                ref var entry = ref _entries[_at];
                if (entry.Head == 0) return false;
                if (entry.Head == _head && entry.Tail == _tail) return true;
            }
        }
    }

    private struct Shard(int capacity)
    {
        private int _taken;

        // Most shards of a small table stay empty.
        public Entry[] Entries { get; private set; } = [];

        public void Add(in Entry entry)
        {
            // A free place must remain, at which a search ends.
            if (8 * _taken >= 7 * Entries.Length) Grow();
            Put(Entries, entry);
            _taken++;
        }

        private void Grow()
        {
            var larger = new Entry[Math.Max(capacity, Entries.Length + (Entries.Length / 4))];
            foreach (ref readonly var entry in Entries.AsSpan())
            {
                if (entry.Head != 0) Put(larger, entry);
            }

            Entries = larger;
        }

        private static void Put(Entry[] entries, in Entry entry)
        {
            int at = StartIn(entries, entry.Tail);
            while (entries[at].Head != 0)
            {
                if (++at == entries.Length) at = 0;
            }

            entries[at] = entry;
        }
    }
}
