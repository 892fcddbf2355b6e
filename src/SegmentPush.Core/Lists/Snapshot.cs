using System.Runtime.CompilerServices;
using SegmentPush.Marketo;

namespace SegmentPush.Lists;

/// <summary>
/// The people on a list as far as is known, and what was sent for them, in memory: found by the hash of an identity. It also notes how the
/// segment names each person.
/// </summary>
internal sealed class Snapshot : IDisposable
{
    private const int BlocksAhead = 4;

    // Numbers begin with 1. A person that the segment names and the list does not hold has none.
    private const uint Row = 1u << 31, Exit = 1u << 30, Fault = 1u << 29, Listed = 1u << 28, FromSegment = 1u << 27, NumberBits = FromSegment - 1;

    // Stands in no entry: it is the highest bit of a rank.
    private const uint WasSent = 1u << 28;

    private readonly IdentityHash _hash;
    private MemberTable _table;
    private MemberIds _ids = MemberIds.None;

    private Snapshot(IdentityHash hash, int people)
    {
        _hash = hash;
        _table = new MemberTable(people);
    }

    /// <summary>The greatest number that a member can have.</summary>
    public const int MaxNumber = (int)NumberBits;

    /// <summary>Number of people on the list as far as is known.</summary>
    public int Count { get; private set; }

