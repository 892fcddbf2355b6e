using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes.InStep;

/// <summary>
/// Who is on a destination's list as far as is known, and what was sent for them: found by the hash of an identity, in 32
/// bytes a person and the room that a hash table leaves free. It also tells whom a segment has named by now.
/// </summary>
internal sealed class Snapshot : IDisposable
{
    // A table that is fuller takes less memory and more steps; it never grows.
    private const double Fill = 0.85, Fullest = 0.95;

    private const uint Seen = 1u << 31, Kept = 1u << 30, Listed = 1u << 29, Left = 1u << 28, NumberBits = Left - 1;

    private readonly IdentityHash _hash;
    private readonly bool[] _isSent;
    private readonly long _seed;
    private Entry[] _entries;
    private IdentitySet _newcomers = new();
    private char[] _text = new char[512];

    private Snapshot(IdentityHash hash, PushTarget target, int people)
    {
        _hash = hash;
        Count = people;
        _entries = new Entry[(int)(people / Fill) + 1];
        var fields = target.Mapping.AttributeFields;
        _isSent = [.. fields.Select(field => target.WritesExisting && target.IsSent(field))];

        // Other fields, or the same in another order, are another message.
        string names = string.Join('\n', fields.Select(field => field.Name));
        _seed = (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(names.AsSpan()), hash.Seed);
    }

    /// <summary>Number of people it knows, also of those who have left since it was read.</summary>
    public int Count { get; private set; }

    /// <summary>Reads a destination's snapshot.</summary>
    public static Snapshot Load(PushJournal journal, long destinationKey, PushTarget target)
    {
        var snapshot = new Snapshot(journal.OpenHash(), target, journal.CountMembers(destinationKey));
        foreach (var member in journal.GetMembers(destinationKey)) snapshot.Put(member);
        return snapshot;
    }

    /// <summary>Makes a snapshot of people whom the list was seen to hold.</summary>
    public static Snapshot Of(PushJournal journal, IReadOnlyCollection<Member> members, PushTarget target)
    {
        var snapshot = new Snapshot(journal.OpenHash(), target, members.Count);
        foreach (var member in members) snapshot.Put(member);
        return snapshot;
    }

    /// <summary>
    /// The hash by which somebody on the list is known: that of the identity. Whoever has none, and so can be named by no row,
    /// is known by the id; all of them under one hash would be taken for each other, and each would be sought among all.
    /// </summary>
    public static Hash128 HashOf(IdentityHash hash, ListedPerson person)
    {
        var identity = person.Identity.AsSpan().Trim();
        return hash.HashOf(identity.IsEmpty ? string.Create(CultureInfo.InvariantCulture, $"\0{person.Id}") : identity);
    }

    /// <summary>The hash of an identity.</summary>
    public Hash128 HashOf(ReadOnlySpan<char> identity) => _hash.HashOf(identity);

    /// <summary>Meets a person of the segment: fills in what is known of it.</summary>
    /// <returns>False where the segment has named the same identity before.</returns>
    public bool Meet(Person person)
    {
        person.IdentityHash = _hash.HashOf(person.Identity);
        person.SentHash = SentHashOf(person.Values);
        int at = Find(person.IdentityHash);
        if (at < 0) return _newcomers.Add(person.IdentityHash);
        ref var entry = ref _entries[at];
        if ((entry.Marks & Seen) != 0) return false;
        MarkAll(at, person.IdentityHash, Seen);
        person.MemberNumber = (int)(entry.Marks & NumberBits);
        person.MemberId = entry.MarketoId == 0 ? null : entry.MarketoId;
        person.IsUnchanged = entry.SentHash == person.SentHash;
        return true;
    }

    /// <summary>Notes that the segment names an identity, although its row could not be pushed: the person has not left.</summary>
    public void Keep(ReadOnlySpan<char> identity)
    {
        if (identity.IsEmpty) return;
        var hash = _hash.HashOf(identity);
        if (Find(hash) is >= 0 and var at) MarkAll(at, hash, Kept);
    }

    /// <summary>Whether more people can be taken in.</summary>
    public bool HasRoomFor(int people) => Count + people < _entries.Length * Fullest;

    /// <summary>Follows the list to where it is now: some have left, and some have come.</summary>
    public void Follow(IReadOnlySet<int> left, IEnumerable<Member> joined)
    {
        _newcomers = new IdentitySet();
        foreach (ref var entry in _entries.AsSpan())
        {
            entry.Marks &= ~Listed;
            if (entry.IsTaken && left.Contains((int)(entry.Marks & NumberBits))) entry.Marks |= Left;
        }

        foreach (var member in joined)
        {
            Put(member);
            Count++;
        }
    }

