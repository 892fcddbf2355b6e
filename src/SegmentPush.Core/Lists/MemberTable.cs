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
    public Matches Of(MemberKey key) => _shards[ShardOf(key.Head)].Of(key);

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
        private readonly bool _areSeveral;
        private bool _isFound;
        private int _at;

        /// <summary>Begins before the first one.</summary>
        /// <param name="entries">The people of a shard.</param>
        /// <param name="key">The hash.</param>
        /// <param name="areSeveral">Whether several people may share it. Otherwise the first one found is the last, which saves the way to the next free place.</param>
        public Matches(MemberEntry[] entries, MemberKey key, bool areSeveral)
        {
            _entries = entries;
            (_head, _tail) = (key.Head, key.Tail);
            _areSeveral = areSeveral;
            _at = entries.Length == 0 ? 0 : StartIn(entries, key.Tail) - 1;
        }

        public readonly ref MemberEntry Current => ref _entries[_at];

        public readonly Matches GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_entries.Length == 0 || (_isFound && !_areSeveral)) return false;
            while (true)
            {
                if (++_at == _entries.Length) _at = 0;
                ref var entry = ref _entries[_at];
                if (entry.IsFree) return false;
                if (entry.Head == _head && entry.Tail == _tail) return _isFound = true;
            }
        }
    }

    private struct Shard(int capacity)
    {
        private int _taken;
        private bool _hasTwins;

        // Most shards of a small table stay empty.
        public MemberEntry[] Entries { get; private set; } = [];

        public readonly Matches Of(MemberKey key) => new(Entries, key, _hasTwins);

        public void Add(in MemberEntry entry)
        {
            // A free place must remain, at which a search ends.
            if (8 * _taken >= 7 * Entries.Length) Grow();
            _hasTwins |= Put(Entries, entry);
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

        // Whether another entry has the same hash.
        private static bool Put(MemberEntry[] entries, in MemberEntry entry)
        {
            bool isTwin = false;
            int at = StartIn(entries, entry.Tail);
            while (!entries[at].IsFree)
            {
                isTwin |= entries[at].Head == entry.Head && entries[at].Tail == entry.Tail;
                if (++at == entries.Length) at = 0;
            }

            entries[at] = entry;
            return isTwin;
        }
    }
}
