using System.Buffers.Binary;

namespace SegmentPush.Segments.Parquet;

/// <summary>Integers as differences.</summary>
internal sealed class DeltaIntegerDecoder(byte[] page, int start, int end, int most, int width) : ValueDecoder
{
    private readonly DeltaDecoder _integers = new(page, start, end, most);
    private readonly byte[] _value = new byte[sizeof(long)];

    public override ReadOnlySpan<byte> Next()
    {
        BinaryPrimitives.WriteInt64LittleEndian(_value, _integers.Next());
        return _value.AsSpan(0, width);
    }
}

/// <summary>Texts behind the lengths of all, which are written as differences.</summary>
internal sealed class DeltaLengthDecoder : ValueDecoder
{
    private readonly DeltaDecoder _lengths;
    private readonly byte[] _page;
    private readonly int _end;
    private int _at;

    public DeltaLengthDecoder(byte[] page, int start, int end, int most)
    {
        (_page, _end) = (page, end);
        var lengths = new DeltaDecoder(page, start, end, most);
        for (int i = 0; i < lengths.Count; i++) lengths.Next();
        _at = lengths.End;
        _lengths = new DeltaDecoder(page, start, end, most);
    }

    public override ReadOnlySpan<byte> Next()
    {
        long length = _lengths.Next();
        if (length < 0 || length > _end - _at) throw new InvalidDataException();
        _at += (int)length;
        return _page.AsSpan(_at - (int)length, (int)length);
    }
}

/// <summary>Texts. A number tells how many first bytes each shares with the one before.</summary>
internal sealed class DeltaBytesDecoder : ValueDecoder
{
    private readonly DeltaDecoder _begins;
    private readonly DeltaLengthDecoder _rests;
    private byte[] _value = new byte[64];
    private int _length;

    public DeltaBytesDecoder(byte[] page, int start, int end, int most)
    {
        var begins = new DeltaDecoder(page, start, end, most);
        for (int i = 0; i < begins.Count; i++) begins.Next();
        _rests = new DeltaLengthDecoder(page, begins.End, end, most);
        _begins = new DeltaDecoder(page, start, end, most);
    }

    public override ReadOnlySpan<byte> Next()
    {
        long begin = _begins.Next();
        var rest = _rests.Next();
        if (begin < 0 || begin > _length) throw new InvalidDataException();
        _length = (int)begin + rest.Length;
        if (_length > _value.Length) Array.Resize(ref _value, Math.Max(_length, _value.Length * 2));
        rest.CopyTo(_value.AsSpan((int)begin));
        return _value.AsSpan(0, _length);
    }
}
