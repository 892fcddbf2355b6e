namespace SegmentPush.Lists;

/// <summary>Members that the list does not hold with the identity by which they are known, until it is found what became of each.</summary>
internal sealed class MissingMembers
{
    private readonly Dictionary<int, KnownMember> _members;
    private readonly ILookup<long, int> _byId;
    private readonly ILookup<MemberKey, int> _byKey;

    /// <summary>Takes members in.</summary>
    public MissingMembers(IEnumerable<KnownMember> members)
    {
        _members = members.ToDictionary(known => known.Member.Number);
        _byId = _members.Values.Where(known => known.Member.MarketoId is not null).ToLookup(known => known.Member.MarketoId!.Value, known => known.Member.Number);
        _byKey = _members.Values.ToLookup(known => known.Member.Key, known => known.Member.Number);
    }

    /// <summary>Whether nobody is missing.</summary>
    public bool IsEmpty => _members.Count == 0;

    /// <summary>Those who are still missing.</summary>
    public IReadOnlyCollection<KnownMember> Rest => _members.Values;

    /// <summary>Whether another entry stands for the same person, which the list does not hold: one that a row names, or a newer one.</summary>
    public bool HasBetterEntry(KnownMember known) => known.Member.MarketoId is { } id
        && _byId[id].Any(number => _members.TryGetValue(number, out var other) && RankOf(other).CompareTo(RankOf(known)) > 0);

    /// <summary>
    /// Whether the push has put another person on the list by the same identity. An extract that lags may not show this person, and others may have given the
    /// person another identity since.
    /// </summary>
    /// <param name="known">The member.</param>
    /// <param name="joinedAfter">Members with a greater number have joined during the push.</param>
    public bool HasJoinedInPlaceOf(KnownMember known, int joinedAfter) => known.Member.Number <= joinedAfter
        && _byKey[known.Member.Key].Any(number => number > joinedAfter);

    /// <summary>Whether somebody else has joined the list later by the same identity.</summary>
    public bool HasNewer(KnownMember known) => _byKey[known.Member.Key].Any(number => number > known.Member.Number && _members.ContainsKey(number));

    /// <summary>Whether a row with the identity leads to another member, who is missing, too.</summary>
    public bool HasHigherRank(KnownMember known) => _byKey[known.Member.Key].Any(number => _members.TryGetValue(number, out var other) && other.Rank > known.Rank);

    /// <summary>Whether a member with this id was missing at first.</summary>
    public bool HadId(long id) => _byId.Contains(id);

    /// <summary>Takes all entries with an id out. Those come first by which a row keeps the person on the list, then the newer ones.</summary>
    public List<KnownMember> TakeAll(long id)
    {
        var found = new List<KnownMember>();
        foreach (int number in _byId[id])
        {
            if (_members.Remove(number, out var known)) found.Add(known);
        }

        return found.Count < 2 ? found : [.. found.OrderByDescending(known => ListReconciler.IsIn(known.Named)).ThenByDescending(RankOf)];
    }

    /// <summary>Takes a member with an identity out; null where none is missing.</summary>
    public KnownMember? Take(MemberKey key)
    {
        foreach (int number in _byKey[key])
        {
            if (_members.Remove(number, out var known)) return known;
        }

        return null;
    }

    private static (bool IsNamed, int Number) RankOf(KnownMember known) => (known.Named.HasFlag(NamedBy.Row), known.Member.Number);
}
