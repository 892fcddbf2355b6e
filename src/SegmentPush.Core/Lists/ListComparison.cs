using SegmentPush.Marketo;

namespace SegmentPush.Lists;

/// <summary>
/// Compares a list, as far as it is known or as it was read, with its snapshot and the segment, and decides what is to be done. Two entries are
/// the same person where identity key or id says so. It changes nothing but the notes of the snapshot in memory.
/// </summary>
/// <param name="snapshot">The snapshot, caught up with all outcomes.</param>
/// <param name="mode">How the list is kept in step.</param>
internal sealed class ListComparison(Snapshot snapshot, PushMode mode)
{
    private readonly List<(ListedPerson Person, Hash128 Hash)> _odd = [];
    private readonly List<Member> _joined = [];
    private readonly List<int> _forgotten = [];
    private readonly List<ListRemoval> _removals = [];
    private readonly List<SnapshotMember> _putBacks = [], _gone = [];
    private readonly HashSet<long> _stillOn = [];
    private readonly HashSet<MemberKey> _namedOtherwise = [];
    private readonly List<LearntId> _learnt = [];
    private readonly List<int> _membersOtherwise = [], _replaced = [], _leftBehind = [];
    private readonly Dictionary<MemberKey, int> _renamed = [];
    private long _read, _strangers;

    /// <summary>People that an extract may still show although they were taken off.</summary>
    public IReadOnlySet<long> TakenOff { get; set; } = new HashSet<long>();

    /// <summary>People whom an earlier process of the push may have taken off, without hearing that it had.</summary>
    public IReadOnlySet<long> SentOff { get; init; } = new HashSet<long>();

    /// <summary>People that an extract may not show yet although they were put on the list.</summary>
    public IReadOnlySet<long> PutOn { get; set; } = new HashSet<long>();

    /// <summary>How many ids were learnt since they were written last.</summary>
    public int Learnt => _learnt.Count;

    /// <summary>Decides without reading the list.</summary>
    /// <param name="snapshot">The snapshot, caught up with all outcomes.</param>
    /// <param name="mode">How the list is kept in step.</param>
    /// <param name="joinedAfter">Members with a greater number have joined during the push.</param>
    public static ListEdits DecideUnread(Snapshot snapshot, PushMode mode, int joinedAfter)
    {
        var leavers = new List<KnownMember>();
        var ids = new HashSet<long>();
        foreach (var known in snapshot.KnownMembers())
        {
            bool leaves = ListReconciler.Decide(mode, FactsOf(known, isListed: null)) == ListAction.Remove;
            if (leaves) leavers.Add(known);
            if (known.Member.MarketoId is { } id && (leaves || known.Member.Number > joinedAfter)) ids.Add(id);
        }

        // A person may be known by an old identity, and be in the segment by a new one.
        var named = new HashSet<long>();
        var joined = new HashSet<long>();
        foreach (var known in snapshot.KnownMembers())
        {
            if (known.Member.MarketoId is not { } id || !ids.Contains(id)) continue;
            if (ListReconciler.IsIn(known.Named)) named.Add(id);
            if (known.Member.Number > joinedAfter) joined.Add(id);
        }

        var stays = leavers.ToLookup(leaver => leaver.Member.MarketoId is { } id && named.Contains(id));
        var forgotten = new List<int>();
        foreach (var known in snapshot.KnownMembers())
        {
            if (known.Member.MarketoId is { } id && !ListReconciler.IsIn(known.Named) && known.Member.Number <= joinedAfter && (named.Contains(id) || joined.Contains(id)))
                forgotten.Add(known.Member.Number);
        }

        return new ListEdits
        {
            Removals = [.. stays[false].Select(leaver => RemovalOf(leaver, null, null))],
            NamedOtherwise = stays[true].Select(leaver => leaver.Member.Key).ToHashSet(),
            Snapshot = new SnapshotEdits { Forgotten = forgotten },
        };
    }

    /// <summary>Takes people in that the list holds.</summary>
    public void Read(IReadOnlyList<ListedPerson> people)
    {
        if (_read == 0) snapshot.BeginReading();
        foreach (var person in people)
        {
            if (TakenOff.Contains(person.Id)) continue;
            _read++;
            if (SentOff.Contains(person.Id)) _stillOn.Add(person.Id);
            var hash = snapshot.HashOf(person);
            if (!snapshot.TryMatch(person, hash, out int? learnt)) _odd.Add((person, hash));
            if (learnt is not { } number) continue;
            _learnt.Add(new LearntId(number, person.Id, IsOther: false));
            if (snapshot.HeldId(person.Id)) _membersOtherwise.Add(number);
        }
    }

