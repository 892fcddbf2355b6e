using System.Text.Json;
using System.Threading.Channels;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Delivers by lookup, sync and list calls of 300 people. What one call leaves open (an ambiguous match, refused company
/// fields, ids to add) is gathered across calls until the next kind of call is full, so that calls are as few as can be.
/// </summary>
internal sealed class SyncDelivery : IDelivery
{
    /// <summary>How often a create whose answer was lost is sent again at most.</summary>
    private const int LostAnswerLimit = 5;

    private readonly PushTarget _target;
    private readonly MarketoConnection _connection;
    private readonly Settlement _settlement;
    private readonly RecordWriter _writer;
    private readonly Gatherer<Person> _matchOnly = new(Paging.PageSize);
    private readonly Gatherer<Person> _withoutCompany = new(LeadSync.MaxRecords);
    private readonly Gatherer<OpenMatch> _openMatches = new(Paging.PageSize);
    private readonly Gatherer<PendingUpdate> _updates = new(LeadSync.MaxRecords);
    private readonly Gatherer<Person> _adds = new(StaticLists.MaxRecords);
    private readonly Gatherer<Person> _gone = new(int.MaxValue);
    private bool _isResumed;

    public SyncDelivery(PushTarget target, MarketoConnection connection, Settlement settlement)
    {
        _target = target;
        _connection = connection;
        _settlement = settlement;
        _writer = new RecordWriter(target.Mapping, target.Creates);
    }

    /// <inheritdoc/>
    public async Task DeliverAsync(ChannelReader<IReadOnlyList<Person>> people, CancellationToken cancellation)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = _connection.MaxConcurrency, CancellationToken = cancellation };

        // The loop's own token is not passed on: when one call fails for good, the others may finish and be settled.
        await Parallel.ForEachAsync(
            people.ReadAllAsync(cancellation), options, async (batch, _) => await SendAsync(batch, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        await FlushAsync(cancellation).ConfigureAwait(false);

        // A person whose id Marketo does not know any more is looked for once more.
        if (_gone.TakeRest() is not [_, ..] gone) return;
        foreach (var batch in gone.Chunk(SegmentIntake.BatchSize)) await SendAsync(batch, cancellation).ConfigureAwait(false);
        await FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Puts people on the list again by the ids that are remembered; who is gone is looked up, and created where that is wanted.</summary>
    public async Task DeliverAgainAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        foreach (var person in people.Where(person => person.MemberId is not null)) (person.MarketoId, person.Change) = (person.MemberId, PersonChange.Unchanged);
        await ToListAsync(people.Where(person => person.MemberId is not null), cancellation).ConfigureAwait(false);
        var others = Channel.CreateUnbounded<IReadOnlyList<Person>>();
        foreach (var batch in people.Where(person => person.MemberId is null).Chunk(SegmentIntake.BatchSize)) others.Writer.TryWrite(batch);
        others.Writer.Complete();
        await DeliverAsync(others.Reader, cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes people whose ids a lookup has found, and puts them on the list.</summary>
    public async Task DeliverFoundAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        await ToUpdateAsync(people, PersonChange.Updated, cancellation).ConfigureAwait(false);
        await FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Puts people on the list whom an earlier process has written, unless they are known to be on it.</summary>
    /// <returns>Those whom Marketo does not know any more. Their rows have to be read again.</returns>
    public async Task<IReadOnlyList<Person>> PutOnListAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        _isResumed = true;
        await ToListAsync(people, cancellation).ConfigureAwait(false);
        await FlushAsync(cancellation).ConfigureAwait(false);
        return _gone.TakeRest();
    }

    private async Task SendAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        if (_target.OnlyMatches)
        {
            await MatchAsync(people, cancellation).ConfigureAwait(false);
            return;
        }

        var matchOnly = people.Where(person => person.IsMatchOnly).ToArray();
        foreach (var batch in _matchOnly.Add(matchOnly)) await UpdateFoundAsync(batch, cancellation).ConfigureAwait(false);
        await SyncAsync(matchOnly.Length == 0 ? people : [.. people.Except(matchOnly)], withCompany: true, cancellation).ConfigureAwait(false);
    }

    // In this order, because each kind of call adds people only to batches that are flushed after it.
    private async Task FlushAsync(CancellationToken cancellation)
    {
        if (_matchOnly.TakeRest() is [_, ..] matchOnly) await UpdateFoundAsync(matchOnly, cancellation).ConfigureAwait(false);
        if (_withoutCompany.TakeRest() is [_, ..] refused) await SyncAsync(refused, withCompany: false, cancellation).ConfigureAwait(false);
        if (_openMatches.TakeRest() is [_, ..] open) await DecideAsync(open, cancellation).ConfigureAwait(false);
        if (_updates.TakeRest() is [_, ..] updates) await UpdateAsync(updates, cancellation).ConfigureAwait(false);
        if (_adds.TakeRest() is [_, ..] adds) await AddAsync(adds, cancellation).ConfigureAwait(false);
    }

    // Looks people up, and writes nothing but the list.
    private async Task MatchAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        var found = await FindAsync(people, cancellation).ConfigureAwait(false);
        _settlement.Settle([.. people.Where(p => p.MarketoId is null).Select(Unmatched)]);
        foreach (var person in found) person.Change = PersonChange.Unchanged;
        await ToListAsync(found, cancellation).ConfigureAwait(false);
    }

    // Looks up people with addresses that nobody is created with. Those that Marketo knows are updated.
    private async Task UpdateFoundAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        var found = await FindAsync(people, cancellation).ConfigureAwait(false);
        _settlement.Settle([.. people.Where(person => person.MarketoId is null).Select(SettledPerson.NotCreated)]);
        if (_target.WritesExisting)
        {
            await ToUpdateAsync(found, PersonChange.Updated, cancellation).ConfigureAwait(false);
            return;
        }

        foreach (var person in found) person.Change = PersonChange.Unchanged;
        await ToListAsync(found, cancellation).ConfigureAwait(false);
    }

    private async Task SyncAsync(IReadOnlyList<Person> people, bool withCompany, CancellationToken cancellation)
    {
        for (int lost = 0; people.Count > 0; lost++)
        {
            var (sent, sentAt) = (people, DateTimeOffset.MaxValue);
            var request = RequestFor(people, withCompany);
            if (_target.Creates)
            {
                request = request with
                {
                    Sending = (first, count) => _settlement.RecordSent([.. sent.Skip(first).Take(count)], sentAt = _connection.MarketoNow),
                };
            }

            try
            {
                var results = await _connection.Sync.SyncAsync(request, cancellation).ConfigureAwait(false);
                await TakeResultsAsync(people, results, withCompany, cancellation).ConfigureAwait(false);
                return;
            }
            catch (AnswerLostException failure) when (lost < Math.Min(LostAnswerLimit, _connection.RetryLimit))
            {
                await TakeResultsAsync(people, failure.Answered, withCompany, cancellation).ConfigureAwait(false);
                people = await TakeFoundAsync([.. people.Skip(failure.Answered.Count)], sentAt, cancellation).ConfigureAwait(false);
                if (people.Count > 0) await CallExpiry.WaitAsync(failure.SentAt, _connection.Time.GetUtcNow(), _connection.Time, null, cancellation).ConfigureAwait(false);
            }
            catch (MarketoException failure)
            {
                await TakeResultsAsync(people, failure.Answered, withCompany, cancellation).ConfigureAwait(false);

                // A refusal executed nothing, so a resume need not wait for a call that may still create these people.
                if (failure is not AnswerLostException && _target.Creates) _settlement.RecordReceived([.. people.Skip(failure.Answered.Count)]);
                throw;
            }
        }
    }

    // People whom Marketo knows by now need no create, also where others made them. The others are left to be sent again.
    private async Task<IReadOnlyList<Person>> TakeFoundAsync(IReadOnlyList<Person> people, DateTimeOffset sentAt, CancellationToken cancellation)
    {
        Person[] asked = [.. people.Where(person => LeadLookup.CanLookUp(person.Identity))];
        if (asked.Length == 0) return people;
        var matches = await PersonMatches
            .FindAsync(_connection, _target, [.. asked.Select(person => person.Identity)], cancellation, withCreation: true).ConfigureAwait(false);
        var found = new List<Person>();
        foreach (var person in asked)
        {
            if (matches.Of(person.Identity) is not { } match) continue;
            person.MarketoId = match.Id;
            person.IsCreatedByLostCall |= LostCalls.HasCreated(match, sentAt);
            if (match.IsOneOfSeveral) _settlement.CountMultipleMatch();
            found.Add(person);
        }

        if (_target.WritesExisting) await ToUpdateAsync(found, PersonChange.Updated, cancellation).ConfigureAwait(false);
        else await ToListAsUnchangedAsync(found, cancellation).ConfigureAwait(false);
        return [.. people.Where(person => person.MarketoId is null)];
    }

    private SyncLeadsRequest RequestFor(IReadOnlyList<Person> people, bool withCompany) => new(
        (_target.Creates, _target.WritesExisting) switch
        {
            (true, true) => "createOrUpdate",
            (true, false) => "createOnly",
            _ => "updateOnly",
        },
        _target.Mapping.IdentityField.Name,
        _target.Partition?.Name,
        people.Count,
        (json, i) => _writer.Write(json, people[i], withCompany));

    private async Task TakeResultsAsync(
        IReadOnlyList<Person> people, IReadOnlyList<RecordResult> results, bool withCompany, CancellationToken cancellation)
    {
        var settled = new List<SettledPerson>();
        var members = new List<Person>(results.Count);
        var refused = new List<Person>();
        var open = new List<OpenMatch>();
        for (int i = 0; i < results.Count; i++)
        {
            var (person, result) = (people[i], results[i]);
            switch (result)
            {
                case { Status: RecordStatus.Created or RecordStatus.Updated }:
                    person.MarketoId = result.Id;
                    person.Change = result.Status == RecordStatus.Created || person.IsCreatedByLostCall ? PersonChange.Created
                        : _target.WritesExisting ? PersonChange.Updated : PersonChange.Unchanged;
                    if (result.Id is null) open.Add(new OpenMatch(person, result));
                    else members.Add(person);
                    break;
                case { Code: RecordCodes.NotFound }:
                    settled.Add(Unmatched(person));
                    break;
                case { Code: RecordCodes.AlreadyExists, Id: { } id }:
                    person.MarketoId = id;
                    person.Change = person.IsCreatedByLostCall ? PersonChange.Created : PersonChange.Unchanged;
                    members.Add(person);
                    break;
                case { Code: RecordCodes.AlreadyExists or RecordCodes.SeveralMatch } when LeadLookup.CanLookUp(person.Identity):
                    open.Add(new OpenMatch(person, result));
                    break;
                case { Code: RecordCodes.CompanyField } when withCompany && _writer.HasCompanyField(person):
                    refused.Add(person);
                    break;
                default:
                    settled.Add(Rejected(person, result));
                    break;
            }
        }

        _settlement.Settle(settled);
        _settlement.RecordWritten(members);

        // Their answer is there: no call that could create them is under way.
        if (_target.Creates) _settlement.RecordReceived([.. refused, .. open.Select(match => match.Person)]);
        _settlement.CountWithoutCompanyFields(refused.Count);
        foreach (var batch in _withoutCompany.Add(refused))
            await SyncAsync(batch, withCompany: false, cancellation).ConfigureAwait(false);
        foreach (var batch in _openMatches.Add(open)) await DecideAsync(batch, cancellation).ConfigureAwait(false);
        await ToListAsync(members, cancellation).ConfigureAwait(false);
    }

    // A sync told only that there is somebody, or several: a lookup tells whom to take.
    private async Task DecideAsync(IReadOnlyList<OpenMatch> open, CancellationToken cancellation)
    {
        var found = await FindAsync([.. open.Select(o => o.Person)], cancellation).ConfigureAwait(false);
        _settlement.Settle([.. open.Where(o => o.Person.MarketoId is null).Select(o => Rejected(o.Person, o.Result))]);

        var toUpdate = found.Where(p => _target.WritesExisting && p.Change == PersonChange.Unknown).ToArray();
        await ToUpdateAsync(toUpdate, PersonChange.Updated, cancellation).ConfigureAwait(false);
        await ToListAsUnchangedAsync([.. found.Except(toUpdate)], cancellation).ConfigureAwait(false);
    }

    // Nothing is written of people who exist, save that a call of this push may have created them.
    private async Task ToListAsUnchangedAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        foreach (var person in people.Where(person => person.Change == PersonChange.Unknown))
            person.Change = person.IsCreatedByLostCall ? PersonChange.Created : PersonChange.Unchanged;
        if (_target.Creates) _settlement.RecordWritten(people);
        await ToListAsync(people, cancellation).ConfigureAwait(false);
    }

    private async Task ToUpdateAsync(IEnumerable<Person> people, PersonChange change, CancellationToken cancellation)
    {
        foreach (var batch in _updates.Add(people.Select(person => new PendingUpdate(person, change))))
            await UpdateAsync(batch, cancellation).ConfigureAwait(false);
    }

    // By id nobody can be created, and of several matches the right one is written.
    private async Task UpdateAsync(IReadOnlyList<PendingUpdate> updates, CancellationToken cancellation)
    {
        var request = new SyncLeadsRequest(
            "updateOnly", "id", _target.Partition?.Name, updates.Count, (json, i) => _writer.WriteById(json, updates[i].Person));
        var results = await _connection.Sync.SyncAsync(request, cancellation).ConfigureAwait(false);
        var settled = new List<SettledPerson>();
        var members = new List<Person>(updates.Count);
        for (int i = 0; i < updates.Count; i++)
        {
            var (person, change) = updates[i];
            if (results[i].Status == RecordStatus.Updated)
            {
                person.Change = person.IsCreatedByLostCall ? PersonChange.Created : change;
                members.Add(person);
            }
            else
            {
                settled.Add(results[i].Code == RecordCodes.NotFound ? Unmatched(person) : Rejected(person, results[i]));
            }
        }

        _settlement.Settle(settled);
        _settlement.RecordWritten(members);
        await ToListAsync(members, cancellation).ConfigureAwait(false);
    }

    private async Task ToListAsync(IEnumerable<Person> people, CancellationToken cancellation)
    {
        var all = people.ToLookup(IsOnList);
        _settlement.Settle([.. all[true].Select(person => new SettledPerson(person, PersonOutcome.AlreadyMember, person.Change, person.MarketoId))]);
        people = all[false];
        foreach (var batch in _adds.Add(people)) await AddAsync(batch, cancellation).ConfigureAwait(false);
    }

    private async Task AddAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        // Two identities may lead to one person; Marketo is told an id once.
        long[] ids = [.. people.Select(p => p.MarketoId!.Value).Distinct()];
        var results = await _connection.StaticLists.AddAsync(_target.StaticList.Id, ids, cancellation).ConfigureAwait(false);
        var byId = new Dictionary<long, RecordResult>(ids.Length);
        for (int i = 0; i < ids.Length; i++) byId[ids[i]] = results[i];
        Person[] gone = [.. people.Where(person => byId[person.MarketoId!.Value].Code == RecordCodes.NotFound && CanBeLookedForAgain(person))];
        if (gone.Length > 0) LookForAgain(gone);
        _settlement.Settle([.. people.Except(gone).Select(person => byId[person.MarketoId!.Value] switch
        {
            { Status: RecordStatus.Added } => new SettledPerson(person, PersonOutcome.Added, person.Change, person.MarketoId),
            { Status: RecordStatus.MemberOf } => new SettledPerson(person, PersonOutcome.AlreadyMember, person.Change, person.MarketoId),
            { Code: RecordCodes.NotFound } => Unmatched(person),
            var result => Rejected(person, result),
        })]);
    }

    private static bool CanBeLookedForAgain(Person person) => person is { WasGone: false, Identity.Length: > 0 } && !(person.IsAgain && person.MarketoId != person.MemberId);

    // Merged, or deleted, since the id was found: somebody else may have the identity, or the person is created again.
    private void LookForAgain(IReadOnlyList<Person> people)
    {
        if (!_isResumed)
        {
            foreach (var person in people)
            {
                (person.WasGone, person.MarketoId, person.Change, person.IsCreatedByLostCall) = (true, null, PersonChange.Unknown, false);
                if (person.IsAgain) person.MemberId = null;
            }

            _settlement.RecordReceived(people);
        }

        _gone.Add(people);
    }

    // By the snapshot, which knows the person by this id, or by the identity alone.
    private static bool IsOnList(Person person) =>
        person is { MemberNumber: not null, IsAgain: false } && (person.MemberId is null || person.MemberId == person.MarketoId);

    // Fills in the ids of those whom Marketo knows, and returns them.
    private async Task<IReadOnlyList<Person>> FindAsync(IReadOnlyList<Person> people, CancellationToken cancellation) =>
        (await PersonMatches.FindAsync(_connection, _target, _settlement, people, cancellation).ConfigureAwait(false)).Found;

    private SettledPerson Unmatched(Person person) => SettledPerson.Unmatched(person, _target.Mapping);

    private static SettledPerson Rejected(Person person, RecordResult result) => new(
        person,
        PersonOutcome.Rejected,
        person.Change,
        person.MarketoId ?? result.Id,
        result.Code ?? "Skipped",
        result.Message is null ? "Marketo skipped this person and does not say why." : SafeText.Of(result.Message));

    private sealed record OpenMatch(Person Person, RecordResult Result);

    private readonly record struct PendingUpdate(Person Person, PersonChange Change);
}
