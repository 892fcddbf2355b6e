using SegmentPush.Pushes;

namespace SegmentPush.Streams;

/// <summary>
/// Puts what a plan says of its rows in the order of the rows. A row at fault is known before the rows whose people Marketo is asked for. The rows of
/// the first source come as soon as all rows before them have come; the others come at the end.
/// </summary>
internal sealed class PlannedRows
{
    private readonly PriorityQueue<PersonPlan, (int Source, long Row)> _waiting = new();
    private readonly Dictionary<string, int> _sources = new(StringComparer.Ordinal);
    private long _next = 1;

    /// <summary>Takes a row, and gives those whose turn has come.</summary>
    public IEnumerable<PersonPlan> Add(PersonPlan person)
    {
        _waiting.Enqueue(person, PlaceOf(person));
        while (_waiting.TryPeek(out var first, out var place) && place.Source == 0 && place.Row <= _next)
        {
            _waiting.Dequeue();
            _next = Math.Max(_next, place.Row + 1);
            yield return first;
        }
    }

    /// <summary>Gives those that are left, after the last row. People that no row names are the last.</summary>
    public IEnumerable<PersonPlan> Rest()
    {
        while (_waiting.TryDequeue(out var person, out _)) yield return person;
    }

    private (int Source, long Row) PlaceOf(PersonPlan person)
    {
        if (person.Row is not { } row) return (int.MaxValue, person.MarketoId ?? 0);
        if (!_sources.TryGetValue(person.Source, out int source)) _sources[person.Source] = source = _sources.Count;
        return (source, row);
    }
}
