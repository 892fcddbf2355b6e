namespace SegmentPush.Pushes;

/// <summary>Gathers items from several threads until a call's worth of them is there.</summary>
/// <param name="size">A call's worth.</param>
internal sealed class Gatherer<T>(int size)
{
    private readonly Lock _lock = new();
    private List<T> _items = new(Math.Min(size, SegmentIntake.BatchSize));

    /// <summary>Takes items in.</summary>
    /// <returns>Full batches that they completed.</returns>
    public IReadOnlyList<IReadOnlyList<T>> Add(IEnumerable<T> items)
    {
        List<IReadOnlyList<T>>? full = null;
        lock (_lock)
        {
            foreach (var item in items)
            {
                _items.Add(item);
                if (_items.Count < size) continue;
                (full ??= []).Add(_items);
                _items = new List<T>(size);
            }
        }

        return full ?? [];
    }

    /// <summary>Gives out what is left.</summary>
    public IReadOnlyList<T> TakeRest()
    {
        lock (_lock)
        {
            var rest = _items;
            _items = [];
            return rest;
        }
    }
}
