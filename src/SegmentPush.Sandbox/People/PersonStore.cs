using System.Globalization;

namespace SegmentPush.Sandbox.People;

/// <summary>The people of the instance and its static lists. Every use holds <see cref="Gate"/>.</summary>
internal sealed class PersonStore(TimeProvider time)
{
    private readonly Dictionary<int, Person> _people = [];
    private readonly Dictionary<Field, Dictionary<string, List<Person>>> _indexes = Field.All.Values
        .Where(f => f.Searchable && f.Name is not ("id" or "leadPartitionId"))
        .ToDictionary(f => f, _ => new Dictionary<string, List<Person>>(StringComparer.OrdinalIgnoreCase));

    private readonly SortedDictionary<int, StaticList> _lists = [];
    private readonly List<Folder> _folders = [];
    private int _nextId = 1000;

    public Lock Gate { get; } = new();

    public int Count => _people.Count;

    public IReadOnlyCollection<Person> People => _people.Values;

    public IReadOnlyCollection<StaticList> Lists => _lists.Values;

    public IReadOnlyList<Folder> Folders => _folders;

    public Person? Find(int id) => _people.GetValueOrDefault(id);

    public IReadOnlyList<Person> Find(Field field, string value)
    {
        string wanted = value.Trim();
        if (_indexes.TryGetValue(field, out var index)) return index.GetValueOrDefault(wanted) ?? [];
        if (field.Name == "id")
            return int.TryParse(wanted, CultureInfo.InvariantCulture, out int id) && Find(id) is { } person ? [person] : [];
        return [.. _people.Values.Where(p => string.Equals(p[field], wanted, StringComparison.OrdinalIgnoreCase))];
    }

    public Person Create()
    {
        var person = new Person(++_nextId, time.GetUtcNow());
        _people.Add(person.Id, person);
        return person;
    }

    public void Set(Person person, Field field, string? value)
    {
        string? before = person[field];
        person.Set(field, value);
        if (!_indexes.TryGetValue(field, out var index) || before == value) return;
        if (before is not null && index.TryGetValue(before.Trim(), out var old)) old.Remove(person);
        if (value is null) return;
        if (!index.TryGetValue(value.Trim(), out var people)) index[value.Trim()] = people = new List<Person>(1);
        people.Add(person);
    }

    /// <summary>Deletes a person, who is then on no list.</summary>
    public bool Remove(int id)
    {
        if (!_people.Remove(id, out var person)) return false;
        foreach (var field in person.Fields.ToArray()) Set(person, field, null);
        foreach (var list in _lists.Values) list.Remove(id);
        return true;
    }

    public StaticList? FindList(int id) => _lists.GetValueOrDefault(id);

    public StaticList AddList(string name, Folder folder, int? id = null, string? description = null)
    {
        int key = id ?? (_lists.Count == 0 ? 1021 : _lists.Keys.Max() + 1);
        return _lists[key] = new StaticList(key, name, folder, time.GetUtcNow()) { Description = description };
    }

    public bool RemoveList(int id) => _lists.Remove(id);

    public Folder? FindFolder(int id, string type) => _folders.Find(folder => folder.Id == id && folder.Type == type);

    public Folder AddFolder(int id, string type, string name, string kind, Folder? parent)
    {
        var folder = new Folder(id, type, name, kind, parent, time.GetUtcNow());
        _folders.Add(folder);
        return folder;
    }

    /// <summary>People of a usual instance: names, some companies, some addresses that two people have.</summary>
    public void Seed(int people)
    {
        string[] first = ["Ann", "Bob", "Chloé", "Dmitri", "Eva", "Félix", "Grażyna", "Hiro", "Inês", "Jürgen"];
        string[] last = ["Doe", "O'Hara", "Müller", "Tanaka", "Silva", "Nowak", "Lumière", "Smith", "García", "Berg"];
        for (int i = 1; i <= people; i++)
        {
            var person = Create();
            person.UpdatedAt = person.CreatedAt.AddMinutes(-i);
            Set(person, Field.All["email"], $"person{(i % 500 == 0 ? i - 1 : i)}@example.com");
            Set(person, Field.All["firstName"], first[i % first.Length]);
            Set(person, Field.All["lastName"], last[i / first.Length % last.Length]);
            if (i % 7 != 0) continue;
            Set(person, Field.All["company"], $"Company {i / 7}, Inc.");
            person.IsTiedToCompany = i % 14 == 0;
        }
    }
}
