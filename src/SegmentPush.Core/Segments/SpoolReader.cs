namespace SegmentPush.Segments;

/// <summary>Reads the rows of a spool. One that was cut off in the middle never came.</summary>
/// <param name="spool">The spool.</param>
internal sealed class SpoolReader(Spool spool) : ISegmentReader
{
    private SpoolStream? _file;
    private DelimitedFileReader? _rows;
    private bool _isAtEnd;
    private string _mark = "";

    public IReadOnlyList<string> Columns => spool.Columns;

    public long Row { get; private set; }

    public RowFault? Fault { get; private set; }

    public double? Progress => null;

    /// <summary>Whether all rows came, once the last one has been read.</summary>
    public bool IsComplete { get; private set; }

    public bool Read(CancellationToken cancellation = default)
    {
        if (_isAtEnd) return false;
        _file ??= spool.Follow();
        _file.Cancellation = cancellation;
        _rows ??= DelimitedFileReader.OpenSpool(_file, spool.Path);
        bool isWhole = _rows.Read(cancellation) && _rows.CellCount == _rows.Columns.Count;
        if (!isWhole || Spool.MarkOf(_rows.GetValue(Columns.Count)) is not { } mark)
        {
            _isAtEnd = true;
            IsComplete = isWhole;
            return false;
        }

        Row++;
        _mark = mark;
        Fault = Spool.IsFault(mark) ? new RowFault("ValueNotText", mark) : _rows.Fault;
        return true;
    }

    public ReadOnlySpan<char> GetValue(int column) => _rows!.GetValue(column);

    public bool IsTyped(int column) => Spool.IsTyped(_mark, column);

    public void Dispose()
    {
        _rows?.Dispose();
        _file?.Dispose();
    }
}
