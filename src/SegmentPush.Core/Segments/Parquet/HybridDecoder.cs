using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SegmentPush.Segments.Parquet;

/// <summary>Reads small numbers that are written as runs of one number, or packed bit by bit: levels and places in a dictionary.</summary>
internal sealed class HybridDecoder
{
    private const int WidthMost = 32;

    private byte[] _bytes = [];
    private int _at;
    private int _end;
    private int _width;
    private uint _mask;
    private int _left;
    private bool _isPacked;
    private int _value;

    // Place of the next packed number, in bits.
    private long _bit;

    /// <summary>Begins to read.</summary>
    /// <param name="bytes">Hold the numbers.</param>
    /// <param name="start">Where they begin.</param>
    /// <param name="end">Where they end.</param>
    /// <param name="width">Bits of a number; 0 where all are 0.</param>
    public void Start(byte[] bytes, int start, int end, int width)
    {
        if (start < 0 || end < start || end > bytes.Length || width is < 0 or > WidthMost) throw new InvalidDataException();
        (_bytes, _at, _end, _width) = (bytes, start, end, width);
        _mask = width == WidthMost ? uint.MaxValue : (1u << width) - 1;
        (_left, _isPacked, _value) = (width == 0 ? int.MaxValue : 0, false, 0);
    }

    /// <summary>Reads a number.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public int Next()
    {
        while (_left == 0) StartRun();
        _left--;
        if (!_isPacked) return _value;
        int at = (int)(_bit >> 3);
        ulong word = at + sizeof(ulong) <= _bytes.Length ? BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(at)) : ReadLast(at);
        int shift = (int)(_bit & 7);
        _bit += _width;
        return (int)((word >> shift) & _mask);
    }

    private void StartRun()
    {
        uint head = ReadVarint();
        _isPacked = (head & 1) == 1;
        long count = head >> 1;
        if (_isPacked)
        {
            // The last run may be cut short where nothing is left to say.
            long bits = Math.Min(count * 8 * _width, (_end - _at) * 8L);
            _bit = _at * 8L;
            _at += (int)((bits + 7) / 8);
            _left = (int)(bits / _width);
            if (_left == 0) throw new InvalidDataException();
            return;
        }

        _value = 0;
        for (int i = 0; i < (_width + 7) / 8; i++) _value |= ReadByte() << (8 * i);
        _left = (int)Math.Min(count, int.MaxValue);
    }

    private ulong ReadLast(int at)
    {
        ulong word = 0;
        for (int i = 0; at + i < _bytes.Length; i++) word |= (ulong)_bytes[at + i] << (8 * i);
        return word;
    }

    private uint ReadVarint()
    {
        uint number = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            byte next = ReadByte();
            number |= (uint)(next & 0x7F) << shift;
            if (next < 0x80) return number;
        }

        throw new InvalidDataException();
    }

    private byte ReadByte() => _at < _end ? _bytes[_at++] : throw new InvalidDataException();
}