    /// <summary>Everybody on the list as far as is known.</summary>
    public IEnumerable<KnownMember> Members() => Without(Left);

    /// <summary>People whom the segment has not named.</summary>
    public IEnumerable<KnownMember> Unnamed() => Without(Seen | Kept);

    /// <summary>Notes that the list holds a person, and learns the id where it was not known.</summary>
    /// <returns>
    /// The person as it was known; null for somebody whose identity was not known to be on the list. One of another id has the
    /// same identity, and is not noted.
    /// </returns>
    public KnownMember? MeetOnList(ListedPerson person)
    {
        var (id, hash) = (person.Id, HashOf(_hash, person));

        // Of several with one identity, the one with this id.
        int best = -1;
        for (int at = Start(hash); _entries[at].IsTaken; at = Next(at))
        {
            if (IsAt(at, hash) && (_entries[at].Marks & Left) == 0 && (best < 0 || _entries[at].MarketoId == id)) best = at;
        }

        if (best < 0) return null;
        var known = MemberOf(_entries[best]);
        if (known.MarketoId is { } other && other != id) return known;
        _entries[best].Marks |= Listed;
        _entries[best].MarketoId = id;
        return known;
    }

    /// <summary>People whom the list was not seen to hold.</summary>
    public IEnumerable<KnownMember> Unlisted() => Without(Listed | Left);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _hash.Dispose();
        _entries = new Entry[1];
        _newcomers = new IdentitySet();
    }

    private IEnumerable<KnownMember> Without(uint marks)
    {
        for (int i = 0; i < _entries.Length; i++)
        {
            if (_entries[i].IsTaken && (_entries[i].Marks & marks) == 0) yield return MemberOf(_entries[i]);
        }
    }

    private static KnownMember MemberOf(in Entry entry) =>
        new((int)(entry.Marks & NumberBits), entry.MarketoId == 0 ? null : entry.MarketoId);

    private void Put(Member member)
    {
        int at = Start(member.IdentityHash);
        while (_entries[at].IsTaken) at = Next(at);
        _entries[at] = new Entry
        {
            Head = HeadOf(member.IdentityHash),
            Tail = TailOf(member.IdentityHash),
            Marks = (uint)member.Number & NumberBits,
            SentHash = member.SentHash,
            MarketoId = member.MarketoId ?? 0,
        };
    }

    private int Find(Hash128 hash)
    {
        for (int at = Start(hash); _entries[at].IsTaken; at = Next(at))
        {
            if (IsAt(at, hash)) return at;
        }

        return -1;
    }

    private void MarkAll(int at, Hash128 hash, uint mark)
    {
        for (; _entries[at].IsTaken; at = Next(at))
        {
            if (IsAt(at, hash)) _entries[at].Marks |= mark;
        }
    }

    private bool IsAt(int at, Hash128 hash) => _entries[at].Head == HeadOf(hash) && _entries[at].Tail == TailOf(hash);

    private int Start(Hash128 hash) => (int)(hash.Tail % (ulong)_entries.Length);

    private int Next(int at) => at + 1 == _entries.Length ? 0 : at + 1;

    private static ulong HeadOf(Hash128 hash) => hash.Head | 1;

    private static uint TailOf(Hash128 hash) => (uint)(hash.Tail >> 32);

    // 0 where nothing is sent, so that whoever is only matched never counts as changed.
    private long SentHashOf(string?[] values)
    {
        int length = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (!_isSent[i] || values[i] is not { } value) continue;
            int needed = length + value.Length + 3;
            if (needed > _text.Length) Array.Resize(ref _text, Math.Max(needed, 2 * _text.Length));
            _text[length++] = (char)i;
            _text[length++] = (char)value.Length;
            _text[length++] = (char)(value.Length >> 16);
            value.CopyTo(_text.AsSpan(length));
            length += value.Length;
        }

        if (length == 0) return 0;
        long hash = (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(_text.AsSpan(0, length)), _seed);
        return hash == 0 ? 1 : hash;
    }

    // 96 bits of the hash: among ten million people, two are taken for one with a probability of one in 10^15.
    private struct Entry
    {
        public ulong Head;
        public uint Tail;
        public uint Marks;
        public long SentHash;
        public long MarketoId;

        public readonly bool IsTaken => Head != 0;
    }
}
