using System.Buffers.Binary;

namespace SegmentPush.Segments.Parquet;

/// <summary>Reads integers that are written as differences, in blocks of packed bits (DELTA_BINARY_PACKED).</summary>
internal sealed class DeltaDecoder
{
    private const int WidthMost = 64;

    private readonly byte[] _bytes;
    private readonly int _end;
    private readonly int _blocksWithin;
    private readonly int _blockLength;
    private readonly int[] _widths;
    private int _at;
    private int _read;
    private int _block;
    private int _leftInBlock;
    private long _smallest;
    private long _bit;
    private long _last;

    /// <summary>Begins to read.</summary>
    /// <param name="bytes">Hold the numbers.</param>
    /// <param name="start">Where they begin.</param>
    /// <param name="end">Where they end at the latest.</param>
    /// <param name="most">How many there may be.</param>
    public DeltaDecoder(byte[] bytes, int start, int end, int most)
    {
        (_bytes, _at, _end) = (bytes, start, end);
        ulong values = ReadVarint(), blocksWithin = ReadVarint(), count = ReadVarint();
        if (blocksWithin is 0 or > 1024 || values is 0 or > 1 << 24 || values % blocksWithin != 0 || count > (ulong)most) throw new InvalidDataException();
        _blocksWithin = (int)blocksWithin;
        _blockLength = (int)(values / blocksWithin);
        if (_blockLength % 8 != 0) throw new InvalidDataException();
        _widths = new int[_blocksWithin];
        Count = (int)count;
        _last = ReadZigZag();
        _block = _blocksWithin;
    }

    /// <summary>Number of integers.</summary>
    public int Count { get; }

    /// <summary>Where the bytes behind the integers begin, once all have been read.</summary>
    public int End => _at;

    /// <summary>Reads an integer.</summary>
    public long Next()
    {
        if (_read++ >= Count) throw new InvalidDataException();
        if (_read == 1) return _last;
        if (_leftInBlock == 0) StartBlock();
        _leftInBlock--;
        int width = _widths[_block - 1];
        _last = unchecked(_last + _smallest + (long)ReadBits(width));
        return _last;
    }

    private void StartBlock()
    {
        if (_block == _blocksWithin)
        {
            _smallest = ReadZigZag();
            for (int i = 0; i < _blocksWithin; i++) _widths[i] = ReadByte();
            _block = 0;
        }

        int width = _widths[_block++];
        long length = (long)width * _blockLength / 8;
        if (width > WidthMost || length > _end - _at) throw new InvalidDataException();
        _bit = _at * 8L;
        _at += (int)length;
        _leftInBlock = _blockLength;
    }

    private ulong ReadBits(int width)
    {
        if (width == 0) return 0;
        int at = (int)(_bit >> 3), shift = (int)(_bit & 7);
        _bit += width;
        ulong bits = ReadWord(at) >> shift;
        if (shift + width > WidthMost) bits |= ReadWord(at + 8) << (WidthMost - shift);
        return width == WidthMost ? bits : bits & ((1UL << width) - 1);
    }

    private ulong ReadWord(int at)
    {
        if (at + sizeof(ulong) <= _bytes.Length) return BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(at));
        ulong word = 0;
        for (int i = 0; at + i < _bytes.Length; i++) word |= (ulong)_bytes[at + i] << (8 * i);
        return word;
    }

    private long ReadZigZag()
    {
        ulong number = ReadVarint();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }

    private ulong ReadVarint()
    {
        ulong number = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte next = ReadByte();
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return number;
        }

        throw new InvalidDataException();
    }

    private byte ReadByte() => _at < _end ? _bytes[_at++] : throw new InvalidDataException();
}
