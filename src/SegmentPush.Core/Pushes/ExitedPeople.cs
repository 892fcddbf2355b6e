using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Rows that say that their people have left. They wait until everybody is added, because only then it is known which people another row
/// names. An identity may stand for several people: all of them leave, the first one with the row, the others as people of the list.
/// </summary>
/// <param name="work">The push.</param>
internal sealed class ExitedPeople(ListWork work)
{
    private readonly List<Person> _rows = [];
    private readonly HashSet<(long Id, int Number)> _otherwise = [];
    private readonly HashSet<long> _takenOffBefore = [];

    /// <summary>How many people a call of an earlier process has taken off, whose answer was lost.</summary>
    public long TakenOffBefore => _takenOffBefore.Count;

    /// <summary>Numbers of members that a lookup, or the list, has shown with identities by which the snapshot does not know them, by id.</summary>
    public ILookup<long, int> MembersOtherwise => _otherwise.ToLookup(member => member.Id, member => member.Number);

    /// <summary>Takes rows in.</summary>
    public void Add(IReadOnlyList<Person> rows) => _rows.AddRange(rows);

    /// <summary>Finds the people to take off, and settles the rows that take nobody off.</summary>
    /// <param name="steps">What is to be done about the list.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<IReadOnlyList<Removal>> FindAsync(ListSteps steps, Snapshot snapshot, CancellationToken cancellation)
    {
        if (_rows.Count == 0) return [];
        var exits = new ExitLookup(steps, work.Settlement.MayBeOff);
        var rows = _rows.ToLookup(row => exits.Of(KeyOf(row)));
        var removals = new List<Removal>();
        foreach (var row in rows[ExitedMembers.Listed])
        {
            var members = exits.MembersWithIds(KeyOf(row));
            Take(row, [.. members.Select(member => (member.MarketoId!.Value, member.Number))], removals, staysOpenIfGone: members.Count == 1);
        }

        SettleNamed(rows[ExitedMembers.NamedOtherwise]);
        SettleTakenOffBefore(exits, [.. rows[ExitedMembers.NotListed]]);
        await LookUpAsync([.. rows[ExitedMembers.Unknown]], key => exits.MembersWithIds(key).Select(member => member.MarketoId!.Value), snapshot, removals, cancellation).ConfigureAwait(false);
        _rows.Clear();
        return removals;
    }

    /// <summary>Marketo does not know the people of some rows any more. Finds who has the identities of these rows now, and settles the rows that lead to nobody.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<IReadOnlyList<Removal>> FindInsteadAsync(IReadOnlyList<Person> rows, Snapshot snapshot, CancellationToken cancellation)
    {
        var removals = new List<Removal>();
        if (rows.Count > 0) await LookUpAsync(rows, _ => [], snapshot, removals, cancellation).ConfigureAwait(false);
        return removals;
    }

    // A call of an earlier process, whose answer was lost, has taken members off. One of them leaves with the row of its identity where the list
    // holds nobody with it any more, the others as people of the list.
    private void SettleTakenOffBefore(ExitLookup exits, HashSet<Person> notListed)
    {
        var settled = new List<SettledPerson>();
        foreach (var row in _rows)
        {
            var members = exits.TakenOffBefore(KeyOf(row)).OrderByDescending(member => member.MarketoId == row.MemberId).ToArray();
            bool isWithRow = notListed.Contains(row);
            if (isWithRow) settled.Add(SettledOf(row, members.FirstOrDefault().MarketoId ?? (row.MemberId is { } id && work.Settlement.MayBeOff(id) ? id : null)));
            settled.AddRange(ReceiveTakenOff(row, members.Skip(isWithRow ? 1 : 0).Select(member => (member.MarketoId!.Value, member.Number))));
        }

        _takenOffBefore.UnionWith(settled.Where(person => person.Outcome == PersonOutcome.Removed).Select(person => person.MarketoId!.Value));
        work.Settlement.Settle(settled);
    }

