using SegmentPush.Marketo;

namespace SegmentPush.Lists;

/// <summary>Gathers what is to be done about the people of a list that was read, group by group. Each group has its facts; <see cref="ListReconciler"/> decides by them.</summary>
/// <param name="snapshot">The snapshot, with notes of who was seen on the list.</param>
/// <param name="mode">How the list is kept in step.</param>
/// <param name="missing">Members that the list does not hold with the identity by which they are known.</param>
internal sealed class ListDecider(Snapshot snapshot, PushMode mode, MissingMembers missing)
{
    private readonly List<ListDecision> _decided = [];
    private readonly List<ImportedMember> _imported = [];
    private readonly List<LearntId> _learnt = [];
    private readonly List<Member> _joined = [];
    private readonly List<int> _unlearnt = [];
    private readonly Dictionary<MemberKey, int> _renamed = [];
    private readonly HashSet<MemberKey> _newNames = [];
    private readonly HashSet<MemberKey> _oddNames = [];
    private readonly HashSet<long> _beside = [];
    private long _unshown, _strangers;

    /// <summary>People that an earlier process of the push may have taken off, and that the list does not hold.</summary>
    public required HashSet<long> MayBeOff { get; init; }

    /// <summary>People that an extract may not show yet although they were put on the list.</summary>
    public required IReadOnlySet<long> PutOn { get; init; }

    /// <summary>Members with a greater number have joined during the push.</summary>
    public required int JoinedAfter { get; init; }

    /// <summary>Decides about members that the list holds with the identity by which they are known, and that leave unless another row names them.</summary>
    public void DecideListed(IReadOnlyList<KnownMember> leavers)
    {
        // The same person under an old identity: one entry is enough, but the old identity may be the one that the segment names.
        var named = new HashSet<long>();
        foreach (var known in missing.IsEmpty ? [] : snapshot.KnownMembers().Where(known => known.IsListed))
        {
            foreach (var old in missing.TakeAll(known.Member.MarketoId!.Value))
            {
                if (ListReconciler.IsIn(old.Named)) named.Add(known.Member.MarketoId.Value);
                Decide(old, old.FactsWhere(isListed: true) with { HasBetterEntry = true, IsNamedOtherwise = ListReconciler.IsIn(known.Named) });
            }
        }

        foreach (var known in leavers)
            Decide(known, known.FactsWhere(isListed: true) with { IsNamedOtherwise = named.Contains(known.Member.MarketoId!.Value) });
    }

    /// <summary>Decides about people on the list that no member is with identity and id together.</summary>
    public void DecideOdd(IReadOnlyList<(ListedPerson Person, Hash128 Hash)> people)
    {
        _beside.UnionWith(people.Select(odd => odd.Person.Id));
        var odd = people.ToLookup(odd => missing.HadId(odd.Person.Id));
        _oddNames.UnionWith(people.Select(odd => MemberTable.KeyOf(odd.Hash)));

        foreach (var (person, hash) in odd[true])
        {
            if (missing.TakeAll(person.Id) is [_, ..] entries) DecideRenamed(person, hash, entries);
        }

        foreach (var (person, hash) in odd[false]) DecideUnknown(person, hash);
    }

    /// <summary>Decides about the members that were not found on the list.</summary>
    public void DecideMissing()
    {
        foreach (var known in missing.Rest)
        {
            var facts = known.FactsWhere(isListed: false) with
            {
                IsIdentityTaken = snapshot.IsListed(known.Member.Key) || missing.HasJoinedInPlaceOf(known, JoinedAfter)

                    // A row leads to one person, also where an earlier process of the push has put another one on the list by the same identity.
                    || (known.Named.HasFlag(NamedBy.Row) && missing.HasHigherRank(known)),
                HasBetterEntry = missing.HasBetterEntry(known),
                MayBeOff = known.Member.MarketoId is { } id && MayBeOff.Contains(id),
            };
            if (!facts.HasBetterEntry && known.Member.MarketoId is { } added && PutOn.Contains(added))
            {
                _unshown++;
                _beside.Add(added);
                Decide(known, facts with { IsListed = true, IsIdentityTaken = false, MayBeOff = false });
            }
            else
            {
                var decision = ListDecision.Of(mode, known, facts);

                // Nothing but the id can put the person back. A resume needs it, too.
                bool keepsId = decision.Action == ListAction.PutBack && known.Named == NamedBy.Nobody;
                if (known.Member.DoubtedId is not null && !keepsId) _unlearnt.Add(known.Member.Number);

                // Somebody on the list has the identity. Whether the member still has it, too, only Marketo knows.
                bool isDoubted = decision.Action == ListAction.PutBack && _oddNames.Contains(known.Member.Key);
                Add(isDoubted ? decision with { MarketoId = null, DoubtedId = decision.MarketoId ?? decision.DoubtedId } : decision);
            }
        }

        if (MayBeOff.Count == 0) return;
        foreach (var member in snapshot.Members()) MayBeOff.Remove(member.MarketoId ?? 0);
        var strangers = new PersonFacts(IsMember: false, IsListed: false, NamedBy.Nobody) { MayBeOff = true };
        foreach (long id in MayBeOff) Add(new ListDecision(ListReconciler.Decide(mode, strangers), strangers, id, null, default));
    }

