using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>The import files of a push: their people, their states and their outcomes in the journal.</summary>
internal sealed class ImportSettlement(PushRecord record)
{
    private const int BlockSize = 5_000;

    private readonly Dictionary<int, ImportedCount> _imported = [];
    private int _last;

    /// <summary>Whether people wait for the outcome of an import. To be asked within <see cref="PushRecord.Do"/>.</summary>
    public bool HasOpen => _imported.Values.Any(count => count.People > 0);

    /// <summary>Whether the push has import files.</summary>
    public bool HasAny => record.Do((_, _) => _imported.Count > 0);

    /// <summary>Begins an import file.</summary>
    /// <returns>Its number.</returns>
    public int Begin() => record.Do((_, _) =>
    {
        _imported[++_last] = default;
        return _last;
    });

    /// <summary>Enters people of an import file before it is sent: from here on the state of the file answers for them.</summary>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void Record(ImportEntry import, IReadOnlyCollection<Person> people) => record.Do((journal, key) =>
    {
        var count = _imported[import.Number];
        _imported[import.Number] = new ImportedCount(count.People + people.Count, count.Members + people.Count(person => person.NumberInSnapshot is not null));
        foreach (var person in people) person.Advance(Stage.Imported);
        journal.Outcomes.Write(key, new OutcomeBatch(record.Sums.Build(PushState.Running)) { Import = import, Imported = PersonEntries.Imported(people) });
    });

    /// <summary>Records the state of an import file.</summary>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void Record(ImportEntry import) => Record(import, []);

    /// <summary>Records that Marketo has accepted an import file: from here on its people are not sent again.</summary>
    /// <param name="import">The import.</param>
    /// <param name="oneOfSeveral">Number of its people with identities that several people have.</param>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void RecordAccepted(ImportEntry import, int oneOfSeveral) => record.Do((journal, key) =>
    {
        record.Sums.CountRemark(PersonRemarks.OneOfSeveral, oneOfSeveral);
        journal.Outcomes.Write(key, new OutcomeBatch(record.Sums.Build(PushState.Running)) { Import = import });
    });

    /// <summary>Imports that Marketo has accepted, and that are not settled.</summary>
    public IReadOnlyList<ImportEntry> GetAccepted() => record.Do((journal, key) => journal.Imports.GetAccepted(key));

    /// <summary>Whether Marketo did not account for the people of an import, so that those who are left are sent by calls.</summary>
    public bool HasUnaccounted => record.Do((journal, key) => journal.Imports.HasUnaccounted(key));

    /// <summary>The people of an import file, in the order of their rows.</summary>
    public IEnumerable<ImportedPerson> GetPeople(ImportEntry import)
    {
        // In blocks, between which others may settle.
        IReadOnlyList<ImportedPerson> block;
        var after = (Source: -1, Row: 0L);
        do
        {
            block = record.Do((journal, key) => journal.Imports.GetPeople(key, import, after, BlockSize));
            foreach (var person in block) yield return person;
            if (block.Count > 0) after = (block[^1].Source, block[^1].Row);
        }
        while (block.Count == BlockSize);
    }

    /// <summary>How many people of an import file wait for its outcome.</summary>
    public long CountPeople(ImportEntry import) => record.Do((_, _) => _imported[import.Number].People);

    /// <summary>Settles an import.</summary>
    /// <param name="import">The import with its outcome, which all its people get but those below.</param>
    /// <param name="others">People with an outcome of their own.</param>
    /// <param name="remarks">What Marketo has said about people who get the import's outcome.</param>
    /// <param name="open">People who have none yet, and are waited for again.</param>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void Settle(ImportEntry import, IReadOnlyCollection<SettledPerson> others, IReadOnlyCollection<ImportRemark> remarks, IReadOnlyList<Person> open) => record.Do((journal, key) =>
    {
        // People that the snapshot knew on the list were there before.
        var count = _imported[import.Number];
        long members = count.Members - others.Count(p => p.Person.MemberNumber is not null) - open.Count(p => p.MemberNumber is not null);
        _imported[import.Number] = default;
        if (import.Change == PersonChange.Unknown) record.Sums.NoteUnknownChanges();
        record.Sums.Count(import.Outcome, import.Change, count.People - others.Count - open.Count - members);
        record.Sums.Count(PersonOutcome.AlreadyMember, import.Change, members);
        PersonEntry[] settled = [.. others.Select(PersonEntries.Settle)];
        foreach (var entry in settled) record.Sums.Count(entry.Outcome, entry.Change, 1);
        record.Outstanding.Add(open);
        journal.Snapshots.ConfirmIds([.. others.Where(HoldsId).Select(refused => new LearntId(refused.Person.MemberNumber!.Value, refused.Person.MemberId!.Value, IsOther: false))]);
        journal.Outcomes.Write(key, new OutcomeBatch(record.Sums.Build(PushState.Running))
        {
            Import = import with { State = ImportFileState.Settled },
            People = [.. settled, .. open.Select(PersonEntries.AtStage)],
            Remarks = remarks,
        });
    });

    // The import did not take the person, so that it used the identity for nobody else. The snapshot in memory still has the id that was certain before.
    private static bool HoldsId(SettledPerson refused) =>
        refused is { Outcome: PersonOutcome.Rejected, MarketoId: null, Person: { MemberNumber: not null, MemberId: not null, Twins: null } };

    /// <summary>Gives the outcome AlreadyMember to imported people that were counted as new.</summary>
    /// <param name="generation">The snapshot.</param>
    /// <param name="members">Their numbers in it.</param>
    public void TellMembers(SnapshotGeneration generation, IReadOnlyList<int> members)
    {
        if (members.Count == 0) return;
        record.Do((journal, key) =>
        {
            foreach (int[] some in members.Chunk(BlockSize)) journal.Outcomes.TellMembers(key, generation, some);
            record.Sums.RecountOutcomes(journal.Sums, key);
        });
    }

    /// <summary>Gives the outcome Added to imported people that were counted as members.</summary>
    /// <param name="members">Numbers of the members they were matched with.</param>
    /// <returns>The numbers that had such a person.</returns>
    public IReadOnlyList<int> TellAdded(IReadOnlyList<int> members) => members.Count == 0 ? [] : record.Do((journal, key) =>
    {
        int[] told = [.. members.Chunk(BlockSize).SelectMany(some => journal.Outcomes.TellAdded(key, some))];
        if (told.Length > 0) record.Sums.RecountOutcomes(journal.Sums, key);
        return told;
    });

    /// <summary>Takes all sums of the push from the journal.</summary>
    public void Recount() => record.Do((journal, key) =>
    {
        record.Sums.Recount(journal.Sums, key);
        _imported.Clear();
        foreach (var import in journal.Imports.GetAccepted(key))
        {
            var (people, members) = journal.Imports.CountPeople(key, import.Number);
            _imported[import.Number] = new ImportedCount(people, members);
        }

        _last = journal.Imports.GetLastNumber(key);
    });

    // People of an import, and how many of them the snapshot knew on the list.
    private readonly record struct ImportedCount(long People, long Members);
}
