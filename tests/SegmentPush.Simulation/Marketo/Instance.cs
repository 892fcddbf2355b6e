using SegmentPush.Simulation.Scenarios;
using SegmentPush.Simulation.Time;

namespace SegmentPush.Simulation.Marketo;

/// <summary>A Marketo instance in memory: people, lists, and all that ever happened to them. Written from Adobe's contract alone.</summary>
internal sealed class Instance
{
    public const long ListId = 1021;
    public const long OtherListId = 1022;

    private readonly Dictionary<long, Person> _people = [];
    private readonly List<Happening> _history = [];
    private long _lastId = 100;

    /// <param name="time">The time.</param>
    /// <param name="habits">How it behaves where the contract leaves it open.</param>
    /// <param name="identityField">The field that refusals are told by.</param>
    public Instance(VirtualTime time, Habits habits, string identityField)
    {
        IdentityField = identityField;
        Time = time;
        Habits = habits;
        Imports = new ImportJobs(this);
        Exports = new ExportJobs(this);
    }

    public VirtualTime Time { get; }

    public Habits Habits { get; }

    public string IdentityField { get; }

    public ImportJobs Imports { get; }

    public ExportJobs Exports { get; }

    /// <summary>The static lists, by id.</summary>
    public IReadOnlyDictionary<long, SortedSet<long>> Lists { get; } =
        new Dictionary<long, SortedSet<long>> { [ListId] = [], [OtherListId] = [] };

    /// <summary>People by id.</summary>
    public IReadOnlyDictionary<long, Person> People => _people;

    /// <summary>All that happened, in order.</summary>
    public IReadOnlyList<Happening> History => _history;

    /// <summary>All calls that were sent, in order; those for tokens among them.</summary>
    public List<SentCall> Calls { get; } = [];

    /// <summary>Whether a value of the identity may not be written.</summary>
    public Func<string, bool> IsRefused { get; set; } = _ => false;

    /// <summary>Whether an import takes a row with a value of the identity with a warning.</summary>
    public Func<string, bool> IsWarned { get; set; } = _ => false;

    /// <summary>Whether somebody may not be taken off a list.</summary>
    public Func<Person, bool> IsRemovalRefused { get; set; } = _ => false;

    /// <summary>The people with a value of a field, by id.</summary>
    public IReadOnlyList<Person> Find(string field, string value)
    {
        var type = Field.Find(field)!;
        return [.. _people.Values.Where(person => person[field] is { } kept && type.AreSame(kept, value)).OrderBy(person => person.Id)];
    }

    /// <summary>Creates a person.</summary>
    public Person Create(Actor actor, IReadOnlyDictionary<string, string?> values)
    {
        var person = new Person(++_lastId, Time.Now);
        _people.Add(person.Id, person);
        Set(person, values);
        Note(actor, Deed.Create, person.Id, values);
        return person;
    }

    /// <summary>Writes fields of a person.</summary>
    public void Write(Actor actor, Person person, IReadOnlyDictionary<string, string?> values, Deed deed = Deed.Write)
    {
        Set(person, values);
        person.Updated = Time.Now;
        Note(actor, deed, person.Id, values);
    }

    /// <summary>Puts a person on a list.</summary>
    /// <returns>Whether the person was not on it.</returns>
    public bool AddToList(Actor actor, long listId, long id)
    {
        bool isNew = Lists[listId].Add(id);
        Note(actor, Deed.AddToList, id, null, listId, isNew);
        return isNew;
    }

    /// <summary>Takes a person off a list.</summary>
    /// <returns>Whether the person was on it.</returns>
    public bool RemoveFromList(Actor actor, long listId, long id)
    {
        bool wasOn = Lists[listId].Remove(id);
        Note(actor, Deed.RemoveFromList, id, null, listId, wasOn);
        return wasOn;
    }

    /// <summary>Deletes a person.</summary>
    public void Delete(Actor actor, long id)
    {
        foreach (var (listId, list) in Lists)
        {
            if (list.Contains(id)) RemoveFromList(actor, listId, id);
        }

        _people.Remove(id);
        Note(actor, Deed.Delete, id);
    }

    private static void Set(Person person, IReadOnlyDictionary<string, string?> values)
    {
        foreach (var (name, value) in values)
        {
            if (value is null || Field.Find(name)!.Store(value) is not { } kept) person.Fields.Remove(name);
            else person.Fields[name] = kept;
        }
    }

    private void Note(Actor actor, Deed deed, long id, IReadOnlyDictionary<string, string?>? values = null, long listId = 0, bool changedList = false) =>
        _history.Add(new Happening(_history.Count, Time.Now, actor, deed, id)
        {
            ListId = listId,
            ChangedList = changedList,
            Values = values ?? new Dictionary<string, string?>(),
        });
}
