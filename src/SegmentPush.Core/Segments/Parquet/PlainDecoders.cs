using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SegmentPush.Segments.Parquet;

/// <summary>Values of one width.</summary>
internal sealed class PlainDecoder(byte[] page, int start, int end, int width) : ValueDecoder
{
    private int _at = start;

    [MethodImpl(EveryRow.Compiled)]
    public override ReadOnlySpan<byte> Next()
    {
        if (end - _at < width) throw new InvalidDataException();
        _at += width;
        return page.AsSpan(_at - width, width);
    }
}

/// <summary>Values after their lengths.</summary>
internal sealed class PlainBytesDecoder(byte[] page, int start, int end) : ValueDecoder
{
    private int _at = start;

    [MethodImpl(EveryRow.Compiled)]
    public override ReadOnlySpan<byte> Next()
    {
        if (end - _at < sizeof(int)) throw new InvalidDataException();
        int length = BinaryPrimitives.ReadInt32LittleEndian(page.AsSpan(_at));
        _at += sizeof(int);
        if (length < 0 || length > end - _at) throw new InvalidDataException();
        _at += length;
        return page.AsSpan(_at - length, length);
    }
}

/// <summary>Booleans, of one bit each.</summary>
internal sealed class BitDecoder(byte[] page, int start, int end) : ValueDecoder
{
    private long _bit = start * 8L;

    public override ReadOnlySpan<byte> Next()
    {
        int at = (int)(_bit >> 3), shift = (int)(_bit & 7);
        if (at >= end) throw new InvalidDataException();
        _bit++;
        return ((page[at] >> shift) & 1) == 1 ? [1] : [0];
    }
}

/// <summary>Booleans in runs, after the length of all.</summary>
internal sealed class BooleanRunDecoder : ValueDecoder
{
    private readonly HybridDecoder _bits = new();

    public BooleanRunDecoder(byte[] page, int start, int end)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(page.AsSpan(start, end - start));
        if (length < 0 || length > end - start - sizeof(int)) throw new InvalidDataException();
        _bits.Start(page, start + sizeof(int), start + sizeof(int) + length, width: 1);
    }

    public override ReadOnlySpan<byte> Next() => _bits.Next() == 1 ? [1] : [0];
}

/// <summary>Values of one width: first the first bytes of all values, then the second ones, and so on.</summary>
internal sealed class SplitDecoder(byte[] page, int start, int end, int width) : ValueDecoder
{
    private readonly byte[] _value = new byte[width];
    private readonly int _count = (end - start) / width;
    private int _read;

    public override ReadOnlySpan<byte> Next()
    {
        if (_read >= _count) throw new InvalidDataException();
        for (int i = 0; i < width; i++) _value[i] = page[start + (i * _count) + _read];
        _read++;
        return _value;
    }
}
