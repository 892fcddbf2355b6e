using SegmentPush.Journal;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>
/// Settles people: one outcome for each into the journal, and the sums with it, in one transaction. Nobody is settled
/// twice, and a push can't end before the sums agree with what the journal holds.
/// </summary>
internal sealed partial class Settlement
{
    // How many batches may wait before those that are done are looked for.
    private const int MaxBatches = 32;

    private const int BlockSize = 5_000;

    private readonly PushJournal _journal;
    private readonly long _pushKey;
    private readonly TimeProvider _time;
    private readonly Func<long> _calls;
    private readonly Lock _lock = new();
    private readonly Dictionary<PersonOutcome, long> _outcomes = Enum.GetValues<PersonOutcome>().ToDictionary(o => o, _ => 0L);
    private PushStatus _begun;
    private readonly List<IReadOnlyList<Person>> _outstanding = [];
    private readonly Dictionary<int, ImportedCount> _imported = [];
    private HashSet<long> _sentOff = [];
    private int _imports;
    private Delivery _delivery;
    private long _received;
    private long _created;
    private long _updated;
    private long _multipleMatches;
    private long _withoutCompanyFields;
    private long _valuesLeftOut;

    private Settlement(PushJournal journal, long pushKey, PushStatus begun, TimeProvider time, Func<long> calls)
    {
        _journal = journal;
        _pushKey = pushKey;
        _begun = begun;
        _delivery = begun.Delivery;
        _time = time;
        _calls = calls;
    }

    /// <summary>How the push stands.</summary>
    public PushStatus Status
    {
        get
        {
            lock (_lock) return Snapshot(PushState.Running);
        }
    }

    /// <summary>Enters a push into the journal.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="begun">The push at its start.</param>
    /// <param name="request">What it is to do.</param>
    /// <param name="sources">Where its people come from.</param>
    /// <param name="time">The clock.</param>
    /// <param name="calls">Tells the number of calls that the push has made.</param>
    public static Settlement Begin(
        PushJournal journal, PushStatus begun, PushRequest request, IReadOnlyList<PushSource> sources, TimeProvider time, Func<long> calls) =>
        new(
            journal,
            journal.Begin(
                begun,
                request.ToText(),
                [.. sources.Select(source => source.ForJournal()), .. begun.Destination is null && begun.UndoOf is null ? [] : new[] { JournalSource.StaticList }],
                request.JournalIdentity),
            begun,
            time,
            calls);

    /// <summary>An identity as the journal keeps it.</summary>
    public string KeyOf(string identity) => _journal.KeyOf(identity);

    /// <summary>Notes where the people go, once that is found.</summary>
    public void Aim(PushTarget target)
    {
        lock (_lock)
        {
            _begun = _begun with
            {
                StaticListId = target.StaticList.Id,
                StaticListName = target.StaticList.Name,
                Partition = target.Partition?.Name,
            };
            _journal.Aim(_pushKey, _begun.StaticListId, _begun.StaticListName, _begun.Partition);
        }
    }

    /// <summary>Ends a push that failed before it began: its status and error stay in the journal, and there is nothing to resume.</summary>
    public PushStatus FailStart(PushEnding ending)
    {
        lock (_lock)
        {
            _begun = _begun with { ErrorId = ending.ErrorId, HasBegun = false };
            return Write([], PushState.Failed, ending.Reason);
        }
    }

    /// <summary>Takes rows in: those that are settled already go into the journal, the others are waited for.</summary>
    public void Receive(IntakeBatch batch)
    {
        Interlocked.Add(ref _received, batch.Received);
        Interlocked.Add(ref _valuesLeftOut, batch.ValuesLeftOut);
        if (batch.People.Count > 0) Await(batch.People);
        if (batch.Leaving.Count > 0) Await(batch.Leaving);
        if (batch.Settled.Count + batch.Unchanged.Count == 0) return;
        lock (_lock)
        {
            foreach (var entry in batch.Settled) Count(entry.Outcome, entry.Change, 1);
            Count(PersonOutcome.AlreadyMember, PersonChange.Unchanged, batch.Unchanged.Sum(block => block.People));
            _journal.Settle(_pushKey, batch.Settled, batch.Unchanged, Snapshot(PushState.Running));
        }
    }

