using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>What earlier processes have done for the people of a push that is resumed, and which of these people must be done again.</summary>
internal sealed class HalfDonePeople
{
    private const int BlockSize = 5_000;

    private readonly PushRecord _record;
    private readonly HashSet<long> _sentOff;
    private readonly HashSet<(int Source, long Row)> _created = [];
    private readonly HashSet<(int Source, long Row)> _perhapsCreated = [];
    private readonly Dictionary<(int Source, long Row), PersonRemarks> _counted = [];
    private IReadOnlyList<ImportedRows> _unanswered;

    /// <summary>Reads which people the earlier process may have taken off the list, and which imports nobody has answered for.</summary>
    public HalfDonePeople(PushRecord record)
    {
        _record = record;
        _sentOff = record.Do((journal, key) => LostRemovals.Find(journal, key, record.Status));
        _unanswered = record.Do((journal, key) => journal.Imports.GetUnanswered(key));
    }

    /// <summary>The ids of people that an earlier process may have taken off the list already, without hearing that it had.</summary>
    public IReadOnlySet<long> SentOff => _sentOff;

    /// <summary>Tells a person, whose row is read again, what an earlier process has done.</summary>
    /// <param name="person">The person.</param>
    /// <param name="knowsList">Whether a snapshot tells who was on the list before: then an import has added the others who are on it by now.</param>
    public void Tell(Person person, bool knowsList)
    {
        person.WasCreated = _created.Contains((person.Source, person.Row));
        person.LeaveUncounted(_counted.GetValueOrDefault((person.Source, person.Row)));
        TellImports(person, knowsList);
    }

    private void TellImports(Person person, bool knowsList)
    {
        var imports = _unanswered.Where(rows => rows.Contains(person.Source, person.Row)).ToArray();
        person.MayBeCreated = imports.Any(rows => !rows.FindsById) || _perhapsCreated.Contains((person.Source, person.Row));
        person.WasAdded = imports.Length > 0 && person.MemberNumber is null && knowsList;
    }

    /// <summary>Notes rows whose people an earlier process has created.</summary>
    public void AddCreated(IEnumerable<(int Source, long Row)> rows) => _created.UnionWith(rows);

    /// <summary>Notes rows whose people an earlier process may have created, where no lookup can tell.</summary>
    public void AddPerhapsCreated(IEnumerable<(int Source, long Row)> rows)
    {
        _perhapsCreated.UnionWith(rows);
        if (_perhapsCreated.Count == 0) return;

        // Before their entries are taken out: a later process does not know them any more.
        _record.Write(() =>
        {
            _record.Sums.NoteUnknownChanges();
            return new OutcomeBatch(_record.Sums.Build(PushState.Running));
        });
    }

    /// <summary>Notes rows whose people had an outcome, and are sent again.</summary>
    public void AddReopened(IReadOnlyList<ReopenedRow> rows)
    {
        AddCreated(rows.Where(row => row.WasCreated).Select(row => (row.Source, row.Row)));
        NoteCounted(rows.Select(row => (row.Source, row.Row)), PersonRemarks.OneOfSeveral | PersonRemarks.WithoutCompanyFields);
    }

    /// <summary>People who were sent with a call whose answer never came, and when by Marketo's clock. An import of a process before that one may have reached them.</summary>
    /// <param name="knowsList">Whether a snapshot tells who was on the list before.</param>
    /// <param name="findMember">Tells which people the snapshot knows by an identity.</param>
    public IReadOnlyList<(Person Person, DateTimeOffset Sent)> GetSent(bool knowsList, Func<Hash128, SnapshotMatch> findMember)
    {
        var sent = _record.Do((journal, key) => journal.Rows.GetPeople(key, Stage.Sent).Select(entry => (Person: PersonEntries.ToPerson(entry, findMember), Sent: entry.Sent!.Value)).ToArray());
        foreach (var (person, _) in sent) TellImports(person, knowsList);
        return sent;
    }

    /// <summary>People who are written in Marketo, and only have to be put on the list.</summary>
    /// <param name="knowsList">Whether a snapshot tells who was on the list before: then an earlier process has added the others who are on it by now.</param>
    /// <param name="findMember">Tells which people the snapshot knows by an identity.</param>
    public IReadOnlyList<Person> GetWritten(bool knowsList, Func<Hash128, SnapshotMatch> findMember) => _record.Do((journal, key) =>
    {
        var entries = ResumeRule.StagesFor(ResumeStep.PutOnList).SelectMany(stage => journal.Rows.GetPeople(key, stage));
        Person[] people = [.. entries.Select(entry => PersonEntries.ToPerson(entry, findMember))];

        // An import has put somebody with the identity of a member in doubt on the list before, in all likelihood this person. Who was created was on no list.
        foreach (var person in people) person.WasAdded = (knowsList || person.Change == PersonChange.Created) && person is { Stage: Stage.Written, DoubtedMemberId: null };
        return people;
    });

