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
    public IEnumerable<MemberEntry[]> Shards => _shards.Select(shard => shard.Entries);

    /// <summary>Takes somebody in.</summary>
    public void Add(in MemberEntry entry) => _shards[ShardOf(entry.Head)].Add(entry);

    /// <summary>The people with a hash, to be read and changed.</summary>
    public Matches Of(Hash128 hash) => Of(KeyOf(hash));

    /// <summary>The people with a key, to be read and changed.</summary>
    public Matches Of(MemberKey key) => new(_shards[ShardOf(key.Head)].Entries, key.Head, key.Tail);

    /// <summary>The part of a hash that the table keeps. Its head is not 0, which marks a free place.</summary>
    public static MemberKey KeyOf(Hash128 hash) => new(hash.Head | 1, (uint)(hash.Tail >> 32));

    private static int ShardOf(ulong head) => (int)(head >> (64 - ShardBits));

    // The share of the places that the hash is of all hashes, without a division.
    private static int StartIn(MemberEntry[] entries, uint tail) => (int)(((ulong)tail * (ulong)entries.Length) >> 32);

    /// <summary>Walks over the people with one hash.</summary>
    public ref struct Matches
    {
        private readonly MemberEntry[] _entries;
        private readonly ulong _head;
        private readonly uint _tail;
        private int _at;

        public Matches(MemberEntry[] entries, ulong head, uint tail)
        {
            _entries = entries;
            _head = head;
            _tail = tail;
            _at = entries.Length == 0 ? 0 : StartIn(entries, tail) - 1;
        }

        public readonly ref MemberEntry Current => ref _entries[_at];

        public readonly Matches GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_entries.Length == 0) return false;
            while (true)
            {
                if (++_at == _entries.Length) _at = 0;
                ref var entry = ref _entries[_at];
                if (entry.IsFree) return false;
                if (entry.Head == _head && entry.Tail == _tail) return true;
            }
        }
    }

    private struct Shard(int capacity)
    {
        private int _taken;

        // Most shards of a small table stay empty.
        public MemberEntry[] Entries { get; private set; } = [];

        public void Add(in MemberEntry entry)
        {
            // A free place must remain, at which a search ends.
            if (8 * _taken >= 7 * Entries.Length) Grow();
            Put(Entries, entry);
            _taken++;
        }

        private void Grow()
        {
            var larger = new MemberEntry[Math.Max(capacity, Entries.Length + (Entries.Length / 4))];
            foreach (ref readonly var entry in Entries.AsSpan())
            {
                if (!entry.IsFree) Put(larger, entry);
            }

            Entries = larger;
        }

        private static void Put(MemberEntry[] entries, in MemberEntry entry)
        {
            int at = StartIn(entries, entry.Tail);
            while (!entries[at].IsFree)
            {
                if (++at == entries.Length) at = 0;
            }

            entries[at] = entry;
        }
    }
}
