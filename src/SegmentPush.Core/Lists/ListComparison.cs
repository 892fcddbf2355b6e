using SegmentPush.Marketo;

namespace SegmentPush.Lists;

/// <summary>
/// Compares a list, as it is read, with its snapshot. Two entries are the same person where identity key or id says so. It changes nothing
/// but the notes of the snapshot in memory. Others may add somebody between two pages, so that both show one person: that one counts once.
/// </summary>
/// <param name="snapshot">The snapshot, caught up with all outcomes.</param>
/// <param name="mode">How the list is kept in step.</param>
internal sealed class ListComparison(Snapshot snapshot, PushMode mode)
{
    private readonly List<(ListedPerson Person, Hash128 Hash)> _odd = [];
    private readonly HashSet<long> _oddIds = [];
    private readonly HashSet<long> _stillOn = [];
    private readonly List<LearntId> _learnt = [];
    private readonly List<ImportedMember> _imported = [];
    private long _read;

    /// <summary>People that an extract may still show although they were taken off.</summary>
    public IReadOnlySet<long> TakenOff { get; set; } = new HashSet<long>();

    /// <summary>People that an earlier process of the push may have taken off, without hearing that it had.</summary>
    public IReadOnlySet<long> SentOff { get; init; } = new HashSet<long>();

    /// <summary>People that an extract may not show yet although they were put on the list.</summary>
    public IReadOnlySet<long> PutOn { get; set; } = new HashSet<long>();

    /// <summary>Members with a greater number have joined during the push.</summary>
    public int JoinedAfter { get; init; } = int.MaxValue;

    /// <summary>How many ids were learnt since they were written last.</summary>
    public int Learnt => _learnt.Count;

    /// <summary>Takes people in that the list holds.</summary>
    public void Read(IReadOnlyList<ListedPerson> people)
    {
        if (_read == 0) snapshot.BeginReading();
        foreach (var person in people)
        {
            if (TakenOff.Contains(person.Id) || _oddIds.Contains(person.Id)) continue;
            if (SentOff.Contains(person.Id)) _stillOn.Add(person.Id);
            var hash = snapshot.HashOf(person);
            bool isMember = snapshot.TryMatch(person, hash, out int? learnt, out bool isAgain);
            if (isAgain) continue;
            _read++;
            if (!isMember)
            {
                _odd.Add((person, hash));
                _oddIds.Add(person.Id);
            }

            if (learnt is not { } number) continue;
            _learnt.Add(new LearntId(number, person.Id, IsOther: false));
            if (snapshot.HeldId(person.Id)) _imported.Add(new ImportedMember(number, ImportedIdentity.KnownOtherwise));
        }
    }

    /// <summary>Writes the ids that were learnt by now, and forgets them. On a long list they may be those of everybody.</summary>
    /// <param name="write">Writes them. What it is given is valid during the call.</param>
    public void WriteLearnt(Action<SnapshotEdits> write)
    {
        write(new SnapshotEdits { Learnt = _learnt });
        _learnt.Clear();
    }

    /// <summary>
    /// Members whose ids are known, and whose identities nobody on the list has, though nothing that the push knows explains it. People on the list may have
    /// their ids.
    /// </summary>
    public IReadOnlyList<SnapshotMember> FindUnlisted()
    {
        if (_read == 0) snapshot.BeginReading();
        var names = _odd.Select(odd => MemberTable.KeyOf(odd.Hash)).ToHashSet();
        return [.. snapshot.KnownMembers()
            .Where(known => known is { IsListed: false, Member.MarketoId: { } id } && !PutOn.Contains(id) && !SentOff.Contains(id))
            .Select(known => known.Member)
            .Where(member => !names.Contains(member.Key) && !snapshot.IsListed(member.Key))];
    }

    /// <summary>Takes in that the ids of members are in doubt.</summary>
    public void Doubt(IEnumerable<SnapshotMember> members)
    {
        foreach (var member in members) snapshot.DoubtId(member);
    }

    /// <summary>
    /// Members that were not found by their identities, where people on the list have the ids that are in doubt, and rows name the identities: Marketo knows
    /// whether somebody else has them. Where no row that counts names them, the ids hold.
    /// </summary>
    public IReadOnlyList<SnapshotMember> FindDoubted() => FindDoubted(isNamed: true);

    /// <summary>Takes in that ids in doubt hold.</summary>
    public void Confirm(IReadOnlyList<SnapshotMember> members)
    {
        foreach (var member in members)
        {
            snapshot.Identify(member, member.DoubtedId!.Value);
            _learnt.Add(new LearntId(member.Number, member.DoubtedId.Value, IsOther: false));
        }
    }

    /// <summary>Takes the list in anew, because the reading before was not enough. What that one has told of ids stays told, because the snapshot in memory has it.</summary>
    public void BeginAgain()
    {
        _odd.Clear();
        _oddIds.Clear();
        _stillOn.Clear();
        _read = 0;
        TakenOff = new HashSet<long>();
    }

    /// <summary>Decides, once the whole list has been read.</summary>
    public ListSteps Decide()
    {
        if (_read == 0) snapshot.BeginReading();
        TakeOutMembers();
        Confirm(FindDoubted(isNamed: false));
        var leavers = new List<KnownMember>();
        var absent = new List<KnownMember>();
        foreach (var known in snapshot.KnownMembers())
        {
            if (!known.IsListed) absent.Add(known);
            else if (ListReconciler.Decide(mode, known.FactsWhere(isListed: true)) == ListAction.Remove) leavers.Add(known);
        }

        var missing = new MissingMembers(absent);
        var decisions = new ListDecider(snapshot, mode, missing) { MayBeOff = SentOff.Except(_stillOn).ToHashSet(), PutOn = PutOn, JoinedAfter = JoinedAfter };
        decisions.DecideListed(leavers);
        decisions.DecideOdd(_odd);
        decisions.DecideMissing();
        return decisions.ToSteps(_learnt, _imported, _read);
    }

    private IReadOnlyList<SnapshotMember> FindDoubted(bool isNamed)
    {
        if (_odd.Count == 0) return [];
        var doubted = snapshot.KnownMembers()
            .Where(known => known is { IsListed: false, Member.DoubtedId: not null } && (known.Named is NamedBy.Nobody or NamedBy.Fault) != isNamed)
            .ToLookup(known => known.Member.DoubtedId!.Value, known => known.Member);
        return doubted.Count == 0 ? [] : [.. _odd.SelectMany(odd => doubted[odd.Person.Id])];
    }

    // Others may give a member another identity between two pages that show it. The first one has shown the member.
    private void TakeOutMembers()
    {
        if (_odd.Count == 0) return;
        var members = snapshot.KnownMembers()
            .Where(known => known is { IsListed: true, Member.MarketoId: { } id } && _oddIds.Contains(id)).Select(known => known.Member.MarketoId!.Value).ToHashSet();
        _read -= _odd.RemoveAll(odd => members.Contains(odd.Person.Id));
        _oddIds.ExceptWith(members);
    }
}
