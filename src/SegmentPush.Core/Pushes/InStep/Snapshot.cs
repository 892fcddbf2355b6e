using System.Globalization;
using System.Runtime.CompilerServices;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes.InStep;

/// <summary>
/// Who is on a destination's list as far as is known, and what was sent for them: found by the hash of an identity. It also tells
/// whom a segment has named by now.
/// </summary>
internal sealed class Snapshot : IDisposable
{
    private const int BlocksAhead = 4;

    // Numbers begin with 1; somebody of the segment who is not on the list has none.
    private const uint Seen = 1u << 31, Kept = 1u << 30, Listed = 1u << 29, Left = 1u << 28, NumberBits = Left - 1;

    private readonly IdentityHash _hash;
    private MemberTable _table;

    private Snapshot(IdentityHash hash, int people)
    {
        _hash = hash;
        _table = new MemberTable(people);
    }

    /// <summary>Number of people on the list as far as is known.</summary>
    public int Count { get; private set; }

    /// <summary>Reads a destination's snapshot.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="destinationKey">The destination.</param>
    /// <param name="expected">How many people it knows, about; null where they are to be counted.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<Snapshot> LoadAsync(PushJournal journal, long destinationKey, int? expected, CancellationToken cancellation)
    {
        var snapshot = new Snapshot(journal.OpenHash(), expected ?? journal.CountMembers(destinationKey));
        await foreach (var block in ReadAhead.Of(_ => journal.GetMemberBlocks(destinationKey), BlocksAhead, cancellation).ConfigureAwait(false))
        {
            foreach (var member in block) snapshot.Put(member);
        }

        return snapshot;
    }

    /// <summary>Makes a snapshot of people whom the list was seen to hold.</summary>
    public static Snapshot Of(PushJournal journal, IReadOnlyCollection<Member> members)
    {
        var snapshot = new Snapshot(journal.OpenHash(), members.Count);
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

    /// <summary>Meets a person of the segment.</summary>
    /// <param name="row">The row that names the person.</param>
    /// <param name="met">What is known of the person; nothing where the segment has named the same identity before.</param>
    /// <returns>False in that case.</returns>
    [MethodImpl(EveryRow.Compiled)]
    public bool Meet(in MappedRow row, out MetPerson met)
    {
        met = default;
        foreach (ref var entry in _table.Of(row.IdentityHash))
        {
            if ((entry.Marks & Seen) != 0) return false;
            entry.Marks |= Seen;
            if (met.Member is null) met = new MetPerson(MemberOf(entry), entry.SentHash == row.SentHash);
        }

        if (met.Member is null) _table.Add(row.IdentityHash, new MemberTable.Entry { Marks = Seen });
        return true;
    }

    /// <summary>Notes that the segment names an identity, although its row could not be pushed: the person has not left.</summary>
    public void Keep(Hash128 identityHash)
    {
        foreach (ref var entry in _table.Of(identityHash)) entry.Marks |= Kept;
    }

    /// <summary>Follows the list to where it is now: some have left, and some have come.</summary>
    public void Follow(IReadOnlySet<int> left, IEnumerable<Member> joined)
    {
        foreach (var shard in _table.Shards)
        {
            foreach (ref var entry in shard.AsSpan()) entry.Marks &= ~Listed;
        }

        Forget(left);
        foreach (var member in joined) Join(member);
    }

    /// <summary>Notes that people are not on the list any more.</summary>
    public void Forget(IReadOnlySet<int> numbers)
    {
        if (numbers.Count == 0) return;
        foreach (var shard in _table.Shards)
        {
            foreach (ref var entry in shard.AsSpan())
            {
                if ((entry.Marks & Left) != 0 || NumberOf(entry) == 0 || !numbers.Contains(NumberOf(entry))) continue;
                entry.Marks |= Left;
                Count--;
            }
        }
    }

    /// <summary>Everybody on the list as far as is known.</summary>
    public IEnumerable<KnownMember> Members() => Without(Left);

    /// <summary>People whom the segment has not named.</summary>
    public IEnumerable<KnownMember> Unnamed() => Without(Seen | Kept | Left);

    /// <summary>People whom only rows at fault have named.</summary>
    public IEnumerable<KnownMember> NamedByFault() => With(Kept, without: Seen | Left);

    /// <summary>Notes that the list holds a person, and learns the id where it was not known.</summary>
    /// <returns>
    /// The person as it was known; null for somebody whose identity was not known to be on the list. One of another id has the
    /// same identity, and is not noted.
    /// </returns>
    public KnownMember? MeetOnList(ListedPerson person)
    {
        // Of several with one identity, the one with this id.
        ref var best = ref Unsafe.NullRef<MemberTable.Entry>();
        foreach (ref var entry in _table.Of(HashOf(_hash, person)))
        {
            if (NumberOf(entry) == 0 || (entry.Marks & Left) != 0) continue;
            if (Unsafe.IsNullRef(ref best) || entry.MarketoId == person.Id) best = ref entry;
        }

        if (Unsafe.IsNullRef(ref best)) return null;
        var known = MemberOf(best);
        if (known.MarketoId is { } other && other != person.Id) return known;
        best.Marks |= Listed;
        best.MarketoId = person.Id;
        return known;
    }

    /// <summary>People whom the list was not seen to hold.</summary>
    public IEnumerable<KnownMember> Unlisted() => Without(Listed | Left);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _hash.Dispose();
        _table = new MemberTable(0);
    }

    private IEnumerable<KnownMember> Without(uint marks) => With(0, marks);

    private IEnumerable<KnownMember> With(uint marks, uint without)
    {
        foreach (var shard in _table.Shards)
        {
            foreach (var entry in shard)
            {
                if (NumberOf(entry) != 0 && (entry.Marks & (marks | without)) == marks) yield return MemberOf(entry);
            }
        }
    }

    private static int NumberOf(in MemberTable.Entry entry) => (int)(entry.Marks & NumberBits);

    private static KnownMember MemberOf(in MemberTable.Entry entry) => new(NumberOf(entry), entry.MarketoId == 0 ? null : entry.MarketoId);

    private void Join(Member member)
    {
        // Whom the segment has named before is there already.
        foreach (ref var entry in _table.Of(member.IdentityHash))
        {
            if (NumberOf(entry) != 0) continue;
            entry.Marks |= (uint)member.Number;
            entry.SentHash = member.SentHash;
            entry.MarketoId = member.MarketoId ?? 0;
            Count++;
            return;
        }

        Put(member);
    }

    private void Put(Member member)
    {
        _table.Add(
            member.IdentityHash,
            new MemberTable.Entry { Marks = (uint)member.Number, SentHash = member.SentHash, MarketoId = member.MarketoId ?? 0 });
        Count++;
    }
}
