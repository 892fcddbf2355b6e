namespace SegmentPush.Pushes;

/// <summary>The rows of a push that the journal holds already, asked for in the order of the sources.</summary>
/// <param name="read">Reads some rows after one; none after the last.</param>
internal sealed class EnteredRows(Func<(int Source, long Row), IReadOnlyList<(int Source, long Row)>> read)
{
    private (int Source, long Row) _last = (-1, 0);
    private IReadOnlyList<(int Source, long Row)> _block = [];
    private int _next;
    private bool _isAtEnd;

    /// <summary>Whether a row is among them; rows must be asked for in their order.</summary>
    public bool Contains(int source, long row)
    {
        while (true)
        {
            while (_next < _block.Count && _block[_next].CompareTo((source, row)) < 0) _next++;
            if (_next < _block.Count) return _block[_next] == (source, row);
            if (_isAtEnd) return false;
            if (_block.Count > 0) _last = _block[^1];
            _block = read(_last);
            _next = 0;
            _isAtEnd = _block.Count == 0;
        }
    }
}