    /// <summary>Reads a snapshot.</summary>
    /// <param name="store">Keeps it.</param>
    /// <param name="generation">Which one.</param>
    /// <param name="hash">Makes the hashes of identities; disposed with the snapshot.</param>
    /// <param name="expected">How many people it knows, about; null where they are to be counted.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<Snapshot> LoadAsync(
        ISnapshotStore store, SnapshotGeneration generation, IdentityHash hash, int? expected, CancellationToken cancellation)
    {
        var snapshot = new Snapshot(hash, expected ?? store.Count(generation));
        await foreach (var block in ReadAhead.Of(_ => store.Read(generation), BlocksAhead, cancellation).ConfigureAwait(false))
        {
            foreach (var member in block) snapshot.Put(member, NamedBy.Nobody);
        }

        snapshot._ids = MemberIds.Of(snapshot.HeldIds());
        return snapshot;
    }

    /// <summary>Makes a snapshot of people that the list was seen to hold.</summary>
    public static Snapshot Of(IdentityHash hash, IReadOnlyCollection<Member> members)
    {
        var snapshot = new Snapshot(hash, members.Count);
        foreach (var member in members) snapshot.Put(member, NamedBy.Nobody);
        snapshot._ids = MemberIds.Of(snapshot.HeldIds());
        return snapshot;
    }

    /// <inheritdoc cref="PersonHash.HashOf(IdentityHash, ListedPerson)"/>
    public Hash128 HashOf(ListedPerson person) => _hash.HashOf(person);

    /// <summary>Notes that a row that counts names a person.</summary>
    /// <param name="identityHash">Hash of the row's identity.</param>
    /// <param name="sentHash">Hash of the values that are sent; 0 where none are.</param>
    /// <param name="isExit">Whether the row says that the person has left.</param>
    /// <param name="match">What is known of the person; nothing where a row before has the same identity.</param>
    /// <returns>False in that case.</returns>
    [MethodImpl(EveryRow.Compiled)]
    public bool TryName(Hash128 identityHash, long sentHash, bool isExit, out SnapshotMatch match)
    {
        match = default;
        uint mark = isExit ? Exit : Row, rank = 0;
        bool isFound = false;
        List<SnapshotMember>? twins = null;
        foreach (ref var entry in _table.Of(identityHash))
        {
            if ((entry.Marks & (Row | Exit)) != 0) return false;
            entry.Marks |= mark;
            isFound = true;
            if (NumberOf(entry) == 0) continue;
            if (match.Member is { } first) (twins ??= [first]).Add(MemberOf(entry));

            if (RankOf(entry) <= rank) continue;
            rank = RankOf(entry);
            match = new SnapshotMatch(MemberOf(entry), entry.SentHash == sentHash);
        }

        if (twins is not null) match = match with { Twins = twins };
        if (!isFound) _table.Add(identityHash, new MemberTable.Entry { Marks = mark });
        return true;
    }

    /// <summary>Notes that a row at fault names an identity.</summary>
    public void NoteNamed(Hash128 identityHash)
    {
        bool isFound = false;
        foreach (ref var entry in _table.Of(identityHash))
        {
            entry.Marks |= Fault;
            isFound = true;
        }

        if (!isFound) _table.Add(identityHash, new MemberTable.Entry { Marks = Fault });
    }

    /// <summary>What is known of the people with an identity. Any thread may ask.</summary>
    public SnapshotMatch MatchOf(Hash128 identityHash)
    {
        var members = new List<(SnapshotMember Member, uint Rank)>();
        foreach (ref var entry in _table.Of(identityHash))
        {
            if (NumberOf(entry) != 0) members.Add((MemberOf(entry), RankOf(entry)));
        }

        if (members.Count == 0) return default;
        return new SnapshotMatch(members.MaxBy(member => member.Rank).Member, false) { Twins = members.Count > 1 ? [.. members.Select(member => member.Member)] : null };
    }

    /// <summary>Whether a person with this id was known on the list when the snapshot was read. Any thread may ask.</summary>
    public bool HeldId(long marketoId) => _ids.Contains(marketoId);

    /// <summary>Whether it was known by another identity alone.</summary>
    public bool HeldIdOtherwise(long marketoId, Hash128 identityHash)
    {
        bool isHeld = HeldId(marketoId);
        foreach (ref var entry in _table.Of(identityHash)) isHeld &= Math.Abs(entry.MarketoId) != marketoId;
        return isHeld;
    }

    /// <summary>How the segment names an identity.</summary>
    public NamedBy NamedAt(Hash128 identityHash)
    {
        uint marks = 0;
        foreach (ref var entry in _table.Of(identityHash)) marks |= entry.Marks;
        return NamedOf(marks);
    }

    /// <summary>Ids of the members with an identity, as far as they are known.</summary>
    public IReadOnlyList<long> IdsOf(Hash128 identityHash)
    {
        var ids = new List<long>();
        foreach (ref var entry in _table.Of(identityHash))
        {
            if (entry.MarketoId > 0) ids.Add(entry.MarketoId);
        }

        return ids;
    }

    /// <summary>Follows the outcomes of people: some have left, some have joined, and some have another id.</summary>
    public void CatchUp(SnapshotChanges changes, IEnumerable<Member> joined)
    {
        if (changes.Left.Count + changes.Ids.Count + changes.WithoutIdentity.Count > 0)
        {
            foreach (var shard in _table.Shards)
            {
                foreach (ref var entry in shard.AsSpan()) Follow(ref entry, changes);
            }
        }

        foreach (var member in joined) Join(member);
    }

    /// <summary>Begins to note the people that the list is seen to hold.</summary>
    public void BeginReading()
    {
        foreach (var shard in _table.Shards)
        {
            foreach (ref var entry in shard.AsSpan()) entry.Marks &= ~Listed;
        }
    }

    /// <summary>Notes that the list holds a person.</summary>
    /// <param name="person">The person.</param>
    /// <param name="identityHash">Hash of the identity that the person has now.</param>
    /// <param name="learnt">Number of the member whose id was not known, or in doubt; null where it was known.</param>
    /// <returns>False where no member has this identity and this id.</returns>
    public bool TryMatch(ListedPerson person, Hash128 identityHash, out int? learnt)
    {
        learnt = null;
        ref var unknown = ref Unsafe.NullRef<MemberTable.Entry>();
        foreach (ref var entry in _table.Of(identityHash))
        {
            if (NumberOf(entry) == 0) continue;
            if (entry.MarketoId == person.Id)
            {
                entry.Marks |= Listed;
                return true;
            }

            // Of several entries, the one whose id in doubt was right.
            if (entry.MarketoId <= 0 && (entry.Marks & Listed) == 0 && (Unsafe.IsNullRef(ref unknown) || entry.MarketoId == -person.Id)) unknown = ref entry;
        }

        if (Unsafe.IsNullRef(ref unknown)) return false;
        unknown.Marks |= Listed;
        unknown.MarketoId = person.Id;
        learnt = NumberOf(unknown);
        return true;
    }

    /// <summary>Whether the list was seen to hold a member with an identity.</summary>
    public bool IsListed(MemberKey key)
    {
        foreach (ref var entry in _table.Of(key))
        {
            if ((entry.Marks & Listed) != 0) return true;
        }

        return false;
    }

    /// <summary>Everybody on the list as far as is known.</summary>
    public IEnumerable<SnapshotMember> Members() => Entries().Where(entry => NumberOf(entry) != 0).Select(entry => MemberOf(entry));

    /// <summary>Everybody on the list as far as is known, with what is noted.</summary>
    public IEnumerable<KnownMember> KnownMembers()
    {
        foreach (var entry in Entries())
        {
            if (NumberOf(entry) != 0)
                yield return new KnownMember(MemberOf(entry), NamedOf(entry.Marks), (entry.Marks & Listed) != 0, (entry.Marks & FromSegment) != 0);
        }
    }

    /// <summary>Whether a row says that somebody is in the segment, and it is not known which person in Marketo that is.</summary>
    public bool HasUnresolvedNames() => Entries().Any(entry => ListReconciler.IsIn(NamedOf(entry.Marks)) && entry.MarketoId <= 0);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _hash.Dispose();
        _table = new MemberTable(0);
        _ids = MemberIds.None;
    }

    // Somebody with an id in doubt was on the list, and nobody is known to have taken the person off.
    private IEnumerable<long> HeldIds() => Entries().Where(entry => NumberOf(entry) != 0 && entry.MarketoId != 0).Select(entry => Math.Abs(entry.MarketoId));

    private IEnumerable<MemberTable.Entry> Entries()
    {
        foreach (var shard in _table.Shards)
        {
            foreach (var entry in shard)
            {
                if (entry.Head != 0) yield return entry;
            }
        }
    }

    // Of several with one identity, the one counts to which values were sent last, or that a segment has named last: a member before may have another identity by now.
    private static uint RankOf(in MemberTable.Entry entry) => (entry.SentHash is not (SentValues.None or SentValues.Unknown) ? WasSent : 0) | (entry.Marks & (FromSegment | NumberBits));

    private static int NumberOf(in MemberTable.Entry entry) => (int)(entry.Marks & NumberBits);

    private static NamedBy NamedOf(uint marks) =>
        ((marks & Row) != 0 ? NamedBy.Row : 0) | ((marks & Exit) != 0 ? NamedBy.Exit : 0) | ((marks & Fault) != 0 ? NamedBy.Fault : 0);

    private static uint MarksOf(NamedBy named) =>
        (named.HasFlag(NamedBy.Row) ? Row : 0) | (named.HasFlag(NamedBy.Exit) ? Exit : 0) | (named.HasFlag(NamedBy.Fault) ? Fault : 0);

    private static SnapshotMember MemberOf(in MemberTable.Entry entry) =>
        new(NumberOf(entry), entry.MarketoId <= 0 ? null : entry.MarketoId, entry.Key) { IsIdInDoubt = entry.MarketoId < 0 };

    private void Follow(ref MemberTable.Entry entry, SnapshotChanges changes)
    {
        int number = NumberOf(entry);
        if (number == 0) return;
        if (changes.Left.Contains(number))
        {
            // The segment may name the person all the same.
            entry.Marks &= ~(NumberBits | FromSegment);
            (entry.MarketoId, entry.SentHash) = (0, 0);
            Count--;
        }
        else if (changes.Ids.TryGetValue(number, out long id))
        {
            entry.MarketoId = id;
        }

        // Such a row keeps its member on the list, and puts nobody there, as a row at fault.
        if (changes.WithoutIdentity.Contains(number)) entry.Marks = (entry.Marks & ~Row) | Fault;
    }

    private void Join(Member member)
    {
        foreach (ref var entry in _table.Of(member.IdentityHash))
        {
            if (NumberOf(entry) != 0) continue;
            entry.Marks |= MarksOf(member);
            entry.SentHash = member.SentHash;
            entry.MarketoId = IdOf(member);
            Count++;
            return;
        }

        Put(member, NamedAt(member.IdentityHash));
    }

    private void Put(Member member, NamedBy named)
    {
        _table.Add(
            member.IdentityHash,
            new MemberTable.Entry { Marks = MarksOf(member) | MarksOf(named), SentHash = member.SentHash, MarketoId = IdOf(member) });
        Count++;
    }

    private static long IdOf(Member member) => member.IsIdInDoubt ? -member.MarketoId!.Value : member.MarketoId ?? 0;

    private static uint MarksOf(Member member) => (uint)member.Number | (member.IsFromSegment ? FromSegment : 0);
}
