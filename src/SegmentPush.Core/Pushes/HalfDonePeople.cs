using SegmentPush.Journal;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>The people of a push that is resumed who were at a stage between Received and Settled when its process ended.</summary>
internal sealed class HalfDonePeople
{
    private const int BlockSize = 5_000;

    private readonly PushRecord _record;
    private readonly HashSet<long> _sentOff;
    private readonly HashSet<(int Source, long Row)> _createdByLostCall = [];

    /// <summary>Reads whom the earlier process may have taken off the list.</summary>
    public HalfDonePeople(PushRecord record)
    {
        _record = record;
        _sentOff = record.Do((journal, key) => journal.Rows.GetPeople(key, Stage.SentOff).Select(entry => entry.MarketoId!.Value).ToHashSet());
    }

    /// <summary>The ids of people whom an earlier process may have taken off the list already, without hearing that it had.</summary>
    public IReadOnlySet<long> SentOff => _sentOff;

    /// <summary>Whether a lookup has shown that the lost call of an earlier process created a person.</summary>
    public bool IsCreatedByLostCall(Person person) => _createdByLostCall.Contains((person.Source, person.Row));

    /// <summary>Notes people that the lost call of an earlier process has created.</summary>
    public void AddCreatedByLostCall(IEnumerable<Person> people) => _createdByLostCall.UnionWith(people.Select(person => (person.Source, person.Row)));

    /// <summary>People who were sent with a call whose answer never came, and when by Marketo's clock.</summary>
    public IReadOnlyList<(Person Person, DateTimeOffset Sent)> GetSent() => _record.Do((journal, key) =>
        journal.Rows.GetPeople(key, Stage.Sent).Select(entry => (PersonEntries.ToPerson(entry), entry.Sent!.Value)).ToArray());

    /// <summary>People who are written in Marketo, and only have to be put on the list. They are waited for.</summary>
    public IReadOnlyList<Person> TakeWritten() => _record.Do((journal, key) =>
    {
        Person[] people = [.. journal.Rows.GetPeople(key, Stage.Written).Select(PersonEntries.ToPerson)];
        _record.Outstanding.Add(people);
        return people;
    });

    /// <summary>Takes out people who are read from the sources again.</summary>
    /// <param name="imports">The imports of the push.</param>
    /// <param name="stages">The stages of people who are read again.</param>
    /// <param name="lostImports">Accepted imports whose people are read again, with their new state.</param>
    public void Reopen(ImportSettlement imports, IReadOnlyCollection<Stage> stages, IReadOnlyDictionary<int, ImportFileState> lostImports) => _record.Do((journal, key) =>
    {
        journal.Outcomes.Reopen(key, stages, lostImports);
        imports.Recount();
    });

    /// <summary>Takes out people whose rows are read again, because Marketo does not know them any more.</summary>
    public void Reopen(ImportSettlement imports, IReadOnlyCollection<Person> people) => _record.Do((journal, key) =>
    {
        journal.Outcomes.TakeOut(key, [.. people.Select(person => (person.Source, person.Row))]);
        _record.Outstanding.Remove(people);
        imports.Recount();
    });

    /// <summary>The rows that the journal holds already.</summary>
    public EnteredRows GetEnteredRows() => new(after => _record.Do((journal, key) => journal.Rows.GetRows(key, after, BlockSize)));
}