    /// <summary>Takes people in whom no row names.</summary>
    public void Receive(IReadOnlyList<Person> people)
    {
        Interlocked.Add(ref _received, people.Count);
        Await(people);
    }

    /// <summary>Settles people.</summary>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void Settle(IReadOnlyCollection<SettledPerson> people)
    {
        if (people.Count == 0) return;
        lock (_lock)
        {
            Write([.. people.Select(Enter)], PushState.Running);
        }
    }

    /// <summary>Enters people whom Marketo has written, and who are still to be put on the list.</summary>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void Stage(IReadOnlyCollection<Person> people)
    {
        if (people.Count == 0) return;
        lock (_lock)
        {
            _journal.Settle(
                _pushKey,
                people.Select(HalfwayOf),
                Snapshot(PushState.Running));
        }
    }

    /// <summary>Enters people who are about to be sent with a call that can't be repeated at will.</summary>
    /// <param name="people">The people.</param>
    /// <param name="now">The moment by Marketo's clock.</param>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void Send(IReadOnlyCollection<Person> people, DateTimeOffset now)
    {
        lock (_lock)
        {
            _journal.Settle(
                _pushKey,
                people.Select(p => HalfwayOf(p) with { Sent = now }),
                Snapshot(PushState.Running));
        }
    }

    /// <summary>Clears the mark that people were sent, because their call was not executed.</summary>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void Unsend(IReadOnlyCollection<Person> people)
    {
        lock (_lock) _journal.Unsend(_pushKey, [.. people.Select(person => (person.Source, person.Row))]);
    }

    /// <summary>Begins an import file.</summary>
    /// <returns>Its number.</returns>
    public int BeginImport()
    {
        lock (_lock)
        {
            _imported[++_imports] = default;
            return _imports;
        }
    }

    /// <summary>Enters people of an import file, before it is sent: from here on the journal answers for them.</summary>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void Stage(ImportEntry import, IReadOnlyCollection<Person> people)
    {
        lock (_lock)
        {
            // Not made into an array, which would be large and stay long.
            var entries = ImportedOf(people);
            var count = _imported[import.Number];
            _imported[import.Number] = new ImportedCount(count.People + people.Count, count.Members + people.Count(p => p.MemberNumber is not null));
            _journal.Stage(_pushKey, import, entries, Snapshot(PushState.Running));
            foreach (var person in people) person.IsEntered = true;
        }
    }

    /// <summary>The people of an import file, in the order of their rows.</summary>
    public IEnumerable<ImportedPerson> GetImported(ImportEntry import)
    {
        // In blocks, between which others may settle.
        IReadOnlyList<ImportedPerson> block;
        var after = (Source: -1, Row: 0L);
        do
        {
            lock (_lock) block = _journal.GetImported(_pushKey, import, after, BlockSize);
            foreach (var person in block) yield return person;
            if (block.Count > 0) after = (block[^1].Source, block[^1].Row);
        }
        while (block.Count == BlockSize);
    }

    /// <summary>How many people of an import file wait for its outcome.</summary>
    public long CountImported(ImportEntry import)
    {
        lock (_lock) return _imported[import.Number].People;
    }

    /// <summary>Settles an import.</summary>
    /// <param name="import">The import with its outcome, which all its people get but those below.</param>
    /// <param name="others">People with an outcome of their own.</param>
    /// <param name="open">People who have none yet, and are waited for again.</param>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void Settle(ImportEntry import, IReadOnlyCollection<SettledPerson> others, IReadOnlyList<Person> open)
    {
        lock (_lock)
        {
            // Whoever the snapshot knew on the list was there before.
            var count = _imported[import.Number];
            long members = count.Members - others.Count(p => p.Person.MemberNumber is not null) - open.Count(p => p.MemberNumber is not null);
            _imported[import.Number] = default;
            Count(import.Outcome, import.Change, count.People - others.Count - open.Count - members);
            Count(PersonOutcome.AlreadyMember, import.Change, members);
            PersonEntry[] entries =
            [
                .. others.Select(Enter),
                .. open.Select(HalfwayOf),
            ];
            foreach (var entry in entries) Count(entry.Outcome, entry.Change, entry.Outcome == PersonOutcome.NotDelivered ? 0 : 1);
            if (open.Count > 0) Await(open);
            _journal.Settle(_pushKey, import, entries, Snapshot(PushState.Running));
        }
    }