    /// <summary>Writes the ids that were learnt by now, and forgets them. On a long list they may be those of everybody.</summary>
    /// <param name="write">Writes them. What it is given is valid during the call.</param>
    public void WriteLearnt(Action<SnapshotEdits> write)
    {
        write(new SnapshotEdits { Learnt = _learnt });
        _learnt.Clear();
    }

    /// <summary>Decides, once the whole list has been read.</summary>
    public ListEdits Decide()
    {
        if (_read == 0) snapshot.BeginReading();
        var leavers = new List<KnownMember>();
        var absent = new List<KnownMember>();
        foreach (var known in snapshot.KnownMembers())
        {
            if (!known.IsListed) absent.Add(known);
            else if (ListReconciler.Decide(mode, FactsOf(known, isListed: true)) == ListAction.Remove) leavers.Add(known);
        }

        var missing = new Missing(absent);
        DecideListed(leavers, missing);
        var odd = _odd.ToLookup(odd => missing.HadId(odd.Person.Id));
        var unknown = odd[false].Select(odd => MemberTable.KeyOf(odd.Hash)).ToHashSet();
        foreach (var (person, hash) in odd[true]) DecideRenamed(person, hash, missing, unknown);
        foreach (var (person, hash) in odd[false]) DecideUnknown(person, hash, missing);
        foreach (var known in missing.Rest())
        {
            // Another person on the list has the identity by now.
            bool isGiven = snapshot.IsListed(known.Member.Key);
            if (known.Member.MarketoId is { } id && PutOn.Contains(id))
                _read++;
            else if (!isGiven && ListReconciler.Decide(mode, FactsOf(known, isListed: false)) == ListAction.PutBack)
                _putBacks.Add(known.Member);
            else
                _gone.Add(known.Member);
        }

        _forgotten.AddRange(_gone.Select(member => member.Number));

        return new ListEdits
        {
            Removals = _removals,
            PutBacks = _putBacks,
            Gone = _gone,
            StrangersOff = FindStrangersOff(),
            NamedOtherwise = _namedOtherwise,
            Snapshot = new SnapshotEdits { Learnt = _learnt, Joined = _joined, Forgotten = _forgotten },
            Read = _read,
            Strangers = _strangers,
            MembersOtherwise = _membersOtherwise,
            Replaced = _replaced,
            LeftBehind = _leftBehind,
        };
    }

    private long[] FindStrangersOff()
    {
        var strangers = SentOff.Except(_stillOn).ToHashSet();
        if (strangers.Count == 0) return [];
        foreach (var member in snapshot.Members()) strangers.Remove(member.MarketoId ?? 0);
        return [.. strangers];
    }

    // Members that the list holds with the identity by which they are known, and that leave unless another row names them.
    private void DecideListed(List<KnownMember> leavers, Missing missing)
    {
        // The same person under an old identity: one entry is enough, but the old identity may be the one that the segment names.
        var named = new HashSet<long>();
        foreach (var known in missing.IsEmpty ? [] : snapshot.KnownMembers().Where(known => known.IsListed))
        {
            foreach (var old in missing.TakeAll(known.Member.MarketoId!.Value))
            {
                if (ListReconciler.IsIn(old.Named)) named.Add(known.Member.MarketoId.Value);
                if (old.Named.HasFlag(NamedBy.Exit) && ListReconciler.IsIn(known.Named)) _namedOtherwise.Add(old.Member.Key);
                _forgotten.Add(old.Member.Number);
            }
        }

        foreach (var known in leavers)
        {
            var facts = FactsOf(known, isListed: true) with { IsNamedOtherwise = named.Contains(known.Member.MarketoId!.Value) };
            Take(known, facts, known.Member.MarketoId!.Value, null);
        }
    }

