using System.Buffers;
using System.Runtime.CompilerServices;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Parquet;

/// <summary>Reads the rows of a Parquet file: the columns that are asked for, or all of them.</summary>
internal sealed class ParquetRowReader : INestedRow
{
    private const int RowsBetweenChecks = 10_000;
    private const string ConsentsName = "consents.idSpecific";

    // No path that a name means leads there.
    private static readonly NestedPath s_consents = new([PathStep.To(ConsentsName), PathStep.To(ConsentsName)]);

    private readonly ParquetSource _source;
    private readonly ParquetLook _look;
    private readonly bool _isChecked;
    private readonly PageCodec _codec = new();
    private readonly Dictionary<int, ColumnReader> _columns = [];
    private readonly List<NestedPath> _paths = [];
    private readonly List<ParquetCell> _cells = [];
    private readonly RowCells _values = new();
    private readonly ParquetRowJson? _json;
    private ColumnReader[] _read = [];
    private long _row;
    private int _consents = -1;
    private int _group;
    private long _leftInGroup;
    private bool _hasBegun;

    /// <summary>Opens a file.</summary>
    /// <param name="source">The file, which is disposed with the reader.</param>
    /// <param name="look">What the look has found.</param>
    /// <param name="isChecked">Whether all pages of the columns that are asked for are read once before the first row.</param>
    /// <param name="isWhole">Whether all columns are read, so that rows can be written as JSON.</param>
    public ParquetRowReader(ParquetSource source, ParquetLook look, bool isChecked, bool isWhole)
    {
        (_source, _look, _isChecked) = (source, look, isChecked);
        if (isWhole) _json = new ParquetRowJson(look.Row, Column);
    }

    public IReadOnlyList<string> Columns => _look.Columns;

    public long Row => _row;

    public RowFault? Fault => _values.Fault;

    public double? Progress => _look.Rows == 0 ? null : Math.Min(1, (double)Interlocked.Read(ref _row) / _look.Rows);

    public int FindColumn(string name)
    {
        return _look.Paths.Find(name) is { } path ? Add(path, name) : -1;
    }

    public int FindIdentities(string name) => _look.Paths.Find(name) is { Identities: { } choice } path
        ? Add(path with { Identities = choice with { IsOfAll = true } }, name)
        : -1;

    public int FindConsents()
    {
        if (_consents >= 0) return _consents;
        ConsentNames.Refuse(Columns);
        if (new ParquetCells(_look.Row, _values, Column).MakeConsents(_values.Count) is not { } cell) return -1;
        CheckNotBegun();
        _paths.Add(s_consents);
        _cells.Add(cell);
        return _consents = _values.Add(ConsentsName);
    }

    private int Add(NestedPath path, string name)
    {
        int known = _paths.FindIndex(path.IsSameAs);
        if (known >= 0) return known;
        CheckNotBegun();
        if (new ParquetCells(_look.Row, _values, Column).Make(path, _values.Count) is not { } cell) return -1;
        _paths.Add(path);
        _cells.Add(cell);
        return _values.Add(name);
    }

    [MethodImpl(EveryRow.Compiled)]
    public bool Read(CancellationToken cancellation = default)
    {
        if (!_hasBegun) Begin(cancellation);
        _values.Clear();
        try
        {
            if (!GoToRow()) return false;
            foreach (var column in _read) column.ReadRow();
            foreach (var cell in _cells) cell.Take();
        }
        catch (Exception e) when (_source.Explain(e) is { } fault)
        {
            throw fault;
        }

        Interlocked.Increment(ref _row);
        return true;
    }

    [MethodImpl(EveryRow.Compiled)]
    public ReadOnlySpan<char> GetValue(int column) => _values[column];

    [MethodImpl(EveryRow.Compiled)]
    public bool IsTyped(int column) => _values.IsTyped(column);

    public void WriteMembers(IBufferWriter<byte> output)
    {
        if (_json is null) throw new InvalidOperationException("The reader was not opened for whole rows.");
        _json.Write(output);
    }

    public void Dispose()
    {
        _codec.Dispose();
        _source.Dispose();
    }

    private void CheckNotBegun()
    {
        if (_hasBegun) throw new InvalidOperationException("Columns are chosen before the first row is read.");
    }

    private ColumnReader Column(ParquetLeaf leaf)
    {
        if (!_columns.TryGetValue(leaf.Column, out var column)) _columns[leaf.Column] = column = new ColumnReader(_source, leaf, _codec);
        return column;
    }

    // A damaged page must stop a push before anything is sent, not in the middle.
    private void Begin(CancellationToken cancellation)
    {
        _hasBegun = true;
        _read = [.. _columns.Values];
        if (!_isChecked) return;
        try
        {
            for (long row = 1; GoToRow(); row++)
            {
                foreach (var column in _read) column.ReadRow();
                if (row % RowsBetweenChecks == 0) cancellation.ThrowIfCancellationRequested();
            }
        }
        catch (Exception e) when (_source.Explain(e) is { } fault)
        {
            throw fault;
        }

        _group = 0;
    }

    [MethodImpl(EveryRow.Compiled)]
    private bool GoToRow()
    {
        while (_leftInGroup == 0)
        {
            if (_group > 0 && !Array.TrueForAll(_read, column => column.IsAtEnd)) throw _source.Damaged("has other rows than it says");
            if (_group == _look.Groups.Count) return false;
            var group = _look.Groups[_group++];
            foreach (var column in _read) column.Start(group);
            _leftInGroup = group.Rows;
        }

        _leftInGroup--;
        return true;
    }
}
