using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace SegmentPush.Segments.Nested;

/// <summary>The values of the current row at the mapped places, as text.</summary>
internal sealed class RowCells
{
    private readonly List<CellFaults> _faults = [];
    private char[] _text = new char[1024];
    private (int Start, int Length, bool IsTyped)[] _cells = [];
    private int _length;

    /// <summary>Number of cells.</summary>
    public int Count => _faults.Count;

    /// <summary>What is wrong with the row; the first fault counts.</summary>
    public RowFault? Fault { get; private set; }

    /// <summary>The text of a cell; empty where the row has no value for it.</summary>
    public ReadOnlySpan<char> this[int cell] => _text.AsSpan(_cells[cell].Start, _cells[cell].Length);

    /// <summary>Whether the value of a cell is a number, a date or a boolean in the source, rather than text.</summary>
    public bool IsTyped(int cell) => _cells[cell].IsTyped;

    /// <summary>Adds a cell, and returns its number.</summary>
    /// <param name="name">The place that it is for, as messages name it.</param>
    public int Add(string name)
    {
        _faults.Add(new CellFaults(name));
        _cells = new (int, int, bool)[_faults.Count];
        return _faults.Count - 1;
    }

    /// <summary>The faults of a cell's place.</summary>
    public CellFaults FaultsOf(int cell) => _faults[cell];

    /// <summary>Forgets the row.</summary>
    public void Clear()
    {
        Array.Clear(_cells);
        _length = 0;
        Fault = null;
    }

    /// <summary>Notes what is wrong with the row.</summary>
    public void Reject(RowFault fault) => Fault ??= fault;

    /// <summary>Takes the value of a cell, which is at fault where it is not valid UTF-8, or not the first one. An empty value is none.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="value">The value.</param>
    /// <param name="isTyped">Whether it is a number, a date or a boolean rather than text.</param>
    [MethodImpl(EveryRow.Compiled)]
    public void SetUtf8(int cell, ReadOnlySpan<byte> value, bool isTyped)
    {
        bool isValid = Utf8.ToUtf16(value, Claim(value.Length), out _, out int written, replaceInvalidSequences: false) == OperationStatus.Done;
        if (!isValid) Reject(_faults[cell].IsInvalid);
        Close(cell, isValid ? written : 0, isTyped);
    }

    /// <summary>Room for a value of at most this many characters, to be ended by <see cref="Close"/>.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public Span<char> Claim(int most)
    {
        if (_text.Length - _length < most) Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + most));
        return _text.AsSpan(_length, most);
    }

    /// <summary>Ends a value.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="length">Number of characters; 0 for no value.</param>
    /// <param name="isTyped">Whether it is a number, a date or a boolean rather than text.</param>
    [MethodImpl(EveryRow.Compiled)]
    public void Close(int cell, int length, bool isTyped)
    {
        if (length == 0) return;
        ref var at = ref _cells[cell];
        if (at.Length > 0)
        {
            Reject(_faults[cell].IsSeveral);
            return;
        }

        int noText = _text.AsSpan(_length, length).IndexOfAny('\0', TextEncodings.Invalid);
        if (noText >= 0) Reject(_text[_length + noText] == '\0' ? _faults[cell].HasNul : _faults[cell].IsInvalid);
        at = (_length, length, isTyped);
        _length += length;
    }
}
