using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Puts people on the list by their ids in Marketo, and settles them.</summary>
/// <param name="target">What the push is aimed at.</param>
/// <param name="connection">The instance.</param>
/// <param name="settlement">Takes the outcomes.</param>
/// <param name="leavesGone">Whether people whose ids Marketo does not know any more stay as they are, as their rows are read again.</param>
/// <param name="onList">The members that the list holds; null where it was not read since the push began.</param>
internal sealed class ListAdditions(PushTarget target, MarketoConnection connection, Settlement settlement, bool leavesGone, MembersOnList? onList)
{
    private readonly Gatherer<Person> _adds = new(StaticLists.MaxRecords);
    private readonly Gatherer<Person> _gone = new(int.MaxValue);

    /// <summary>Puts people on the list, unless they are known to be on it. They wait until a call is full.</summary>
    public async Task AddAsync(IEnumerable<Person> people, CancellationToken cancellation)
    {
        var others = SettleListed(people).ToLookup(MayBeListed);
        await AddWrittenAsync(others[false], cancellation).ConfigureAwait(false);
        if (!others[true].Any()) return;

        // Marketo may answer an addition alike where the person was on the list. Before one of them counts as added, it is asked.
        var members = await connection.StaticLists.FindMembersAsync(target.StaticList.Id, others[true].Select(person => person.MarketoId!.Value).Distinct(), cancellation).ConfigureAwait(false);
        var asked = others[true].ToLookup(person => members.Contains(person.MarketoId!.Value));
        SettleAsMembers(asked[true]);
        await AddWrittenAsync(asked[false], cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Whether a person may be on the list by an import of an earlier push: it has put the id of the member with this identity in doubt, and Marketo tells
    /// another id.
    /// </summary>
    public bool MayBeListed(Person person) =>
        person is { IsAgain: false, Stage: not Stage.Written, MemberNumber: not null, DoubtedMemberId: not null, Change: not PersonChange.Created } && !IsOnList(person);

    // If the answer is lost, the next process knows the people that this push may have added.
    private async Task AddWrittenAsync(IEnumerable<Person> people, CancellationToken cancellation)
    {
        settlement.RecordWritten([.. people.Where(person => person.Stage != Stage.Written)], connection.MarketoNow);
        await SendAllAsync(_adds.Add(people), cancellation).ConfigureAwait(false);
    }

    /// <summary>Settles people who are known to be on the list. At the stage Written they would count as people that this push may have added.</summary>
    /// <returns>The others.</returns>
    public IReadOnlyList<Person> SettleListed(IEnumerable<Person> people)
    {
        Person[] found = [.. people];
        var listed = onList?.With(found.Select(person => person.MarketoId!.Value).ToHashSet()).Select(member => member.Id).ToHashSet() ?? [];
        var all = found.ToLookup(person => listed.Contains(person.MarketoId!.Value) || IsOnList(person));
        SettleAsMembers(all[true]);
        return [.. all[false]];
    }

    private void SettleAsMembers(IEnumerable<Person> people) =>
        settlement.Settle([.. people.Select(person => new SettledPerson(person, PersonOutcome.AlreadyMember, person.Change, person.MarketoId))]);

    /// <summary>Puts those on the list who wait.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        if (_adds.TakeRest() is [_, ..] people) await SendAsync(people, cancellation).ConfigureAwait(false);
    }

    /// <summary>Leaves those who wait, because the push ends: no call has put them on the list.</summary>
    public void GiveUp() => settlement.RecordNotAdded(_adds.TakeRest());

    /// <summary>Takes people whose ids Marketo does not know any more.</summary>
    public IReadOnlyList<Person> TakeGone() => _gone.TakeRest();

    // The first call that fails ends it: those behind it were not sent.
    private async Task SendAllAsync(IReadOnlyList<IReadOnlyList<Person>> batches, CancellationToken cancellation)
    {
        int sent = 0;
        try
        {
            foreach (var batch in batches)
            {
                sent++;
                await SendAsync(batch, cancellation).ConfigureAwait(false);
            }
        }
        catch when (sent < batches.Count)
        {
            settlement.RecordNotAdded(batches.Skip(sent).SelectMany(batch => batch));
            throw;
        }
    }

    private async Task SendAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        // Two identities may lead to one person; Marketo is told an id once.
        long[] ids = [.. people.Select(p => p.MarketoId!.Value).Distinct()];
        var results = await AdditionCalls.SendAsync(
            connection, target.StaticList.Id, ids, left: () => settlement.RecordNotAdded(people), cancellation).ConfigureAwait(false);
        var byId = new Dictionary<long, RecordResult>(ids.Length);
        for (int i = 0; i < ids.Length; i++) byId[ids[i]] = results[i];
        Person[] gone = [.. people.Where(person => byId[person.MarketoId!.Value].Code == RecordCodes.NotFound && CanBeLookedForAgain(person))];
        LookForAgain(gone);
        var told = new HashSet<long>();
        settlement.Settle([.. people.Except(gone).Select(person => byId[person.MarketoId!.Value] switch
        {
            // Another row has led to the same person, and counts for the addition.
            { Status: RecordStatus.Added or RecordStatus.MemberOf } when !told.Add(person.MarketoId!.Value) => new SettledPerson(
                person, PersonOutcome.AlreadyMember, person.Change, person.MarketoId),
            { Status: RecordStatus.Added } => new SettledPerson(person, PersonOutcome.Added, person.Change, person.MarketoId),

            // The person was not on the list before, and a call whose answer was lost may have put the person there.
            { Status: RecordStatus.MemberOf } result => new SettledPerson(
                person, person.WasAdded || (WasOff(person) && result.MayBeDoneBefore) ? PersonOutcome.Added : PersonOutcome.AlreadyMember, person.Change, person.MarketoId),
            { Code: RecordCodes.NotFound } => SettledPerson.Unmatched(person, target.Mapping),
            var result => SettledPerson.Refused(person, result),
        })]);
    }

    /// <summary>Whether a person whose id Marketo does not know any more is looked for once more.</summary>
    public static bool CanBeLookedForAgain(Person person) => person is { WasGone: false, Identity.Length: > 0 } && !(person.IsAgain && person.MarketoId != person.MemberId);

    /// <summary>Takes people who were merged, or deleted, since their ids were found: somebody else may have the identity, or the person is created again.</summary>
    public void LookForAgain(IReadOnlyList<Person> people)
    {
        if (people.Count == 0) return;
        if (!leavesGone)
        {
            foreach (var person in people)
            {
                // Another person is written, with all that the row says.
                person.ForgetRefusedCompany();
                (person.WasGone, person.MarketoId, person.Change, person.WasCreated) = (true, null, PersonChange.Unknown, false);
                if (person.IsAgain) person.MemberId = null;
            }

            settlement.RecordReceived(people);
        }

        _gone.Add(people);
    }

    // The snapshot does not know the person on the list, or there was no such person.
    private bool WasOff(Person person) => settlement.Snapshot.IsUsed || person.Change == PersonChange.Created;

    // By the snapshot, which knows the person by the id. Where it knows only the identity, a person who was just created is another one.
    private bool IsOnList(Person person) => !person.IsAgain
        && ((person is { MemberNumber: not null, MemberId: null, DoubtedMemberId: null, Change: not PersonChange.Created }) || settlement.Snapshot.HeldId(person.MarketoId!.Value)
            || (person.MemberNumber is not null && person.MemberId == person.MarketoId));
}
