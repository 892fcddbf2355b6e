using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;
using SegmentPush.Pushes.Audiences;

namespace SegmentPush.Pushes;

/// <summary>
/// Takes the people of a push from stage to stage: each step goes into the journal, with the sums, in one transaction. A step back writes no sums: a resume
/// counts them anew.
/// </summary>
internal sealed class Settlement
{
    private readonly PushRecord _record;

    private Settlement(PushRecord record, HalfDonePeople? halfDone)
    {
        _record = record;
        HalfDone = halfDone;
        Imports = new ImportSettlement(record);
        Outcomes = new PushOutcomes(record);
        Snapshot = new PushSnapshot(record, Imports, halfDone);
        Ending = new JournalClosing(record, Imports);
        Export = new AudienceExportLog(record);
        Changes = new ChangeWatch(record);
    }

    /// <summary>What became of the people by now.</summary>
    public PushOutcomes Outcomes { get; }

    /// <summary>The snapshot that the push works with.</summary>
    public PushSnapshot Snapshot { get; }

    /// <summary>The import files of the push.</summary>
    public ImportSettlement Imports { get; }

    /// <summary>The export of the audience that the push reads.</summary>
    public AudienceExportLog Export { get; }

    /// <summary>Is told of the calls that change people or the list.</summary>
    public ChangeWatch Changes { get; }

    /// <summary>How the push is ended.</summary>
    public JournalClosing Ending { get; }

    /// <summary>What an earlier process has left half done; null for a new push.</summary>
    public HalfDonePeople? HalfDone { get; }

    /// <summary>How the push stands.</summary>
    public PushStatus Status => _record.Status;

    /// <summary>Whether the identities of people can't be read from the journal.</summary>
    public bool HashesIdentities => _record.HashesIdentities;

    /// <summary>Enters a push into the journal.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="begun">The push at its start.</param>
    /// <param name="request">What it is to do.</param>
    /// <param name="sources">Where its people come from.</param>
    /// <param name="time">The clock.</param>
    /// <param name="calls">Tells the number of calls that the push has made.</param>
    public static Settlement Begin(
        PushJournal journal, PushStatus begun, PushRequest request, IReadOnlyList<PushSource> sources, TimeProvider time, Func<long> calls)
    {
        begun = begun with { Machine = journal.Machine };
        bool mayEditUnnamed = begun.Destination is not null || begun.UndoOf is not null;
        long key = journal.Lifecycle.Begin(
            begun,
            request.ToText(),
            [.. sources.Select(source => source.ForJournal()), .. mayEditUnnamed ? new[] { SourceEntry.StaticList } : []],
            request.JournalIdentity);
        return new Settlement(new PushRecord(journal, key, new PushSums(begun, time, calls)), halfDone: null);
    }

    /// <summary>Goes on with a push that the journal holds.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="started">The push.</param>
    /// <param name="time">The clock.</param>
    /// <param name="calls">Tells the number of calls that the push makes now.</param>
    public static Settlement Continue(PushJournal journal, StartedPush started, TimeProvider time, Func<long> calls)
    {
        var before = started.Status with { State = PushState.Running, Reason = null, ErrorId = null, IsSuperseded = false, Machine = journal.Machine };
        var record = new PushRecord(journal, started.Key, new PushSums(before, time, () => before.Calls + calls()));
        var settlement = new Settlement(record, new HalfDonePeople(record));
        settlement.Imports.Recount();
        return settlement;
    }

    /// <summary>Begins to copy the rows of pipelines into the journal, where other machines share it.</summary>
    public SpoolCopies CopySpools(IReadOnlyList<PushSource> sources) => _record.Do((journal, key) => SpoolCopies.Begin(journal, key, sources));

    /// <summary>An identity as the journal keeps it.</summary>
    public string KeyOf(string identity) => _record.KeyOf(identity);

    /// <summary>Whether an earlier process may have taken a person off the list already, without hearing that it had.</summary>
    public bool MayBeOff(long marketoId) => SentOff.Contains(marketoId);

    /// <summary>The ids of all these people.</summary>
    public IReadOnlySet<long> SentOff => HalfDone?.SentOff ?? new HashSet<long>();

