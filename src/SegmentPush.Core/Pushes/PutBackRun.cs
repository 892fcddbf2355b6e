using SegmentPush.Lists;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Puts members on the list again that it was seen not to hold: others took them off, or Marketo confirmed an addition that did not happen.
/// Their rows keep what was written for them.
/// </summary>
/// <param name="work">The push.</param>
/// <param name="sources">Reads the rows of the members.</param>
/// <param name="snapshot">The snapshot in memory, with notes of who was seen on the list.</param>
/// <param name="joinedAfter">Members with a greater number have joined during the push.</param>
internal sealed class PutBackRun(ListWork work, RowsAgain sources, Snapshot snapshot, int joinedAfter)
{
    private readonly List<Person> _gone = [];
    private readonly List<int> _forgotten = [];
    private readonly List<(int Number, long Id)> _putBack = [];

    /// <summary>Numbers and ids of members that the reading has shown with identities that the snapshot did not know.</summary>
    public required IReadOnlyList<(int Number, long Id)> Joined { get; init; }

    /// <summary>How many of the members this push had counted as added.</summary>
    public long AddedInVain { get; private set; }

    /// <summary>Numbers of members that could not be put back.</summary>
    public IReadOnlyList<int> Forgotten => _forgotten;

    /// <summary>Puts members back.</summary>
    /// <param name="edits">What is to be done about the list.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SegmentPushException">Marketo says again that it has added somebody, and has not (<c>ListMismatch</c>).</exception>
    public async Task RunAsync(ListEdits edits, CancellationToken cancellation)
    {
        var members = edits.PutBacks;
        if (members.Count == 0) return;
        work.Warn(MessageText.Plural(
            members.Count,
            $"{members.Count:N0} person who should be on the list was not: taken off by others, or not put there by Marketo. The person is put on it again.",
            $"{members.Count:N0} people who should be on the list were not: taken off by others, or not put there by Marketo. They are put on it again."));
        var (people, imported) = Prepare(members, cancellation);
        AddedInVain = people.Concat(imported).Count(person => person.WasAdded);
        work.Settlement.Receive([.. people.Where(person => !IsRow(person))]);
        work.Settlement.RecordPuttingBack(people, work.Push.Connection.MarketoNow);
        var byId = people.ToDictionary(person => person.MemberId!.Value);
        await AdditionCalls.AddAsync(work.Push.Connection, work.Target.StaticList.Id, byId.Keys, results => Take(results, byId), cancellation).ConfigureAwait(false);
        await SendAgainAsync([.. _gone, .. imported], cancellation).ConfigureAwait(false);
        TellMembersOtherwise([.. _gone, .. imported], edits);
        await ProveAsync([.. people.Concat(imported).Where(person => IsRow(person) && person.MemberNumber > joinedAfter)], cancellation).ConfigureAwait(false);
    }

    private bool IsRow(Person person) => person.Source < work.Sources.Count;

    // The people of the members whose ids are known, and the rows of the others, as an import tells no id.
    private (List<Person> People, List<Person> Imported) Prepare(IReadOnlyList<SnapshotMember> members, CancellationToken cancellation)
    {
        List<Person> rows = sources.FindMembers(members.ToLookup(member => member.Key), cancellation);
        var outcomes = work.Settlement.GetOutcomes(rows);
        var settled = new Dictionary<int, Person>();
        var withoutIdentity = new HashSet<int>();
        foreach (var row in rows)
        {
            // A row that Marketo refused stays rejected: its person is put back as somebody that only the list knows.
            var (outcome, change) = outcomes[(row.Source, row.Row)];

            // An earlier process has found that nobody has the identity. The member has another one by now, and the segment does not name it.
            if (outcome == PersonOutcome.Unmatched) withoutIdentity.Add(row.MemberNumber!.Value);
            if (outcome is not (PersonOutcome.Added or PersonOutcome.AlreadyMember)) continue;
            (row.MarketoId, row.Change, row.WasAdded) = (row.MemberId, change, outcome == PersonOutcome.Added);
            settled.Add(row.MemberNumber!.Value, row);
        }

        _forgotten.AddRange(withoutIdentity);
        var all = members.Where(member => !withoutIdentity.Contains(member.Number)).ToLookup(member => (HasId: member.MarketoId is not null, HasRow: settled.ContainsKey(member.Number)));
        _forgotten.AddRange(all[(false, false)].Select(member => member.Number));
        return (
            [.. all[(true, true)].Select(member => settled[member.Number]), .. all[(true, false)].Select(OfList)],
            [.. all[(false, true)].Select(member => settled[member.Number])]);

        Person OfList(SnapshotMember member)
        {
            var person = work.FromList(string.Empty, member.MarketoId, member.Number);
            person.Change = PersonChange.Unchanged;
            return person;
        }
    }

    private void Take(IReadOnlyDictionary<long, RecordResult> results, Dictionary<long, Person> byId)
    {
        var (gone, others) = (new List<Person>(), new List<SettledPerson>());
        foreach (var (id, result) in results)
        {
            if (result.Code == RecordCodes.NotFound && IsRow(byId[id])) gone.Add(byId[id]);
            else others.Add(SettledOf(byId[id], result));
        }

        _gone.AddRange(gone);
        work.Settlement.Settle(others);
        var isOn = others.ToLookup(person => person.Outcome is PersonOutcome.Added or PersonOutcome.AlreadyMember, person => person.Person);
        _putBack.AddRange(isOn[true].Select(person => (person.MemberNumber!.Value, person.MemberId!.Value)));
        _forgotten.AddRange(isOn[false].Select(person => person.MemberNumber!.Value));
    }

