using SegmentPush.Segments.Delimited;

namespace SegmentPush.Segments.Spools;

/// <summary>Reads the rows of a spool. A row that was cut off in the middle never came.</summary>
/// <param name="spool">The spool.</param>
internal sealed class SpoolReader(Spool spool) : ISegmentReader
{
    private SpoolStream? _file;
    private RowParser? _rows;
    private bool _isAtEnd;
    private string _mark = "";

    public IReadOnlyList<string> Columns => spool.Columns;

    public long Row { get; private set; }

    public RowFault? Fault { get; private set; }

    public double? Progress => null;

    /// <summary>Whether all rows came, once the last one has been read.</summary>
    public bool IsComplete { get; private set; }

    public int FindConsents()
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (Columns[i] == PairedValues.ConsentsOfAddresses) return i;
        }

        return -1;
    }

    public bool Read(CancellationToken cancellation = default)
    {
        if (_isAtEnd) return false;
        _file ??= spool.Follow();
        _file.Cancellation = cancellation;
        _rows ??= Spool.Parse(_file);
        bool isWhole = _rows.Read() && _rows is { Flaw: RowFlaw.None, HasLineEnd: true } && _rows.CellCount == Columns.Count + 1;
        if (!isWhole || SpoolMark.Read(_rows.GetCell(Columns.Count)) is not { } mark)
        {
            _isAtEnd = true;
            IsComplete = isWhole;
            return false;
        }

        Row++;
        _mark = mark;
        Fault = SpoolMark.IsFault(mark) ? new RowFault("ValueNotText", MessageText.AsIs(mark)) : FaultOfText();
        return true;
    }

    public ReadOnlySpan<char> GetValue(int column)
    {
        var cell = _rows!.GetCell(column);
        return cell.IsWhiteSpace() ? default : cell;
    }

    public bool IsTyped(int column) => SpoolMark.IsTyped(_mark, column);

    public void Dispose()
    {
        _rows?.Dispose();
        _file?.Dispose();
    }

    private RowFault? FaultOfText() => DelimitedReader.FaultOfText(_rows!.Raw);
}
