using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>The people of a push whose outcome the journal does not answer for yet.</summary>
internal sealed class OutstandingPeople
{
    // How many batches may wait before those that are done are looked for.
    private const int MaxBatches = 32;

    // Of its own: reading rows must not wait for the journal's disk.
    private readonly Lock _lock = new();
    private readonly List<IReadOnlyList<Person>> _batches = [];

    /// <summary>Adds people. Any thread may call it.</summary>
    public void Add(IReadOnlyList<Person> people)
    {
        if (people.Count == 0) return;
        lock (_lock)
        {
            _batches.Add(people);
            if (_batches.Count >= MaxBatches) _batches.RemoveAll(batch => batch.All(person => person.IsEntered));
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
            return left;
        }
    }
}
