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

    private readonly IdentityHash _hash;
    private MemberTable _table;
    private MemberIds _ids = MemberIds.None;

    private Snapshot(IdentityHash hash, int people)
    {
        _hash = hash;
        _table = new MemberTable(people);
    }

    /// <summary>The greatest number that a member can have.</summary>
    public const int MaxNumber = MemberEntry.MaxNumber;

    /// <summary>Number of its entries. Two of them may stand for one person.</summary>
    public int Count { get; private set; }

    /// <summary>Number of people that were known on the list when the snapshot was read.</summary>
    public int PeopleAtFirst { get; private set; }

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

        snapshot.NoteIds();
        return snapshot;
    }

    /// <summary>Makes a snapshot of people that the list was seen to hold.</summary>
    public static Snapshot Of(IdentityHash hash, IReadOnlyCollection<Member> members)
    {
        var snapshot = new Snapshot(hash, members.Count);
        foreach (var member in members) snapshot.Put(member, NamedBy.Nobody);
        snapshot.NoteIds();
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
        var named = isExit ? NamedBy.Exit : NamedBy.Row;
        uint rank = 0;
        bool isFound = false;
        List<SnapshotMember>? twins = null;
        foreach (ref var entry in _table.Of(identityHash))
        {
            if (entry.IsNamedByRowThatCounts) return false;
            entry.Name(named);
            isFound = true;
            if (!entry.IsMember) continue;
            if (match.Member is { } first) (twins ??= [first]).Add(entry.Member);

            if (entry.Rank <= rank) continue;
            rank = entry.Rank;
            match = new SnapshotMatch(entry.Member, entry.SentHash == sentHash);
        }

        if (twins is not null) match = match with { Twins = twins };
        if (!isFound) AddName(identityHash, named);
        return true;
    }

    /// <summary>Notes that a row at fault names an identity.</summary>
    public void NoteNamed(Hash128 identityHash)
    {
        bool isFound = false;
        foreach (ref var entry in _table.Of(identityHash))
        {
            entry.Name(NamedBy.Fault);
            isFound = true;
        }

        if (!isFound) AddName(identityHash, NamedBy.Fault);
    }

    /// <summary>What is known of the people with an identity. Any thread may ask.</summary>
    public SnapshotMatch MatchOf(Hash128 identityHash)
    {
        var members = new List<(SnapshotMember Member, uint Rank)>();
        foreach (ref var entry in _table.Of(identityHash))
        {
            if (entry.IsMember) members.Add((entry.Member, entry.Rank));
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
        foreach (ref var entry in _table.Of(identityHash)) isHeld &= entry.AnyId != marketoId;
        return isHeld;
    }

    /// <summary>How the segment names an identity.</summary>
    public NamedBy NamedAt(Hash128 identityHash)
    {
        var named = NamedBy.Nobody;
        foreach (ref var entry in _table.Of(identityHash)) named |= entry.Named;
        return named;
    }

    /// <summary>Ids of the members with an identity, as far as they are known.</summary>
    public IReadOnlyList<long> IdsOf(Hash128 identityHash)
    {
        var ids = new List<long>();
        foreach (ref var entry in _table.Of(identityHash))
        {
            if (entry.CertainId is { } id) ids.Add(id);
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
            foreach (ref var entry in shard.AsSpan()) entry.IsListed = false;
        }
    }

    /// <summary>Notes that the list holds a person.</summary>
    /// <param name="person">The person.</param>
    /// <param name="identityHash">Hash of the identity that the person has now.</param>
    /// <param name="learnt">Number of the member whose id was not known, or in doubt; null where it was known.</param>
    /// <param name="isAgain">Whether the list was seen to hold the person before, as where two of its pages show it.</param>
    /// <returns>False where no member has this identity and this id.</returns>
    public bool TryMatch(ListedPerson person, Hash128 identityHash, out int? learnt, out bool isAgain)
    {
        learnt = null;
        isAgain = false;
        ref var unknown = ref Unsafe.NullRef<MemberEntry>();
        foreach (ref var entry in _table.Of(identityHash))
        {
            if (!entry.IsMember) continue;
            if (entry.CertainId == person.Id)
            {
                isAgain = entry.IsListed;
                entry.IsListed = true;
                return true;
            }

            // Of several entries, the one whose id in doubt was right.
            if (entry is { CertainId: null, IsListed: false } && (Unsafe.IsNullRef(ref unknown) || entry.AnyId == person.Id)) unknown = ref entry;
        }

        if (Unsafe.IsNullRef(ref unknown)) return false;
        unknown.IsListed = true;
        unknown.Identify(person.Id);
        learnt = unknown.Number;
        return true;
    }

    /// <summary>Notes that a member has an id.</summary>
    public void Identify(SnapshotMember member, long marketoId)
    {
        foreach (ref var entry in _table.Of(member.Key))
        {
            if (entry.Number == member.Number) entry.Identify(marketoId);
        }
    }

    /// <summary>Notes that the id of a member may be another person's by now.</summary>
    public void DoubtId(SnapshotMember member)
    {
        foreach (ref var entry in _table.Of(member.Key))
        {
            if (entry.Number == member.Number) entry.DoubtId();
        }
    }

    /// <summary>Whether the list was seen to hold a member with an identity.</summary>
    public bool IsListed(MemberKey key)
    {
        foreach (ref var entry in _table.Of(key))
        {
            if (entry.IsListed) return true;
        }

        return false;
    }

    /// <summary>Everybody on the list as far as is known.</summary>
    public IEnumerable<SnapshotMember> Members() => KnownMembers().Select(known => known.Member);

    /// <summary>Everybody on the list as far as is known, with what is noted.</summary>
    public IEnumerable<KnownMember> KnownMembers()
    {
        foreach (var shard in _table.Shards)
        {
            for (int i = 0; i < shard.Length; i++)
            {
                if (shard[i].IsMember) yield return shard[i].Known;
            }
        }
    }

    /// <summary>Whether a row says that somebody is in the segment, and it is not known which person in Marketo that is.</summary>
    public bool HasUnresolvedNames() =>
        _table.Shards.Any(shard => Array.Exists(shard, entry => !entry.IsFree && ListReconciler.IsIn(entry.Named) && entry.CertainId is null));

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _hash.Dispose();
        _table = new MemberTable(0);
        _ids = MemberIds.None;
    }

    private void NoteIds()
    {
        _ids = MemberIds.Of(HeldIds());
        PeopleAtFirst = Count - _ids.Repeated;
    }

    // Somebody with an id in doubt was on the list, and nobody is known to have taken the person off.
    private IEnumerable<long> HeldIds()
    {
        foreach (var shard in _table.Shards)
        {
            for (int i = 0; i < shard.Length; i++)
            {
                if (shard[i].IsMember && shard[i].AnyId is { } id) yield return id;
            }
        }
    }

    private void Follow(ref MemberEntry entry, SnapshotChanges changes)
    {
        if (!entry.IsMember) return;
        int number = entry.Number;
        if (changes.Left.Contains(number))
        {
            entry.Leave();
            Count--;
        }
        else if (changes.Ids.TryGetValue(number, out long id))
        {
            entry.Identify(id);
        }

        if (changes.WithoutIdentity.Contains(number)) entry.TakeRowForFault();
    }

    private void Join(Member member)
    {
        foreach (ref var entry in _table.Of(member.IdentityHash))
        {
            if (entry.IsMember) continue;
            entry.Join(member);
            Count++;
            return;
        }

        Put(member, NamedAt(member.IdentityHash));
    }

    private void Put(Member member, NamedBy named)
    {
        var entry = new MemberEntry(MemberTable.KeyOf(member.IdentityHash));
        entry.Join(member);
        entry.Name(named);
        _table.Add(entry);
        Count++;
    }

    private void AddName(Hash128 identityHash, NamedBy named)
    {
        var entry = new MemberEntry(MemberTable.KeyOf(identityHash));
        entry.Name(named);
        _table.Add(entry);
    }
}