    /// <summary>All that was decided.</summary>
    /// <param name="learnt">Ids that the reading has told.</param>
    /// <param name="imported">What the reading has told of imported people.</param>
    /// <param name="read">How many people the list has shown.</param>
    public ListSteps ToSteps(IEnumerable<LearntId> learnt, IEnumerable<ImportedMember> imported, long read) => new()
    {
        Decisions = _decided,
        Imported = [.. imported, .. _imported],
        Snapshot = new SnapshotEdits
        {
            Learnt = [.. learnt, .. _learnt],
            Joined = _joined,
            Unlearnt = _unlearnt,
            Forgotten = [.. _decided.Where(decision => decision is { Action: ListAction.Forget or ListAction.CountRemoved, Number: not null }).Select(decision => decision.Number!.Value)],
        },
        Read = read + _unshown,
        Beside = _beside,
        Strangers = _strangers,
        NewNames = _newNames,
    };

    // A member whose identity is another one by now. Another person may have the one of before: a stranger, or a member who was known by yet another identity.
    private void DecideRenamed(ListedPerson person, Hash128 hash, List<KnownMember> entries)
    {
        var known = entries[0];
        _newNames.Add(MemberTable.KeyOf(hash));
        foreach (var other in entries.Skip(1)) Decide(other, other.FactsWhere(isListed: true) with { HasBetterEntry = true });
        bool isTaken = snapshot.IsListed(known.Member.Key) || _oddNames.Contains(known.Member.Key) || missing.HasNewer(known);
        if (isTaken) _renamed[known.Member.Key] = known.Member.Number;
        var facts = known.FactsWhere(isListed: true) with { IsIdentityTaken = isTaken, IsNamedOtherwise = ListReconciler.IsIn(snapshot.NamedAt(hash)) };

        // A member whose identity was not known, or is another person's by now, is known by the new one from now on. So a row with the new one takes the member off.
        bool isKnownAnew = isTaken || known.Member.Key == MemberTable.KeyOf(snapshot.HashOf(person with { Identity = null }));

        // The row with the identity of before takes its entry along, and the row with the new one may know another person by it.
        isKnownAnew |= known.Named.HasFlag(NamedBy.Exit) && facts.IsNamedOtherwise;
        if (isKnownAnew && snapshot.NamedAt(hash) is var named && named.HasFlag(NamedBy.Exit) && !facts.IsNamedOtherwise)
        {
            var exited = known with { Member = known.Member with { Key = MemberTable.KeyOf(hash) }, Named = named };
            if (Decide(exited, exited.FactsWhere(isListed: true), person) == ListAction.Remove) return;
        }

        if (Decide(known, facts, person) == ListAction.Remove) return;

        if (!isKnownAnew) return;
        Decide(known, facts with { HasBetterEntry = true }, person);
        _joined.Add(new Member(0, hash, 0, person.Id, known.IsFromSegment));
    }

    // A person whose id the snapshot does not know.
    private void DecideUnknown(ListedPerson person, Hash128 hash)
    {
        var key = MemberTable.KeyOf(hash);

        // A new person with the identity of a member who is gone stands for that one, as after a merge.
        if (missing.Take(key) is { } gone)
        {
            _learnt.Add(new LearntId(gone.Member.Number, person.Id, IsOther: true));
            _imported.Add(new ImportedMember(gone.Member.Number, ImportedIdentity.Replaced));
            Decide(gone, gone.FactsWhere(isListed: true), person);
            return;
        }

        _strangers++;
        if (_renamed.Remove(key, out int renamed)) _imported.Add(new ImportedMember(renamed, ImportedIdentity.LeftBehind));
        var facts = new PersonFacts(IsMember: false, IsListed: true, snapshot.NamedAt(hash));
        var action = ListReconciler.Decide(mode, facts);
        if (action == ListAction.Learn) _joined.Add(new Member(0, hash, 0, person.Id, ListReconciler.IsIn(facts.Named)));
        else Add(new ListDecision(action, facts, person.Id, null, key, person.Identity));
    }

    // The list may show a member's person with another id or identity than the snapshot knows.
    private ListAction Decide(KnownMember known, PersonFacts facts, ListedPerson? listed = null)
    {
        var decision = ListDecision.Of(mode, known, facts);
        Add(listed is { } person ? decision with { MarketoId = person.Id, Identity = person.Identity } : decision);
        return decision.Action;
    }

    private void Add(ListDecision decision)
    {
        if (decision.Matters) _decided.Add(decision);
    }
}