    /// <summary>Notes where the people go, once that is found.</summary>
    public void Aim(PushTarget target) => _record.Do((journal, key) =>
    {
        var (list, partition) = (target.StaticList, target.Partition?.Name);
        _record.Sums.Begun = _record.Sums.Begun with { StaticListId = list.Id, StaticListName = list.Name, Partition = partition };
        journal.Pushes.SetTarget(key, list.Id, list.Name, partition);
    });

    /// <summary>Notes how Marketo is reached, once that is decided.</summary>
    public void SetDelivery(Delivery delivery) => _record.Do((journal, key) =>
    {
        _record.Sums.Delivery = delivery;
        journal.Outcomes.Write(key, new OutcomeBatch(_record.Sums.Build(PushState.Running)));
    });

    /// <summary>Takes rows in: those that are settled already go into the journal, the others are waited for.</summary>
    public void Receive(IntakeBatch batch)
    {
        var sums = _record.Sums;
        sums.AddReceived(batch.Received);
        sums.AddValuesLeftOut(batch.ValuesLeftOut);
        _record.Outstanding.Add(batch.People);
        _record.Outstanding.Add(batch.Leaving);
        if (HalfDone is not null) foreach (var person in batch.People) HalfDone.Tell(person, Snapshot.IsUsed);
        if (batch.Settled.Count + batch.Unchanged.Count == 0) return;
        _record.Write(() =>
        {
            foreach (var entry in batch.Settled) sums.Count(entry.Outcome, entry.Change, 1);
            sums.Count(PersonOutcome.AlreadyMember, PersonChange.Unchanged, batch.Unchanged.Sum(block => block.People));
            return new OutcomeBatch(sums.Build(PushState.Running)) { People = batch.Settled, Unchanged = batch.Unchanged };
        });
    }

    /// <summary>Takes people in that no row names.</summary>
    public void Receive(IReadOnlyList<Person> people)
    {
        _record.Sums.AddReceived(people.Count);
        _record.Outstanding.Add(people);
    }

    /// <summary>Settles people: each gets an outcome, which stays.</summary>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void Settle(IReadOnlyCollection<SettledPerson> people)
    {
        if (people.Count == 0) return;
        _record.Write(() =>
        {
            PersonEntry[] entries = [.. people.Select(PersonEntries.Settle)];
            _record.Sums.CountRemarks(people.Select(settled => settled.Person));
            foreach (var entry in entries) _record.Sums.Count(entry.Outcome, entry.Change, 1);
            if (entries.Any(entry => entry is { Outcome: PersonOutcome.Added or PersonOutcome.AlreadyMember, Change: PersonChange.Unknown })) _record.Sums.NoteUnknownChanges();
            return new OutcomeBatch(_record.Sums.Build(PushState.Running)) { People = entries };
        });
    }

