namespace SegmentPush.Platform;

/// <summary>In which order jobs come. Adobe's pages say that the newest come first by default; a list that comes in another order is read to its end.</summary>
internal sealed class JobOrder
{
    private DateTimeOffset? _last;
    private bool _falls;
    private bool _isMixed;

    /// <summary>Notes the next job.</summary>
    /// <param name="created">When it was made; null where the platform does not say.</param>
    public void Add(DateTimeOffset? created)
    {
        if (_last is { } last && created is { } next)
        {
            _falls |= next < last;
            _isMixed |= next > last;
        }

        _isMixed |= created is null;
        _last = created;
    }

    /// <summary>Whether all jobs that are still to come were made before a moment.</summary>
    public bool IsPast(DateTimeOffset since) => _falls && !_isMixed && _last < since;
}