    /// <summary>Notes how Marketo is reached, once that is decided.</summary>
    public void SetDelivery(Delivery delivery)
    {
        lock (_lock)
        {
            _delivery = delivery;
            Write([], PushState.Running);
        }
    }

    /// <summary>Counts a person whose identity matched several people.</summary>
    public void CountMultipleMatch() => Interlocked.Increment(ref _multipleMatches);

    /// <summary>Counts people whose company fields were refused.</summary>
    public void CountWithoutCompanyFields(int people) => Interlocked.Add(ref _withoutCompanyFields, people);

    /// <summary>Ends the push: people who wait for an outcome are settled as not delivered.</summary>
    /// <exception cref="SegmentPushException">The sums do not agree with the journal (<c>SumsDisagree</c>).</exception>
    public PushStatus End(PushState state, string? reason, string? errorId = null, bool isVerified = false)
    {
        lock (_lock)
        {
            long imported = _imported.Values.Sum(count => count.People);
            var left = _outstanding.SelectMany(people => people).Where(person => !person.IsEntered)
                .Select(person => new SettledPerson(
                    person, PersonOutcome.NotDelivered, person.Change, person.MarketoId, "NotDelivered", reason))
                .ToArray();
            foreach (var part in left.Chunk(10_000)) Write([.. part.Select(Enter)], PushState.Running);
            _outstanding.Clear();
            if (imported > 0) _journal.Explain(_pushKey, "NotDelivered", reason);
            Prove(state);
            _begun = _begun with { ErrorId = errorId, IsVerified = isVerified };
            return Write([], state, reason);
        }
    }

    /// <summary>Ends the push with the sums of the journal, where some of its people could not be entered: they are to be delivered again.</summary>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public PushStatus EndByJournal(PushState state, string? reason, string? errorId)
    {
        lock (_lock)
        {
            lock (_outstanding) _outstanding.Clear();
            Recount();
            Prove(state);
            _begun = _begun with { ErrorId = errorId };
            return Write([], state, reason);
        }
    }

    /// <summary>The last row of a source that the journal holds; 0 where it holds none.</summary>
    public long GetLastRow(int source)
    {
        lock (_lock) return _journal.GetLastRow(_pushKey, source);
    }

    /// <summary>Keeps the sums of the list.</summary>
    public void Keep(string receipt)
    {
        lock (_lock) _journal.SaveReceipt(_pushKey, receipt);
    }

    /// <summary>Why people were not activated, the commonest reason first.</summary>
    public IReadOnlyList<ReasonCount> CountReasons()
    {
        lock (_lock) return _journal.CountReasons(_pushKey);
    }

    /// <summary>The rejected rows, in the order of the sources.</summary>
    public IEnumerable<(int Source, long Row, string Code, string Reason)> GetRejected() => _journal.GetRejected(_pushKey);

    /// <summary>Saves the status of the push once more, after its end.</summary>
    public PushStatus SaveEnded(PushStatus ended)
    {
        _journal.Settle(_pushKey, [], ended);
        return ended;
    }

    private const string ReportIt = "This is a fault of SegmentPush: report it with the push's id; the journal holds what is certain.";

    private static MemberMark? MarkOf(Person person) => person is { IdentityHash: var hash, MemberNumber: var number } && (!hash.IsZero || number is not null)
        ? new MemberMark(hash, person.SentHash, number)
        : null;

    private static IEnumerable<ImportedPerson> ImportedOf(IReadOnlyCollection<Person> people)
    {
        foreach (var person in people)
            yield return new ImportedPerson(person.Source, person.Row, person.Identity, person.MarketoId, MarkOf(person));
    }

