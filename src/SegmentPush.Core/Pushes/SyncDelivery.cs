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
    private readonly PushTarget _target;
    private readonly MarketoConnection _connection;
    private readonly Settlement _settlement;
    private readonly RecordWriter _writer;
    private readonly SyncUpserts _upserts;
    private readonly ListAdditions _additions;
    private readonly Gatherer<Person> _matchOnly = new(Paging.PageSize);
    private readonly Gatherer<Person> _withoutCompany = new(LeadSync.MaxRecords);
    private readonly Gatherer<OpenMatch> _openMatches = new(Paging.PageSize);
    private readonly Gatherer<Person> _missed = new(int.MaxValue);
    private readonly Gatherer<PendingUpdate> _updates = new(LeadSync.MaxRecords);

    /// <param name="target">What the push is aimed at.</param>
    /// <param name="connection">The instance.</param>
    /// <param name="settlement">Takes stages and outcomes.</param>
    /// <param name="leavesGone">Whether people whose ids Marketo does not know any more stay as they are, as their rows are read again.</param>
    /// <param name="onList">The members that the list holds; null where it was not read since the push began.</param>
    public SyncDelivery(PushTarget target, MarketoConnection connection, Settlement settlement, bool leavesGone = false, MembersOnList? onList = null)
    {
        _target = target;
        _connection = connection;
        _settlement = settlement;
        _writer = new RecordWriter(target.Mapping, target.Creates);
        _upserts = new SyncUpserts(target, connection, settlement, _writer, TakeResultsAsync, TakeFoundAsync);
        _additions = new ListAdditions(target, connection, settlement, leavesGone, onList);
    }

    /// <inheritdoc/>
    public Task DeliverAsync(ChannelReader<IReadOnlyList<Person>> people, CancellationToken cancellation) => SendAsync(() => DeliverAllAsync(people, cancellation));

    /// <summary>Delivers people that are in memory.</summary>
    public async Task DeliverAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        var batches = Channel.CreateUnbounded<IReadOnlyList<Person>>();
        foreach (var batch in people.Chunk(SegmentIntake.BatchSize)) batches.Writer.TryWrite(batch);
        batches.Writer.Complete();
        await DeliverAsync(batches.Reader, cancellation).ConfigureAwait(false);
    }

    /// <summary>Puts people on the list whose ids a lookup has found. Their fields are written before, where existing people are updated.</summary>
    public Task DeliverFoundAsync(IReadOnlyList<Person> people, CancellationToken cancellation) => SendAsync(async () =>
    {
        await TakeFoundAsync(people, cancellation).ConfigureAwait(false);
        await FinishAsync(cancellation).ConfigureAwait(false);
    });

    /// <summary>Puts people on the list that an earlier process has written, unless they are known to be on it.</summary>
    /// <returns>Those that Marketo does not know any more. Their rows have to be read again.</returns>
    public async Task<IReadOnlyList<Person>> PutOnListAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        await SendAsync(async () =>
        {
            await _additions.AddAsync(people, cancellation).ConfigureAwait(false);
            await FlushAsync(cancellation).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return _additions.TakeGone();
    }

    // Where it fails, those who wait for a full call are noted as not added.
    private async Task SendAsync(Func<Task> send)
    {
        try
        {
            await send().ConfigureAwait(false);
        }
        catch
        {
            _additions.GiveUp();
            throw;
        }
    }

    private async Task DeliverAllAsync(ChannelReader<IReadOnlyList<Person>> people, CancellationToken cancellation)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = _connection.MaxConcurrency, CancellationToken = cancellation };

        // The loop's own token is not passed on: when one call fails for good, the others may finish and be settled.
        await Parallel.ForEachAsync(
            people.ReadAllAsync(cancellation), options, async (batch, _) => await SendAsync(batch, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        await FinishAsync(cancellation).ConfigureAwait(false);
    }

    // A person whose id Marketo does not know any more is looked for once more, and a person that a lookup has missed is sent once more. Both may happen to one.
    private async Task FinishAsync(CancellationToken cancellation)
    {
        await FlushAsync(cancellation).ConfigureAwait(false);
        for (var again = TakeAgain(); again.Length > 0; again = TakeAgain())
        {
            foreach (var batch in again.Chunk(SegmentIntake.BatchSize)) await SendAsync(batch, cancellation).ConfigureAwait(false);
            await FlushAsync(cancellation).ConfigureAwait(false);
        }

        Person[] TakeAgain() => [.. _additions.TakeGone(), .. _missed.TakeRest()];
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
        await _upserts.SendAsync(matchOnly.Length == 0 ? people : [.. people.Except(matchOnly)], cancellation).ConfigureAwait(false);
    }

    // In this order, because each kind of call adds people only to batches that are flushed after it.
    private async Task FlushAsync(CancellationToken cancellation)
    {
        if (_matchOnly.TakeRest() is [_, ..] matchOnly) await UpdateFoundAsync(matchOnly, cancellation).ConfigureAwait(false);
        if (_withoutCompany.TakeRest() is [_, ..] refused) await _upserts.SendAsync(refused, cancellation).ConfigureAwait(false);
        if (_openMatches.TakeRest() is [_, ..] open) await DecideAsync(open, cancellation).ConfigureAwait(false);

        // Those whose company fields are refused come into the next round.
        while (_updates.TakeRest() is [_, ..] updates) await UpdateAsync(updates, cancellation).ConfigureAwait(false);
        await _additions.FlushAsync(cancellation).ConfigureAwait(false);
    }

    // Looks people up, and writes nothing but the list.
    private async Task MatchAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        var found = await FindAsync(people, cancellation).ConfigureAwait(false);
        _settlement.Settle([.. people.Where(p => p.MarketoId is null).Select(Unmatched)]);
        foreach (var person in found) person.Change = PersonChange.Unchanged;
        await _additions.AddAsync(found, cancellation).ConfigureAwait(false);
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
        await _additions.AddAsync(found, cancellation).ConfigureAwait(false);
    }

    // A lookup has found these people after a lost answer. It is not known which fields the call wrote.
    private Task TakeFoundAsync(IReadOnlyList<Person> found, CancellationToken cancellation) => _target.WritesExisting
        ? ToUpdateAsync(found, PersonChange.Updated, cancellation)
        : AddAsUnchangedAsync(found, cancellation);

    private async Task TakeResultsAsync(
        IReadOnlyList<Person> people, IReadOnlyList<RecordResult> results, CancellationToken cancellation)
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
                        : person.ChangeFor(_target.WritesExisting ? PersonChange.Updated : PersonChange.Unchanged);
                    if (result.Id is not null) members.Add(person);
                    else if (LeadLookup.CanLookUp(person.Identity)) open.Add(new OpenMatch(person, result));
                    else settled.Add(SettledPerson.NotSearchable(person, _target.Mapping));
                    break;
                case { Code: RecordCodes.NotFound }:
                    settled.Add(Unmatched(person));
                    break;
                case { Code: RecordCodes.AlreadyExists, Id: { } id }:
                    person.MarketoId = id;
                    person.Change = person.ChangeFor(PersonChange.Unchanged);
                    members.Add(person);
                    break;
                case { Code: RecordCodes.AlreadyExists or RecordCodes.SeveralMatch } when LeadLookup.CanLookUp(person.Identity):
                    open.Add(new OpenMatch(person, result));
                    break;
                case { Code: RecordCodes.CompanyField } when _writer.HasCompanyField(person):
                    refused.Add(person);
                    break;
                default:
                    settled.Add(SettledPerson.Refused(person, result));
                    break;
            }
        }

        _settlement.Settle(settled);
        var added = _additions.SettleListed(members);
        _settlement.RecordWritten([.. added.Where(person => !_additions.MayBeListed(person))], _connection.MarketoNow);

        // Their answer is there: no call that could create them is under way.
        if (_target.Creates) _settlement.RecordReceived([.. refused, .. open.Select(match => match.Person)]);
        LeaveCompanyOut(refused);

        // First of all, so that none of them is missed where another call fails.
        await _additions.AddAsync(added, cancellation).ConfigureAwait(false);
        foreach (var batch in _withoutCompany.Add(refused))
            await _upserts.SendAsync(batch, cancellation).ConfigureAwait(false);
        foreach (var batch in _openMatches.Add(open)) await DecideAsync(batch, cancellation).ConfigureAwait(false);
    }

    // A sync told only that there is somebody, or several: a lookup tells which one to take.
    private async Task DecideAsync(IReadOnlyList<OpenMatch> open, CancellationToken cancellation)
    {
        var found = await FindAsync([.. open.Select(o => o.Person)], cancellation).ConfigureAwait(false);
        SettleMissed([.. open.Where(match => match.Person.MarketoId is null)]);
        var toUpdate = found.Where(p => _target.WritesExisting && p.Change == PersonChange.Unknown).ToArray();
        await ToUpdateAsync(toUpdate, PersonChange.Updated, cancellation).ConfigureAwait(false);
        await AddAsUnchangedAsync([.. found.Except(toUpdate)], cancellation).ConfigureAwait(false);
    }

    // Others may have deleted the person, or given it another identity, since Marketo has said that there is somebody.
    private void SettleMissed(IReadOnlyList<OpenMatch> missed)
    {
        var byTry = missed.ToLookup(match => match.Person.WasMissed);
        _settlement.Settle([.. byTry[true].Select(match => SettledPerson.Refused(match.Person, match.Result))]);
        foreach (var match in byTry[false]) match.Person.WasMissed = true;
        _missed.Add(byTry[false].Select(match => match.Person));
    }

    // Nothing is written of people who exist, save that a call of this push may have created them.
    private async Task AddAsUnchangedAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        foreach (var person in people.Where(person => person.Change == PersonChange.Unknown))
            person.Change = person.ChangeFor(PersonChange.Unchanged);
        await _additions.AddAsync(people, cancellation).ConfigureAwait(false);
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
            "updateOnly", "id", _target.Partition?.Name, updates.Count, (json, i) => _writer.WriteById(json, updates[i].Person))
        {
            Sending = (first, count) => _settlement.NoteWriting(updates.Skip(first).Take(count).Select(update => update.Person)),
        };
        var results = await _connection.Sync.SyncAsync(request, cancellation).ConfigureAwait(false);
        var settled = new List<SettledPerson>();
        var members = new List<Person>(updates.Count);
        var refused = new List<PendingUpdate>();
        var gone = new List<Person>();
        for (int i = 0; i < updates.Count; i++)
        {
            var (person, change) = updates[i];
            if (results[i].Status == RecordStatus.Updated)
            {
                person.Change = person.ChangeFor(change);
                members.Add(person);
            }
            else if (results[i].Code == RecordCodes.CompanyField && _writer.HasCompanyField(person))
            {
                refused.Add(updates[i]);
            }
            else if (results[i].Code == RecordCodes.NotFound && ListAdditions.CanBeLookedForAgain(person))
            {
                gone.Add(person);
            }
            else
            {
                settled.Add(results[i].Code == RecordCodes.NotFound ? Unmatched(person) : SettledPerson.Refused(person, results[i]));
            }
        }

        _settlement.Settle(settled);
        _additions.LookForAgain(gone);
        LeaveCompanyOut([.. refused.Select(update => update.Person)]);
        foreach (var batch in _updates.Add(refused)) await UpdateAsync(batch, cancellation).ConfigureAwait(false);
        await _additions.AddAsync(members, cancellation).ConfigureAwait(false);
    }

    // Marketo has refused the company fields of these people. They are sent again.
    private static void LeaveCompanyOut(List<Person> refused)
    {
        foreach (var person in refused) person.Remark(PersonRemarks.WithoutCompanyFields);
    }

    // Fills in the ids of those that Marketo knows, and returns them.
    private async Task<IReadOnlyList<Person>> FindAsync(IReadOnlyList<Person> people, CancellationToken cancellation) =>
        (await PersonMatches.FindAsync(_connection, _target, _settlement, people, cancellation).ConfigureAwait(false)).Found;

    private SettledPerson Unmatched(Person person) => SettledPerson.Unmatched(person, _target.Mapping);

    private sealed record OpenMatch(Person Person, RecordResult Result);

    private readonly record struct PendingUpdate(Person Person, PersonChange Change);
}
