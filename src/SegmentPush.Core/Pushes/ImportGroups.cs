using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>
/// Puts people into import files by the set of their filled fields, so that no file has an empty cell. A set becomes a file once it is common;
/// people with rare sets are left to be sent by calls. Not for several threads.
/// </summary>
/// <param name="all">The columns for people with values for all attributes.</param>
/// <param name="newFile">Begins a file with some columns.</param>
/// <param name="leastPeople">Least people with a set for which a file is worth its calls.</param>
internal sealed class ImportGroups(ImportColumns all, Func<ImportColumns, ImportFile> newFile, int leastPeople) : IDisposable
{
    // Each open file holds its bytes in memory, and each person who waits its values.
    private const int MostFiles = 8, MostWaiting = 8;

    private readonly Dictionary<FilledFields, Group> _groups = [];
    private readonly List<Person> _rare = [];
    private int _waiting;
    private bool _hasFile;

    /// <summary>Takes people in.</summary>
    /// <param name="people">The people.</param>
    /// <param name="tooLarge">Takes those whose values are larger than a file may be.</param>
    /// <returns>The files that became full.</returns>
    public List<ImportFile> Add(IReadOnlyList<Person> people, List<Person> tooLarge)
    {
        var full = new List<ImportFile>();
        foreach (var person in people) Add(person, full, tooLarge);
        return full;
    }

    /// <summary>The files that are open.</summary>
    public IEnumerable<ImportFile> Files => _groups.Values.Select(group => group.File).OfType<ImportFile>();

    /// <summary>Takes the people who are to be sent by calls.</summary>
    public IReadOnlyList<Person> TakeRare()
    {
        Person[] rare = [.. _rare];
        _rare.Clear();
        return rare;
    }

    /// <summary>Takes all files, once all people have been taken in. The commonest set gets a file in any case.</summary>
    public List<ImportFile> TakeFiles(List<Person> tooLarge)
    {
        var files = new List<ImportFile>();
        if (!_hasFile && _groups.Count > 0) Open(_groups.Values.MaxBy(group => group.Waiting.Count)!, files, tooLarge);
        files.AddRange(Files);
        LeaveWaitingToCalls();
        _groups.Clear();
        return files;
    }

    /// <summary>Lets the files go.</summary>
    public void Dispose()
    {
        foreach (var file in Files) file.Dispose();
    }

    private void Add(Person person, List<ImportFile> full, List<Person> tooLarge)
    {
        if (FilledFields.IsBeyond(person, all.Attributes))
        {
            _rare.Add(person);
            return;
        }

        var filled = FilledFields.Of(person, all.Attributes);
        if (!_groups.TryGetValue(filled, out var group)) _groups[filled] = group = new Group(all.For(filled));
        if (group.File is not null)
        {
            Write(group, person, full, tooLarge);
            return;
        }

        group.Waiting.Add(person);
        _waiting++;
        if (group.Waiting.Count >= leastPeople && Files.Count() < MostFiles) Open(group, full, tooLarge);
        else if (_waiting >= MostWaiting * leastPeople) LeaveWaitingToCalls();
    }

    private void Open(Group group, List<ImportFile> full, List<Person> tooLarge)
    {
        _hasFile = true;
        group.File = newFile(group.Columns);
        _waiting -= group.Waiting.Count;
        foreach (var person in group.Waiting) Write(group, person, full, tooLarge);
        group.Waiting.Clear();
    }

    private void Write(Group group, Person person, List<ImportFile> full, List<Person> tooLarge)
    {
        if (group.File!.TryAdd(person)) return;
        full.Add(group.File);
        group.File = newFile(group.Columns);
        if (!group.File.TryAdd(person)) tooLarge.Add(person);
    }

    private void LeaveWaitingToCalls()
    {
        foreach (var group in _groups.Values)
        {
            _rare.AddRange(group.Waiting);
            group.Waiting.Clear();
        }

        _waiting = 0;
    }

    private sealed class Group(ImportColumns columns)
    {
        public ImportColumns Columns { get; } = columns;

        public ImportFile? File { get; set; }

        public List<Person> Waiting { get; } = [];
    }
}