    private static PersonEntry HalfwayOf(Person person) =>
        new(person.Source, person.Row, person.Identity, PersonOutcome.NotDelivered, person.Change, person.MarketoId) { Mark = MarkOf(person) };

    private static PersonEntry Enter(SettledPerson settled)
    {
        var person = settled.Person;
        if (person.IsEntered)
            throw new SegmentPushException("SumsDisagree", $"Row {person.Row} was to be settled twice.", ReportIt);
        person.IsEntered = true;
        return new PersonEntry(
            person.Source, person.Row, person.Identity, settled.Outcome, settled.Change, settled.MarketoId, settled.Code, settled.Reason)
        {
            Mark = MarkOf(person),
        };
    }

    private PushStatus Write(IReadOnlyCollection<PersonEntry> entries, PushState state, string? reason = null)
    {
        foreach (var entry in entries) Count(entry.Outcome, entry.Change, 1);

        var status = Snapshot(state, reason);
        _journal.Settle(_pushKey, entries, status);
        return status;
    }

    // Has a lock of its own: who reads must not wait for the journal's disk.
    private void Await(IReadOnlyList<Person> people)
    {
        lock (_outstanding)
        {
            _outstanding.Add(people);
            if (_outstanding.Count >= MaxBatches) _outstanding.RemoveAll(batch => batch.All(person => person.IsEntered));
        }
    }

    private void Count(PersonOutcome outcome, PersonChange change, long people)
    {
        _outcomes[outcome] += people;
        if (change == PersonChange.Created) _created += people;
        if (change == PersonChange.Updated) _updated += people;
    }

    // Two independent counts: what came in, and what the journal holds.
    private void Prove(PushState state)
    {
        var held = _journal.CountOutcomes(_pushKey);

        // Whom a process before left half done, and this one has not come to, is only there.
        long open = held.GetValueOrDefault(PersonOutcome.NotDelivered);
        if (open > 0 && state == PushState.Completed)
            throw new SegmentPushException("SumsDisagree", $"The push ended with {open} people without outcome.", ReportIt);
        _outcomes[PersonOutcome.NotDelivered] = open;
        foreach (var (outcome, count) in _outcomes)
        {
            long inJournal = held.GetValueOrDefault(outcome);
            if (inJournal == count) continue;
            throw new SegmentPushException(
                "SumsDisagree", $"{count} people were settled as {outcome}, and the journal holds {inJournal}.", ReportIt);
        }

        var status = Snapshot(PushState.Running);
        if (status.Received != status.Activated + status.Excluded + status.Failed)
        {
            throw new SegmentPushException(
                "SumsDisagree",
                $"{status.Received} rows were received, but {status.Activated} activated, {status.Excluded} excluded, {status.Failed} failed.",
                ReportIt);
        }
    }

    private PushStatus Snapshot(PushState state, string? reason = null)
    {
        var now = _time.GetUtcNow();
        return _begun with
        {
            State = state,
            Reason = reason,
            Delivery = _delivery,
            Ended = state == PushState.Running ? null : now,
            Duration = now - _begun.Started,
            Received = Interlocked.Read(ref _received),
            Added = _outcomes[PersonOutcome.Added],
            AlreadyMember = _outcomes[PersonOutcome.AlreadyMember],
            Removed = _outcomes[PersonOutcome.Removed],
            NotMember = _outcomes[PersonOutcome.NotMember],
            Unmatched = _outcomes[PersonOutcome.Unmatched],
            Duplicate = _outcomes[PersonOutcome.Duplicate],
            Rejected = _outcomes[PersonOutcome.Rejected],
            NotDelivered = _outcomes[PersonOutcome.NotDelivered],
            Created = _created,
            Updated = _updated,
            MultipleMatches = Interlocked.Read(ref _multipleMatches),
            WithoutCompanyFields = Interlocked.Read(ref _withoutCompanyFields),

            // A resumed push reads all rows again, and counts from the first.
            ValuesLeftOut = Math.Max(_begun.ValuesLeftOut, Interlocked.Read(ref _valuesLeftOut)),
            Calls = _calls(),
        };
    }

    // People of an import, and how many of them the snapshot knew on the list.
    private readonly record struct ImportedCount(long People, long Members);
}
