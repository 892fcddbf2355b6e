using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>The people of a push whose outcome the journal does not answer for yet.</summary>
internal sealed class OutstandingPeople
{
    // So many people are kept before those that the journal answers for are let go.
    private const int LeastKept = 10_000;

    // Of its own: reading rows must not wait for the journal's disk.
    private readonly Lock _lock = new();
    private readonly List<IReadOnlyList<Person>> _batches = [];
    private long _kept;
    private long _mostKept = LeastKept;

    /// <summary>Adds people. Any thread may call it.</summary>
    public void Add(IReadOnlyList<Person> people)
    {
        if (people.Count == 0) return;
        lock (_lock)
        {
            _batches.Add(people);
            _kept += people.Count;
            if (_kept > _mostKept) LetGo();
        }
    }

    /// <summary>Takes people out, who are waited for no more: their rows are read again as other people.</summary>
    public void Remove(IReadOnlyCollection<Person> people)
    {
        var gone = people.ToHashSet();
        lock (_lock)
        {
            for (int i = 0; i < _batches.Count; i++) _batches[i] = [.. _batches[i].Where(person => !gone.Contains(person))];
        }
    }

    /// <summary>Takes those who are still without an outcome.</summary>
    public Person[] TakeAll()
    {
        lock (_lock)
        {
            Person[] left = [.. _batches.SelectMany(people => people).Where(person => !person.IsEntered).Distinct()];
            _batches.Clear();
            _kept = 0;
            return left;
        }
    }

    // Person by person: one of each batch may wait for long, and must not keep the others in memory.
    private void LetGo()
    {
        Person[] left = [.. _batches.SelectMany(people => people).Where(person => !person.IsEntered)];
        _batches.Clear();
        _batches.Add(left);
        _kept = left.Length;
        _mostKept = Math.Max(LeastKept, 2 * _kept);
    }
}