    private SettledPerson SettledOf(Person person, RecordResult result) => result switch
    {
        { Status: RecordStatus.Added } => new SettledPerson(person, PersonOutcome.Added, person.Change, person.MarketoId),

        // The reading lagged behind, so that what this push said before still holds; or a call whose answer was lost has put the person back.
        { Status: RecordStatus.MemberOf } => new SettledPerson(person, person.WasAdded || result.MayBeDoneBefore ? PersonOutcome.Added : PersonOutcome.AlreadyMember, person.Change, person.MarketoId),
        { Code: RecordCodes.NotFound } => SettledPerson.Unmatched(person, work.Target.Mapping),
        _ => SettledPerson.RejectedBy(person, result, person.Change),
    };

    // People that Marketo does not know any more, and people whose id is not known.
    private async Task SendAgainAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        if (people.Count == 0) return;
        foreach (var person in people)
        {
            if (person.MemberId is null) (person.IsCreatedByLostCall, person.MayBeCreated) = (person.Change == PersonChange.Created, person.Change == PersonChange.Unknown);
            (person.MarketoId, person.MemberId, person.Change) = (null, null, PersonChange.Unknown);
        }

        work.Settlement.Reopen(people);
        await new SyncDelivery(work.Target, work.Push.Connection, work.Settlement).DeliverAsync(people, cancellation).ConfigureAwait(false);

        // The list did not hold them, and they could not be put on it.
        var outcomes = work.Settlement.GetOutcomes(people);
        _forgotten.AddRange(people.Where(person => outcomes[(person.Source, person.Row)].Outcome is not (PersonOutcome.Added or PersonOutcome.AlreadyMember)).Select(person => person.MemberNumber!.Value));
    }

    // In the place of somebody who is gone, or for a row that an import took, Marketo may know a person who is on the list already, as a member with another identity.
    private void TellMembersOtherwise(IReadOnlyList<Person> people, ListEdits edits)
    {
        var byId = people.Where(person => person.MarketoId is not null).ToLookup(person => person.MarketoId!.Value);
        if (byId.Count == 0) return;
        var absent = edits.PutBacks.Select(member => member.Number).Concat(edits.Snapshot.Forgotten).ToHashSet();

        // By an id that the snapshot had, or that the reading has told.
        var known = snapshot.Members().Where(member => member.MarketoId is not null).Select(member => (member.Number, Id: member.MarketoId!.Value));
        var learnt = edits.Snapshot.Learnt.Select(id => (id.Number, Id: id.MarketoId));
        (int Number, long Id)[] otherwise = [.. known.Concat(learnt).Where(member => !absent.Contains(member.Number)).Concat(_putBack).Concat(Joined).Where(member => byId.Contains(member.Id)).Distinct()];
        var outcomes = work.Settlement.GetOutcomes(people);
        work.Settlement.SettleAnew([.. otherwise.SelectMany(member => byId[member.Id]).Distinct()
            .Where(person => outcomes[(person.Source, person.Row)].Outcome == PersonOutcome.Added)
            .Select(person => new SettledPerson(person, PersonOutcome.AlreadyMember, person.Change, person.MarketoId))]);

        // One entry is enough: that of the row's identity.
        _forgotten.AddRange(otherwise.Select(member => member.Number));
    }

    // Marketo confirmed these additions once, and the list lacked them. Ask again; a second miss fails the push.
    private async Task ProveAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        var lost = new List<Person>();
        foreach (var batch in people.Where(person => person.MarketoId is not null).Chunk(StaticLists.MaxRecords))
        {
            var results = await work.Push.Connection.StaticLists
                .AreMembersAsync(work.Target.StaticList.Id, [.. batch.Select(person => person.MarketoId!.Value)], cancellation).ConfigureAwait(false);
            for (int i = 0; i < batch.Length; i++)
            {
                if (results[i].Status == RecordStatus.NotMemberOf) lost.Add(batch[i]);
            }
        }

        if (lost.Count == 0) return;
        work.Settlement.SettleAnew([.. lost.Select(person => new SettledPerson(
            person, PersonOutcome.Rejected, person.Change, person.MarketoId, "NotOnList", MessageText.Say("Marketo says that the person was added, and the list does not hold it.")))]);
        work.Journal.Snapshots.ForgetMembers([.. lost.Select(person => person.MemberNumber!.Value)]);
        throw new SegmentPushException(
            "ListMismatch",
            MessageText.Plural(
                lost.Count,
                $"{lost.Count:N0} person is not on the list '{work.Target.StaticList.Name}', although Marketo says twice that the person was added.",
                $"{lost.Count:N0} people are not on the list '{work.Target.StaticList.Name}', although Marketo says twice that they were added."),
            $"Get-PushStatus -Id {work.Settlement.Status.ShortId} -Outcome Rejected names them; look at the list in Marketo, and push again.",
            work.Target.StaticList.Id);
    }
}
