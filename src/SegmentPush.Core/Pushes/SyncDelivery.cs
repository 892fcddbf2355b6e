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
    /// <summary>Marketo's own time-out for Sync Leads: a call older than this no longer runs.</summary>
    private static readonly TimeSpan s_syncRunsAtMost = TimeSpan.FromSeconds(90);

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
        await EmptyAsync(cancellation).ConfigureAwait(false);

        // Whoever was remembered and is gone is looked for once more.
        if (_gone.TakeRest() is not [_, ..] gone) return;
        foreach (var batch in gone.Chunk(SegmentIntake.BatchSize)) await SendAsync(batch, cancellation).ConfigureAwait(false);
        await EmptyAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Delivers people that are in memory.</summary>
    public async Task DeliverAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        var batches = Channel.CreateUnbounded<IReadOnlyList<Person>>();
        foreach (var batch in people.Chunk(SegmentIntake.BatchSize)) batches.Writer.TryWrite(batch);
        batches.Writer.Complete();
        await DeliverAsync(batches.Reader, cancellation).ConfigureAwait(false);
    }

    /// <summary>Puts people on the list who are written in Marketo already, unless they are known to be on it.</summary>
    public async Task DeliverStagedAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        await ToListAsync(people, cancellation).ConfigureAwait(false);
        await EmptyAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Looks people up who were sent with a call whose answer never came, once that call can no longer run: whom it has
    /// created or updated needs no other one. Those are entered as written; the others are to be sent again.
    /// </summary>
    public async Task FindSentAsync(IReadOnlyList<(Person Person, DateTimeOffset Sent)> sent, CancellationToken cancellation)
    {
        foreach (var batch in sent.Where(entry => LeadLookup.CanLookUp(entry.Person.Identity)).Chunk(Paging.PageSize))
        {
            var matches = await PersonMatches
                .FindAsync(_connection, _target, [.. batch.Select(entry => entry.Person.Identity)], cancellation, withCreation: true)
                .ConfigureAwait(false);
            var written = new List<Person>();
            foreach (var (person, at) in batch)
            {
                // Marketo tells seconds, not fractions.
                var since = at - TimeSpan.FromSeconds(1);
                if (matches.Of(person.Identity) is not { } match) continue;
                bool isCreated = match.CreatedAt >= since;
                if (!isCreated && _target.WritesExisting && !(match.UpdatedAt >= since)) continue;
                person.MarketoId = match.Id;
                person.Change = isCreated ? PersonChange.Created : _target.WritesExisting ? PersonChange.Updated : PersonChange.Unchanged;
                written.Add(person);
            }

            _settlement.Stage(written);
        }
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

    // Each kind of call can only leave something open for the ones below it.
    private async Task EmptyAsync(CancellationToken cancellation)
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
            var request = RequestFor(people, withCompany);
            var sent = people;
            if (_target.Creates) request = request with { Sending = (first, count) => _settlement.Send([.. sent.Skip(first).Take(count)], _connection.MarketoNow) };
            try
            {
                var results = await _connection.Sync.SyncAsync(request, cancellation).ConfigureAwait(false);
                await TakeResultsAsync(people, results, withCompany, cancellation).ConfigureAwait(false);
                return;
            }
            catch (AnswerLostException failure) when (lost < Math.Min(LostAnswerLimit, _connection.RetryLimit))
            {
                await TakeResultsAsync(people, failure.Answered, withCompany, cancellation).ConfigureAwait(false);
                people = [.. people.Skip(failure.Answered.Count)];
                people = await TakeFoundAsync(people, cancellation).ConfigureAwait(false);
                if (people.Count > 0) await WaitUntilCallExpiredAsync(failure.SentAt, _connection.Time.GetUtcNow(), _connection.Time, null, cancellation).ConfigureAwait(false);
            }
            catch (MarketoException failure)
            {
                await TakeResultsAsync(people, failure.Answered, withCompany, cancellation).ConfigureAwait(false);

                // A refusal executed nothing, so a resume need not wait for a call that may still create these people.
                if (failure is not AnswerLostException && _target.Creates) _settlement.Unsend([.. people.Skip(failure.Answered.Count)]);
                throw;
            }
        }
    }

    // Those whom Marketo knows by now need no create, whoever made them. The others are left to be sent again.
    private async Task<IReadOnlyList<Person>> TakeFoundAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        var found = await FindAsync([.. people.Where(p => LeadLookup.CanLookUp(p.Identity))], cancellation).ConfigureAwait(false);
        // Who of them was there before is not known any more.
        if (_target.WritesExisting) await ToUpdateAsync(found, PersonChange.Unknown, cancellation).ConfigureAwait(false);
        else await ToListAsync(found, cancellation).ConfigureAwait(false);
        return [.. people.Where(p => p.MarketoId is null)];
    }

    /// <summary>Waits until a call can no longer run, 90 s at most.</summary>
    /// <param name="sentAt">When it was sent.</param>
    /// <param name="now">The moment by the same clock.</param>
    /// <param name="time">The clock that the waiting goes by.</param>
    /// <param name="tell">Is told of the waiting; null where nobody is.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task WaitUntilCallExpiredAsync(
        DateTimeOffset sentAt, DateTimeOffset now, TimeProvider time, Action<string>? tell, CancellationToken cancellation)
    {
        var wait = sentAt + s_syncRunsAtMost - now;
        if (wait <= TimeSpan.Zero) return;

        // A clock may have been ahead when the call was sent.
        if (wait > s_syncRunsAtMost) wait = s_syncRunsAtMost;
        tell?.Invoke($"Waiting {Math.Ceiling(wait.TotalSeconds)} s: a call that was under way when the push was stopped may still create people.");
        await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
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
                    person.Change = result.Status == RecordStatus.Created ? PersonChange.Created
                        : _target.WritesExisting ? PersonChange.Updated : PersonChange.Unchanged;
                    if (result.Id is null) open.Add(new OpenMatch(person, result));
                    else members.Add(person);
                    break;
                case { Code: RecordCodes.NotFound }:
                    settled.Add(Unmatched(person));
                    break;
                case { Code: RecordCodes.AlreadyExists, Id: { } id }:
                    person.MarketoId = id;
                    person.Change = PersonChange.Unchanged;
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
        _settlement.Stage(members);
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
        var toList = found.Except(toUpdate).ToArray();
        foreach (var person in toList.Where(p => p.Change == PersonChange.Unknown)) person.Change = PersonChange.Unchanged;
        await ToUpdateAsync(toUpdate, PersonChange.Updated, cancellation).ConfigureAwait(false);
        await ToListAsync(toList, cancellation).ConfigureAwait(false);
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
                person.Change = change;
                members.Add(person);
            }
            else
            {
                settled.Add(results[i].Code == RecordCodes.NotFound ? Unmatched(person) : Rejected(person, results[i]));
            }
        }

        _settlement.Settle(settled);
        _settlement.Stage(members);
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
        var gone = people.Where(person => person is { IsAgain: true, Identity.Length: > 0 } && person.MarketoId == person.MemberId && byId[person.MarketoId!.Value].Code == RecordCodes.NotFound).ToArray();
        foreach (var person in gone) (person.MarketoId, person.MemberId, person.Change) = (null, null, PersonChange.Unknown);
        _gone.Add(gone);
        _settlement.Settle([.. people.Except(gone).Select(person => byId[person.MarketoId!.Value] switch
        {
            { Status: RecordStatus.Added } => new SettledPerson(person, PersonOutcome.Added, person.Change, person.MarketoId),
            { Status: RecordStatus.MemberOf } => new SettledPerson(person, PersonOutcome.AlreadyMember, person.Change, person.MarketoId),
            { Code: RecordCodes.NotFound } => Unmatched(person),
            var result => Rejected(person, result),
        })]);
    }

    // By the snapshot, which knows the person by the identity, or by the id under another identity.
    private bool IsOnList(Person person) => !person.IsAgain
        && ((person.MemberNumber is not null && (person.MemberId is null || person.MemberId == person.MarketoId)) || _settlement.HeldId(person.MarketoId!.Value));

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
