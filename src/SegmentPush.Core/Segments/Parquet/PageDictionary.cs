using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SegmentPush.Segments.Parquet;

/// <summary>The different values of a column's chunk. One is used for all chunks of a column, one after the other.</summary>
/// <param name="source">The file.</param>
/// <param name="leaf">The column.</param>
internal sealed class PageDictionary(ParquetSource source, ParquetLeaf leaf)
{
    private byte[] _bytes = [];
    private int[] _starts = [];
    private int[] _lengths = [];
    private int _count;

    /// <summary>A value by its place.</summary>
    public ReadOnlySpan<byte> this[int place] =>
        place < _count ? _bytes.AsSpan(_starts[place], _lengths[place]) : throw new InvalidDataException();

    /// <summary>Room for the bytes of a dictionary, to be filled before <see cref="Load"/>.</summary>
    public Memory<byte> Reserve(int size)
    {
        source.Reserve(ref _bytes, size);
        return _bytes.AsMemory(0, size);
    }

    /// <summary>Finds the values in the bytes.</summary>
    /// <param name="size">Number of bytes.</param>
    /// <param name="count">Number of values.</param>
    public void Load(int size, int count)
    {
        if (count < 0 || count > size) throw new InvalidDataException();
        if (_starts.Length < count) (_starts, _lengths) = (new int[count], new int[count]);
        var bytes = _bytes.AsSpan(0, size);
        for (int i = 0, at = 0; i < count; i++)
        {
            int length = leaf.Width;
            if (leaf.Type == PhysicalType.ByteArray)
            {
                length = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
                at += sizeof(int);
            }

            if (length < 0 || length > size - at) throw new InvalidDataException();
            (_starts[i], _lengths[i]) = (at, length);
            at += length;
        }

        _count = count;
    }
}

/// <summary>Places in a dictionary.</summary>
internal sealed class DictionaryDecoder : ValueDecoder
{
    private readonly HybridDecoder _places = new();
    private readonly PageDictionary _dictionary;

    public DictionaryDecoder(PageDictionary dictionary, byte[] page, int start, int end)
    {
        _dictionary = dictionary;
        if (start < end) _places.Start(page, start + 1, end, page[start]);
    }

    [MethodImpl(EveryRow.Compiled)]
    public override ReadOnlySpan<byte> Next() => _dictionary[_places.Next()];
}