    /// <summary>Records people who are about to be sent with a call that can create them.</summary>
    /// <param name="people">The people.</param>
    /// <param name="now">The moment by Marketo's clock.</param>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void RecordSent(IReadOnlyCollection<Person> people, DateTimeOffset now) => _record.Write(() =>
    {
        foreach (var person in people) person.Advance(Stage.Sent, now);
        return new OutcomeBatch(_record.Sums.Build(PushState.Running)) { People = people.Select(PersonEntries.AtStage), CreateSent = now };
    });

    /// <summary>Notes that fields of people are about to be written with a call that can't create anybody: what was written before does not hold then.</summary>
    /// <param name="people">The people.</param>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void NoteWriting(IEnumerable<Person> people)
    {
        int[] members = [.. people.Where(person => person is { SentHash: not 0, NumberInSnapshot: not null }).Select(person => person.NumberInSnapshot!.Value)];
        if (members.Length > 0) _record.Do((journal, _) => journal.Snapshots.DoubtMembers(members));
    }

    /// <summary>Records people who are about to be taken off the list.</summary>
    /// <inheritdoc cref="RecordSent"/>
    public void RecordSentOff(IReadOnlyCollection<Person> people, DateTimeOffset now) => _record.Write(() =>
    {
        foreach (var person in people) person.Advance(Stage.SentOff, now);
        return new OutcomeBatch(_record.Sums.Build(PushState.Running)) { People = people.Select(PersonEntries.AtStage) };
    });

    /// <summary>Records people whose record is as it should be, and who are still to be put on the list.</summary>
    /// <param name="people">The people.</param>
    /// <param name="now">The moment by Marketo's clock. It is kept for members that the push itself has added before, so that an undo knows them.</param>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void RecordWritten(IReadOnlyCollection<Person> people, DateTimeOffset now)
    {
        if (people.Count == 0) return;
        _record.Write(() =>
        {
            foreach (var person in people)
            {
                if (person.IsAgain || person is { WasAdded: true, MemberNumber: not null }) person.Advance(Stage.Written, now);
                else person.Advance(Stage.Written);
            }

            _record.Sums.CountRemarks(people);
            return new OutcomeBatch(_record.Sums.Build(PushState.Running)) { People = people.Select(PersonEntries.AtStage) };
        });
    }

    /// <summary>Records people that this push has not put on the list: Marketo has refused the call, or no call has left.</summary>
    /// <param name="people">The people. Those that the push may have added before stay as they are.</param>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void RecordNotAdded(IEnumerable<Person> people)
    {
        Person[] left = [.. people.Where(person => person is { Stage: Stage.Written, WasAdded: false, DoubtedMemberId: null })];
        if (left.Length == 0) return;
        _record.Write(() =>
        {
            foreach (var person in left)
            {
                if (person.SentAt is { } sentAt) person.Advance(Stage.NotAdded, sentAt);
                else person.Advance(Stage.NotAdded);
            }

            return new OutcomeBatch(_record.Sums.Build(PushState.Running)) { People = left.Select(PersonEntries.AtStage) };
        });
    }

    /// <summary>Takes people back to the stage Received: their call was not executed, or its answer left them open.</summary>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void RecordReceived(IReadOnlyCollection<Person> people)
    {
        if (people.Count == 0) return;
        _record.Do((journal, key) =>
        {
            foreach (var person in people) person.Advance(Stage.Received);
            journal.Outcomes.Unsend(key, [.. people.Select(person => (person.Source, person.Row))]);
        });
    }

    /// <summary>
    /// Records people who are about to be put on the list again. An outcome that they have does not hold, as the list was seen not to bear it
    /// out. If the answer is lost, a later process knows that the push has put them back.
    /// </summary>
    /// <param name="people">People of rows with an outcome, and people that no row names.</param>
    /// <param name="now">The moment by Marketo's clock.</param>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void RecordPuttingBack(IReadOnlyCollection<Person> people, DateTimeOffset now)
    {
        if (people.Count == 0) return;
        _record.Do((journal, key) =>
        {
            foreach (var person in people) person.Advance(Stage.Written, now);
            journal.Outcomes.TakeBack(key, [.. people.Select(PersonEntries.AtStage)]);
            _record.Sums.RecountOutcomes(journal.Sums, key);
            _record.Outstanding.Add([.. people]);
        });
    }

    /// <summary>Takes people out who have an outcome, because the list was seen not to bear it out; they are waited for again, and sent again.</summary>
    public void Reopen(IReadOnlyList<Person> people) => _record.Do((journal, key) =>
    {
        // A later process must not take their rows for unchanged members.
        journal.Snapshots.DoubtMembers([.. people.Where(person => person.MemberNumber is not null).Select(person => person.MemberNumber!.Value)]);
        journal.Outcomes.TakeOut(key, [.. people.Select(person => (person.Source, person.Row))]);
        foreach (var person in people) person.Advance(Stage.Received);
        _record.Sums.RecountOutcomes(journal.Sums, key);
        _record.Outstanding.Add(people);
    });

    /// <summary>Gives people who have an outcome another one, because the list was seen not to hold them.</summary>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void SettleAnew(IReadOnlyCollection<SettledPerson> people)
    {
        if (people.Count == 0) return;
        _record.Do((journal, key) =>
        {
            journal.Outcomes.SettleAnew(key, [.. people.Select(PersonEntries.Of)]);
            _record.Sums.RecountOutcomes(journal.Sums, key);
        });
    }

    /// <summary>When the earlier process of a push that is resumed wrote to the journal last; for a new push, when it began.</summary>
    public DateTimeOffset ResumedFrom => _record.Sums.StoodAt;

    /// <summary>Keeps the sums of the list.</summary>
    public void SaveListSums(string receipt) => _record.Do((journal, key) => journal.Pushes.SaveReceipt(key, receipt));
}