    /// <summary>When the last import file was uploaded without an answer, by Marketo's clock; null where there is none.</summary>
    public DateTimeOffset? FindLostUpload() =>
        _record.Do((journal, _) => journal.OpenCalls.GetImportsOf(_record.Status.Id).Where(import => import.BatchId is null).Max(import => import.Uploaded));

    /// <summary>Notes that people are delivered by this process, so that each of them gets an outcome from it.</summary>
    public void AddOutstanding(IReadOnlyList<Person> people) => _record.Outstanding.Add(people);

    /// <summary>Takes out people who are read from the sources again.</summary>
    /// <param name="imports">The imports of the push.</param>
    /// <param name="stages">The stages of people who are read again.</param>
    /// <param name="lostImports">Accepted imports whose people are read again, with their new state.</param>
    public void Reopen(ImportSettlement imports, IReadOnlyCollection<Stage> stages, IReadOnlyDictionary<int, ImportFileState> lostImports)
    {
        // Once an import is accepted, those of its people are counted who were one of several. Only people who are imported by id were looked up.
        foreach (var import in imports.GetAccepted().Where(import => import.FindsById && lostImports.ContainsKey(import.Number)))
            NoteCounted(imports.GetPeople(import).Select(person => (person.Source, person.Row)), PersonRemarks.OneOfSeveral);
        _record.Do((journal, key) =>
        {
            LostRemovals.Keep(journal, key, _record.Status);
            LostUploads.Keep(journal, key, _record.Status, lostImports.Keys);
            if (lostImports.Count > 0 || journal.Imports.GetUnanswered(key).Count > 0) NoteMissingRows(journal, key, true);
            journal.Outcomes.Reopen(key, stages, lostImports);
            _unanswered = journal.Imports.GetUnanswered(key);
            imports.Recount();
        });
    }

    /// <summary>Notes that all rows are read, and entered.</summary>
    public void EndReadingAgain() => _record.Do((journal, key) => NoteMissingRows(journal, key, false));

    /// <summary>Takes out people whose rows are read again, because Marketo does not know them any more.</summary>
    public void Reopen(ImportSettlement imports, IReadOnlyCollection<Person> people) => _record.Do((journal, key) =>
    {
        journal.Outcomes.TakeOut(key, [.. people.Select(person => (person.Source, person.Row))]);
        NoteCounted(people.Select(person => (person.Source, person.Row)), PersonRemarks.OneOfSeveral | PersonRemarks.WithoutCompanyFields);
        _record.Outstanding.Remove(people);
        imports.Recount();
    });

    /// <summary>Rows and ids of people that no row of the sources names, and that an earlier process has taken off the list.</summary>
    /// <param name="source">The number of the source that stands for the list.</param>
    public IReadOnlyList<(long Row, long MarketoId)> GetLeavers(int source) => _record.Do((journal, key) => journal.Rows.GetIdsOfSource(key, source, PersonOutcome.Removed));

    /// <summary>Takes out people that an earlier process has taken off the list. They were put on it again, and leave once more: everybody counts once.</summary>
    /// <param name="source">The number of the source that stands for the list.</param>
    /// <param name="rows">Their rows in it.</param>
    public void TakeOutLeavers(int source, IReadOnlyCollection<long> rows)
    {
        if (rows.Count == 0) return;
        _record.Do((journal, key) =>
        {
            journal.Outcomes.TakeOut(key, [.. rows.Select(row => (source, row))]);
            _record.Sums.AddReceived(-rows.Count);
            _record.Sums.RecountOutcomes(journal.Sums, key);
        });
    }

    /// <summary>The rows that the journal holds already.</summary>
    public EnteredRows GetEnteredRows() => new(after => _record.Do((journal, key) => journal.Rows.GetRows(key, after, BlockSize)));

    private void NoteCounted(IEnumerable<(int Source, long Row)> rows, PersonRemarks remarks)
    {
        foreach (var row in rows) _counted[row] = remarks;
    }

    // Should this process be killed meanwhile, an undo must not take these people for strangers.
    private void NoteMissingRows(PushJournal journal, long key, bool misses)
    {
        if (PushReceipt.ParseList(journal.Pushes.GetReceipt(_record.Status.Id)) is { } list && list.MissesImportedRows != misses)
            journal.Pushes.SaveReceipt(key, PushReceipt.TextOf(list with { MissesImportedRows = misses }));
    }
}
