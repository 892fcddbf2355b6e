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
/// <param name="onList">The members that the list holds.</param>
/// <param name="joinedAfter">Members with a greater number have joined during the push.</param>
internal sealed class PutBackRun(ListWork work, RowsAgain sources, MembersOnList onList, int joinedAfter)
{
    private readonly List<Person> _gone = [];
    private readonly List<int> _forgotten = [];

    /// <summary>How many of the members this push had counted as added.</summary>
    public long AddedInVain { get; private set; }

    /// <summary>Numbers of members that could not be put back.</summary>
    public IReadOnlyList<int> Forgotten => _forgotten;

    /// <summary>Puts members back.</summary>
    /// <param name="members">The members.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SegmentPushException">Marketo says again that it has added somebody, and has not (<c>ListMismatch</c>).</exception>
    public async Task RunAsync(IReadOnlyList<SnapshotMember> members, CancellationToken cancellation)
    {
        if (members.Count == 0) return;
        work.Warn(MessageText.Plural(
            members.Count,
            $"{members.Count:N0} person who should be on the list was not: taken off by others, or not put there by Marketo. The person is put on it again.",
            $"{members.Count:N0} people who should be on the list were not: taken off by others, or not put there by Marketo. They are put on it again."));
        var people = await PutBackPeople.FindAsync(work, sources, members, cancellation).ConfigureAwait(false);
        _forgotten.AddRange(people.Nobody);
        Person[] all = [.. people.ById, .. people.ByRow];
        AddedInVain = all.Count(person => person.WasAdded);
        work.Settlement.Receive([.. people.ById.Where(person => !IsRow(person))]);
        work.Settlement.RecordPuttingBack(people.ById, work.Push.Connection.MarketoNow);
        var byId = people.ById.ToLookup(person => person.MarketoId!.Value);
        await AdditionCalls.AddAsync(
            work.Push.Connection,
            work.Target.StaticList.Id,
            [.. byId.Select(same => same.Key)],
            left: ids => work.Settlement.RecordNotAdded(ids.SelectMany(id => byId[id])),
            taken: results => Take(results, byId, people.Unsure),
            cancellation).ConfigureAwait(false);
        await SendAgainAsync([.. _gone, .. people.ByRow], cancellation).ConfigureAwait(false);
        TellMembersOtherwise([.. _gone, .. people.ByRow, .. people.ById.Where(person => people.Unsure.Contains(person.MemberNumber!.Value)).Except(_gone)]);
        await ProveAsync([.. all.Where(person => IsRow(person) && person.MemberNumber > joinedAfter)], cancellation).ConfigureAwait(false);
    }

    private bool IsRow(Person person) => person.Source < work.Sources.Count;

    private void Take(IReadOnlyDictionary<long, RecordResult> results, ILookup<long, Person> byId, IReadOnlySet<int> unsure)
    {
        var settled = new List<SettledPerson>();
        foreach (var (id, result) in results)
        {
            bool isFirst = true;
            foreach (var person in byId[id])
            {
                if (result.Code == RecordCodes.NotFound && IsRow(person)) _gone.Add(person);
                else settled.Add(SettledOf(person, result, isFirst));
                isFirst = false;
            }
        }

        work.Settlement.Settle(settled);
        var isOn = settled.ToLookup(person => person.Outcome is PersonOutcome.Added or PersonOutcome.AlreadyMember, person => person.Person);
        foreach (var person in isOn[true].Where(person => !unsure.Contains(person.MemberNumber!.Value))) onList.Add(person.MemberNumber!.Value, person.MarketoId!.Value);
        _forgotten.AddRange(isOn[false].Select(person => person.MemberNumber!.Value));
    }

    // Several members may stand for one person, who is added once.
    private SettledPerson SettledOf(Person person, RecordResult result, bool isFirst) => result switch
    {
        { Status: RecordStatus.Added } => new SettledPerson(person, isFirst ? PersonOutcome.Added : PersonOutcome.AlreadyMember, person.Change, person.MarketoId),

        // The reading lagged behind, so that what this push said before still holds; or a call whose answer was lost has put the person back.
        { Status: RecordStatus.MemberOf } => new SettledPerson(person, person.WasAdded || result.MayBeDoneBefore ? PersonOutcome.Added : PersonOutcome.AlreadyMember, person.Change, person.MarketoId),
        { Code: RecordCodes.NotFound } => SettledPerson.Unmatched(person, work.Target.Mapping),
        _ => SettledPerson.Refused(person, result),
    };

    // People that Marketo does not know any more, and people whose id is not known.
    private async Task SendAgainAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        if (people.Count == 0) return;
        foreach (var person in people)
        {
            if (person.MemberId is null) (person.WasCreated, person.MayBeCreated) = (person.Change == PersonChange.Created, person.Change == PersonChange.Unknown);
            (person.MarketoId, person.MemberId, person.Change) = (null, null, PersonChange.Unknown);
        }

        work.Settlement.Reopen(people);
        await new SyncDelivery(work.Target, work.Push.Connection, work.Settlement, onList: onList).DeliverAsync(people, cancellation).ConfigureAwait(false);

        // The list did not hold them, and they could not be put on it.
        var outcomes = work.Settlement.Outcomes.Of(people);
        _forgotten.AddRange(people.Where(person => outcomes[(person.Source, person.Row)].Outcome is not (PersonOutcome.Added or PersonOutcome.AlreadyMember)).Select(person => person.MemberNumber!.Value));
    }

    // In the place of somebody who is gone, or for a row whose id was not known, Marketo may know a person who is on the list already, as another member.
    private void TellMembersOtherwise(IReadOnlyList<Person> people)
    {
        var byId = people.Where(person => person.MarketoId is not null).ToLookup(person => person.MarketoId!.Value);
        var members = onList.With(byId.Select(same => same.Key).ToHashSet());
        if (members.Count == 0) return;
        var outcomes = work.Settlement.Outcomes.Of(people);
        work.Settlement.SettleAnew([.. members.SelectMany(member => byId[member.Id]).Distinct()
            .Where(person => outcomes[(person.Source, person.Row)].Outcome == PersonOutcome.Added)
            .Select(person => new SettledPerson(person, PersonOutcome.AlreadyMember, person.Change, person.MarketoId))]);

        // One entry is enough: that of the row's identity.
        _forgotten.AddRange(members.Select(member => member.Number));
    }

    // Marketo confirmed these additions once, and the list lacked them. Ask again; a second miss fails the push.
    private async Task ProveAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        var lost = new List<Person>();
        var outcomes = work.Settlement.Outcomes.Of(people);

        // Who was refused the second time has Marketo's reason by now.
        var confirmed = people.Where(person => person.MarketoId is not null && outcomes[(person.Source, person.Row)].Outcome is PersonOutcome.Added or PersonOutcome.AlreadyMember);
        foreach (var batch in confirmed.Chunk(StaticLists.MaxRecords))
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