    // They leave as people of the list, beside the row of their identity.
    private IEnumerable<SettledPerson> ReceiveTakenOff(Person row, IEnumerable<(long Id, int? Number)> people)
    {
        Person[] received = [.. people.Select(person => work.FromList(row.Identity, person.Id, person.Number, row.IdentityHash))];
        work.Settlement.Receive(received);
        return received.Select(person => new SettledPerson(person, PersonOutcome.Removed, PersonChange.Unchanged, person.MarketoId));
    }

    private static MemberKey KeyOf(Person row) => MemberTable.KeyOf(row.IdentityHash);

    // The list was read, and does not hold the person.
    private static SettledPerson SettledOf(Person row, long? takenOff) => takenOff is { } id
        ? new SettledPerson(row, PersonOutcome.Removed, PersonChange.Unchanged, id)
        : new SettledPerson(row, PersonOutcome.NotMember, PersonChange.Unchanged, row.MemberId, RecordCodes.NotOnList, ListRemovals.NotOnList);

    // People that the snapshot does not know: their identities tell. Others with the same identities it knows.
    private async Task LookUpAsync(
        IReadOnlyList<Person> rows, Func<MemberKey, IEnumerable<long>> knownIds, Snapshot snapshot, List<Removal> removals, CancellationToken cancellation)
    {
        var searchable = rows.ToLookup(row => LeadLookup.CanLookUp(row.Identity));
        work.Settlement.Settle([.. searchable[false].Select(row => SettledPerson.NotSearchable(row, work.Target.Mapping))]);
        var found = new List<(Person Row, IReadOnlyList<long> Ids)>();
        var doubted = new HashSet<long>();
        foreach (var batch in searchable[true].Chunk(Paging.PageSize))
        {
            var matches = await PersonMatches.FindAsync(work.Push.Connection, work.Target, [.. batch.Select(row => row.Identity)], cancellation).ConfigureAwait(false);
            foreach (var row in batch)
            {
                long[] people = [.. matches.AllOf(row.Identity).Concat(knownIds(KeyOf(row))).Distinct()];

                // An id in doubt holds where Marketo knows nobody by the identity: an import has used it for nobody else.
                if (people.Length == 0 && row.DoubtedMemberId is { } id)
                {
                    people = [id];
                    doubted.Add(id);
                }

                found.Add((row, people));
            }
        }

        var ids = found.SelectMany(pair => pair.Ids).ToHashSet();
        var inSegment = ids.Count == 0 ? [] : FindInSegment(ids, snapshot);

        // By the identity that the person has now another row may name the person, and the snapshot does not know that.
        var namedNow = await PresentIdentities.FindNamedAsync(work, doubted, snapshot, cancellation).ConfigureAwait(false);
        inSegment.UnionWith(namedNow.Keys);
        work.Journal.Snapshots.ForgetMembers([.. found.Where(pair => pair.Row.MemberNumber is not null && pair.Ids is [var id] && namedNow.GetValueOrDefault(id)).Select(pair => pair.Row.MemberNumber!.Value)]);
        if (ids.Count > 0) NoteMembersOtherwise(ids, [.. found.Select(pair => KeyOf(pair.Row))], snapshot);
        var leaving = found.Select(pair => (pair.Row, Ids: pair.Ids.Where(id => !inSegment.Contains(id)).ToArray())).Where(pair => pair.Ids.Length > 0);
        await TakeListedAsync([.. leaving], removals, cancellation).ConfigureAwait(false);
        SettleNamed([.. found.Where(pair => pair.Ids.Count > 0 && pair.Ids.All(inSegment.Contains)).Select(pair => pair.Row)]);
        work.Settlement.Settle([.. found.Where(pair => pair.Ids.Count == 0).Select(pair => pair.Row.MarketoId is { } gone
            ? new SettledPerson(pair.Row, PersonOutcome.NotMember, PersonChange.Unchanged, gone, RecordCodes.NotFound, ListRemovals.NotKnown)
            : new SettledPerson(pair.Row, PersonOutcome.NotMember, Code: "NobodyFound", Reason: SettledPerson.UnmatchedReason(work.Target.Mapping)))]);
    }