    // A member whose identity is another one by now.
    private void DecideRenamed(ListedPerson person, Hash128 hash, Missing missing, HashSet<MemberKey> unknown)
    {
        var entries = missing.TakeAll(person.Id);
        if (entries.Count == 0) return;
        var known = entries[0];
        _forgotten.AddRange(entries.Skip(1).Select(entry => entry.Member.Number));

        // Where another person on the list has the identity by now, it names that one.
        bool isGiven = snapshot.IsListed(known.Member.Key) || unknown.Contains(known.Member.Key);
        if (isGiven) _renamed[known.Member.Key] = known.Member.Number;
        var named = isGiven ? known.Named & NamedBy.Exit : known.Named;
        var facts = FactsOf(known with { Named = named }, isListed: true) with { IsNamedOtherwise = ListReconciler.IsIn(snapshot.NamedAt(hash)) };
        Take(known, facts, person.Id, person.Identity);

        // A member whose identity was not known is known by it from now on.
        bool leaves = _removals.Count > 0 && _removals[^1].Number == known.Member.Number;
        if (leaves || known.Member.Key != MemberTable.KeyOf(snapshot.HashOf(person with { Identity = null }))) return;
        _forgotten.Add(known.Member.Number);
        _joined.Add(new Member(0, hash, 0, person.Id, known.IsFromSegment));
    }

    private void Take(KnownMember known, PersonFacts facts, long id, string? identity)
    {
        if (ListReconciler.Decide(mode, facts) == ListAction.Remove) _removals.Add(RemovalOf(known, id, identity));
        else if (facts.IsNamedOtherwise) _namedOtherwise.Add(known.Member.Key);
    }

    // A person whose id the snapshot does not know.
    private void DecideUnknown(ListedPerson person, Hash128 hash, Missing missing)
    {
        // A new person with the identity of a member who is gone stands for that one, as after a merge.
        if (missing.Take(MemberTable.KeyOf(hash)) is { } gone)
        {
            _learnt.Add(new LearntId(gone.Member.Number, person.Id, IsOther: true));
            _replaced.Add(gone.Member.Number);
            Take(gone, FactsOf(gone, isListed: true), person.Id, person.Identity);
            return;
        }

        _strangers++;
        if (_renamed.Remove(MemberTable.KeyOf(hash), out int renamed)) _leftBehind.Add(renamed);
        var named = snapshot.NamedAt(hash);
        var facts = new PersonFacts(IsMember: false, IsListed: true, named);
        if (ListReconciler.Decide(mode, facts) == ListAction.Remove)
            _removals.Add(new ListRemoval(person.Id, null, MemberTable.KeyOf(hash), person.Identity, named.HasFlag(NamedBy.Exit)));
        else
            _joined.Add(new Member(0, hash, 0, person.Id, ListReconciler.IsIn(named)));
    }

    private static PersonFacts FactsOf(KnownMember known, bool? isListed) => new(IsMember: true, isListed, known.Named)
    {
        IsFromSegment = known.IsFromSegment,
        HasId = known.Member.MarketoId is not null,
    };

    private static ListRemoval RemovalOf(KnownMember known, long? id, string? identity) => new(
        id ?? known.Member.MarketoId, known.Member.Number, known.Member.Key, identity, known.Named.HasFlag(NamedBy.Exit));

    // Members that the list does not hold with the identity by which they are known.
    private sealed class Missing
    {
        private readonly Dictionary<int, KnownMember> _members;
        private readonly ILookup<long, int> _byId;
        private readonly ILookup<MemberKey, int> _byKey;

        public Missing(IEnumerable<KnownMember> members)
        {
            _members = members.ToDictionary(known => known.Member.Number);
            _byId = _members.Values.Where(known => known.Member.MarketoId is not null).ToLookup(known => known.Member.MarketoId!.Value, known => known.Member.Number);
            _byKey = _members.Values.ToLookup(known => known.Member.Key, known => known.Member.Number);
        }

        public bool HadId(long id) => _byId.Contains(id);

        public bool IsEmpty => _members.Count == 0;

        public List<KnownMember> TakeAll(long id)
        {
            var found = new List<KnownMember>();
            foreach (int number in _byId[id])
            {
                if (_members.Remove(number, out var known)) found.Add(known);
            }

            return found;
        }

        public KnownMember? Take(MemberKey key)
        {
            foreach (int number in _byKey[key])
            {
                if (_members.Remove(number, out var known)) return known;
            }

            return null;
        }

        public Dictionary<int, KnownMember>.ValueCollection Rest() => _members.Values;
    }
}
