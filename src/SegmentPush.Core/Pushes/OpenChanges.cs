namespace SegmentPush.Pushes;

/// <summary>The calls of a push that change people or its list, as far as their answers are not known. Any thread may use it.</summary>
/// <param name="until">When those of earlier processes of the push can't run any more; null where all were answered.</param>
/// <param name="changed">When an earlier process sent the last of its calls; null where none did.</param>
/// <param name="time">The clock.</param>
internal sealed class OpenChanges(DateTimeOffset? until, DateTimeOffset? changed, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<DateTimeOffset> _open = [];
    private DateTimeOffset? _changed = changed;

    /// <summary>When none of them can run any more, by Marketo's clock; null where all were answered.</summary>
    public DateTimeOffset? Until
    {
        get
        {
            lock (_lock) return _open.Count == 0 ? until : _open.Max() is var last && until > last ? until : last;
        }
    }

    /// <summary>When the push sent its last call that changes people or its list; null where it sent none.</summary>
    public DateTimeOffset? Changed
    {
        get
        {
            lock (_lock) return _changed;
        }
    }

    /// <summary>Enters a call that is about to be sent.</summary>
    public void Add(DateTimeOffset runsUntil)
    {
        lock (_lock) _open.Add(runsUntil);
    }

    /// <summary>Takes this moment for the one at which the last call was sent.</summary>
    /// <returns>The moment.</returns>
    public DateTimeOffset NoteChange()
    {
        var now = time.GetUtcNow();
        lock (_lock) _changed = now;
        return now;
    }

    /// <summary>Takes out a call that does not run any more.</summary>
    public void Remove(DateTimeOffset runsUntil)
    {
        lock (_lock) _open.Remove(runsUntil);
    }
}