    // A member whose id is in doubt is one of the people with its identity, and all of them leave.
    private void NoteMembersOtherwise(HashSet<long> ids, HashSet<MemberKey> keys, Snapshot snapshot)
    {
        foreach (var member in snapshot.Members())
        {
            if ((member.MarketoId ?? (keys.Contains(member.Key) ? member.DoubtedId : null)) is { } id && ids.Contains(id)) _otherwise.Add((id, member.Number));
        }
    }

    // Marketo is asked which of the people are on the list: the snapshot does not know them, or not by their ids. If the answer to a removal is lost, nobody
    // could tell any more whether it has taken them off.
    private async Task TakeListedAsync(IReadOnlyList<(Person Row, long[] Ids)> rows, List<Removal> removals, CancellationToken cancellation)
    {
        long[] asked = [.. rows.SelectMany(pair => pair.Ids).Distinct()];
        var listed = await work.NewReader().FindOnListAsync(asked, cancellation).ConfigureAwait(false);
        var settled = new List<SettledPerson>();
        foreach (var (row, ids) in rows)
        {
            long[] people = [.. ids.Where(listed.Contains)], takenOff = [.. ids.Where(id => !listed.Contains(id) && work.Settlement.MayBeOff(id))];
            long[] counted = [.. takenOff.Where(_takenOffBefore.Add)];
            if (people.Length > 0) Take(row, [.. people.Select(id => (id, (int?)null))], removals);
            else if (counted.Length > 0) settled.Add(SettledOf(row, counted[0]));
            else if (takenOff.Length > 0) settled.Add(ListRemovals.SamePerson(row, takenOff[0]));
            else settled.Add(new SettledPerson(row, PersonOutcome.NotMember, PersonChange.Unchanged, ids[0], RecordCodes.NotOnList, ListRemovals.NotOnList));
            settled.AddRange(ReceiveTakenOff(row, counted.Skip(people.Length > 0 ? 0 : 1).Select(id => (id, (int?)null))));
        }

        work.Settlement.Settle(settled);
        var notListed = asked.Where(id => !listed.Contains(id)).ToHashSet();
        work.Journal.Snapshots.ForgetMembers([.. _otherwise.Where(member => notListed.Contains(member.Id)).Select(member => member.Number).Distinct()]);
    }

    // People that a row names by the identity that the snapshot knows, unless another person has got that identity since.
    private static HashSet<long> FindInSegment(HashSet<long> ids, Snapshot snapshot)
    {
        KnownMember[] named = [.. snapshot.KnownMembers().Where(known => known.Member.MarketoId is { } id && ids.Contains(id) && ListReconciler.IsIn(known.Named))];
        if (named.Length == 0) return [];
        var keys = named.Select(known => known.Member.Key).ToHashSet();
        var newest = snapshot.KnownMembers().Where(known => keys.Contains(known.Member.Key))
            .GroupBy(known => known.Member.Key).ToDictionary(same => same.Key, same => same.Max(known => known.Member.Number));
        return [.. named.Where(known => newest[known.Member.Key] == known.Member.Number).Select(known => known.Member.MarketoId!.Value)];
    }

    private void Take(Person row, IReadOnlyList<(long Id, int? Number)> people, List<Removal> removals, bool staysOpenIfGone = false)
    {
        row.MarketoId = people[0].Id;
        if (people[0].Number is { } number && number != row.NumberInSnapshot) _otherwise.Add((people[0].Id, number));
        removals.Add(new Removal(row) { StaysOpenIfGone = staysOpenIfGone, HasOthers = people.Count > 1 });
        if (people.Count == 1) return;
        Person[] others = [.. people.Skip(1).Select(person => work.FromList(row.Identity, person.Id, person.Number, row.IdentityHash))];
        work.Settlement.Receive(others);
        removals.AddRange(others.Select(person => new Removal(person)));
    }

    private void SettleNamed(IEnumerable<Person> named) => work.Settlement.Settle([.. named.Select(row => new SettledPerson(
        row,
        PersonOutcome.NotMember,
        PersonChange.Unchanged,
        Code: PersonEntry.NamedByAnotherRow,
        Reason: MessageText.Say("Another row says that the same person is in the segment, so that the person stays on the list.")))]);
}
