using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SegmentPush.Segments.Parquet;

/// <summary>
/// Reads one column row by row, with one page of it in memory at a time. A row has one entry of a column outside of lists and maps,
/// and otherwise one for each element, or for the lack of any.
/// </summary>
/// <param name="source">The file.</param>
/// <param name="leaf">The column.</param>
/// <param name="codec">Unpacks pages.</param>
internal sealed class ColumnReader(ParquetSource source, ParquetLeaf leaf, PageCodec codec)
{
    private const int HeaderSize = 256, HeaderSizeMost = 16 * 1024 * 1024, PageSizeMost = 512 * 1024 * 1024, RowSizeMost = 16 * 1024 * 1024;

    private readonly HybridDecoder _definitionsOfPage = new();
    private readonly HybridDecoder _repetitionsOfPage = new();
    private readonly PageDictionary _dictionary = new(source, leaf);
    private byte[] _page = [];
    private ValueDecoder? _values;
    private ColumnChunk _chunk = new();
    private long _offset;
    private long _leftInChunk;
    private int _leftInPage;
    private bool _hasDictionary;

    // The repetition level of the next entry; -1 where it has not been read.
    private int _nextRepetition = -1;

    private byte[] _definitions = new byte[1];
    private byte[] _repetitions = new byte[1];
    private int[] _ends = new int[1];
    private byte[] _bytes = new byte[64];

    /// <summary>The column.</summary>
    public ParquetLeaf Leaf => leaf;

    /// <summary>Number of entries of the current row.</summary>
    public int Count { get; private set; }

    /// <summary>Whether all rows of the row group have been read.</summary>
    public bool IsAtEnd => _leftInChunk == 0;

    /// <summary>How far an entry is defined; a value that is not null has the column's highest level.</summary>
    public int Definition(int entry) => _definitions[entry];

    /// <summary>In which of the lists and maps around the column an entry begins a further element; 0 for the first entry.</summary>
    public int Repetition(int entry) => _repetitions[entry];

    /// <summary>Whether an entry has a value.</summary>
    public bool HasValue(int entry) => entry < Count && _definitions[entry] == leaf.MaxDefinition;

    /// <summary>The value of an entry; empty for null.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public ReadOnlySpan<byte> Value(int entry)
    {
        int start = entry == 0 ? 0 : _ends[entry - 1];
        return _bytes.AsSpan(start, _ends[entry] - start);
    }

    /// <summary>Goes to the start of a row group.</summary>
    public void Start(RowGroup group)
    {
        _chunk = group.Columns[leaf.Column];
        _offset = _chunk.Offset;
        _leftInChunk = _chunk.Values;
        _leftInPage = 0;
        _hasDictionary = false;
        _nextRepetition = -1;
    }

    /// <summary>Goes to the next row.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public void ReadRow()
    {
        Count = 0;
        if (PeekRepetition() != 0) throw source.Damaged("has other rows than it says");
        do Take();
        while (leaf.MaxRepetition > 0 && PeekRepetition() > 0);
    }

    // -1 behind the last entry.
    [MethodImpl(EveryRow.Compiled)]
    private int PeekRepetition()
    {
        if (_nextRepetition >= 0) return _nextRepetition;
        if (_leftInChunk == 0) return -1;
        while (_leftInPage == 0) NextPage();
        return _nextRepetition = leaf.MaxRepetition == 0 ? 0 : _repetitionsOfPage.Next();
    }

    [MethodImpl(EveryRow.Compiled)]
    private void Take()
    {
        int end = Count == 0 ? 0 : _ends[Count - 1];
        if (Count == _ends.Length) Grow(end);
        int definition = leaf.MaxDefinition == 0 ? 0 : _definitionsOfPage.Next();
        if (definition > leaf.MaxDefinition || _nextRepetition > leaf.MaxRepetition) throw new InvalidDataException();
        if (definition == leaf.MaxDefinition)
        {
            var value = _values!.Next();
            if (value.Length > _bytes.Length - end) Grow(end + value.Length);
            value.CopyTo(_bytes.AsSpan(end));
            end += value.Length;
        }

        _definitions[Count] = (byte)definition;
        _repetitions[Count] = (byte)_nextRepetition;
        _ends[Count++] = end;
        _nextRepetition = -1;
        _leftInPage--;
        _leftInChunk--;
    }

    // A few bytes can say that a row has millions of elements.
    private void Grow(int bytes)
    {
        if (Count >= RowSizeMost || bytes > RowSizeMost)
            throw source.Unsupported($"has a row with more than {RowSizeMost >> 20} MB in one column", "Leave that column out of the mapping, or out of the export.");
        if (bytes > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, bytes));
        if (Count < _ends.Length) return;
        Array.Resize(ref _definitions, Count * 2);
        Array.Resize(ref _repetitions, Count * 2);
        Array.Resize(ref _ends, Count * 2);
    }

    private void NextPage()
    {
        var header = ReadHeader();
        switch (header.Type)
        {
            case PageType.Dictionary:
                var packed = ReadBody(header);
                if (header.Encoding is not (PageEncoding.Plain or PageEncoding.PlainDictionary)) throw UnknownEncoding(header);
                Unpack(packed, _dictionary.Reserve(header.UncompressedSize));
                _dictionary.Load(header.UncompressedSize, header.Values);
                _hasDictionary = true;
                break;
            case PageType.Data:
                LoadV1(header, ReadBody(header));
                break;
            case PageType.DataV2:
                LoadV2(header, ReadBody(header));
                break;
            default:
                // An index: nothing is done, because rows are read in their order.
                break;
        }

        _offset += header.CompressedSize;
    }

    private PageHeader ReadHeader()
    {
        for (int size = HeaderSize; ; size *= 4)
        {
            int count = (int)Math.Min(size, source.Length - _offset);
            if (PageHeader.Read(source.Read(_offset, count), out int length) is not { } header)
            {
                if (count < size || size >= HeaderSizeMost) throw source.Damaged("has a page that is not valid");
                continue;
            }

            _offset += length;
            if (header.UncompressedSize > PageSizeMost)
                throw source.Unsupported($"has a page of more than {PageSizeMost >> 20} MB", "Export it again with smaller pages.");
            bool isValid = header.CompressedSize >= 0 && header.UncompressedSize >= 0
                && (header.Type is not (PageType.Data or PageType.DataV2) || (header.Values >= 0 && header.Values <= _leftInChunk));
            return isValid ? header : throw source.Damaged("has a page that is not valid");
        }
    }

    private ArraySegment<byte> ReadBody(PageHeader header)
    {
        var body = source.Read(_offset, header.CompressedSize);
        if (header.Crc is { } crc && Crc32.HashToUInt32(body) != crc) throw source.Damaged("has a page whose checksum is wrong");
        return body;
    }

    private void Unpack(ArraySegment<byte> packed, Memory<byte> page)
    {
        if (!codec.TryUnpack(_chunk.Codec, packed, page)) throw source.Damaged("has a page that can't be unpacked");
    }

    private Memory<byte> Reserve(int size)
    {
        source.Reserve(ref _page, size);
        return _page.AsMemory(0, size);
    }

    // The levels are packed together with the values, each behind its length.
    private void LoadV1(PageHeader header, ArraySegment<byte> packed)
    {
        int end = header.UncompressedSize;
        Unpack(packed, Reserve(end));
        int at = 0;
        if (leaf.MaxRepetition > 0) at = StartLevels(_repetitionsOfPage, header.RepetitionEncoding, leaf.MaxRepetition, at, end);
        if (leaf.MaxDefinition > 0) at = StartLevels(_definitionsOfPage, header.DefinitionEncoding, leaf.MaxDefinition, at, end);
        StartValues(header, at, end);
    }

    private int StartLevels(HybridDecoder levels, PageEncoding encoding, int most, int at, int end)
    {
        if (encoding != PageEncoding.Rle) throw UnknownEncoding(encoding);
        int start = at + sizeof(int);
        int length = BinaryPrimitives.ReadInt32LittleEndian(_page.AsSpan(at, sizeof(int)));
        if (length < 0 || length > end - start) throw new InvalidDataException();
        levels.Start(_page, start, start + length, WidthOf(most));
        return start + length;
    }

    // The levels are not packed.
    private void LoadV2(PageHeader header, ArraySegment<byte> body)
    {
        int end = header.UncompressedSize, repetitions = header.RepetitionBytes, levels = repetitions + header.DefinitionBytes;
        if (repetitions < 0 || header.DefinitionBytes < 0 || levels > body.Count || levels > end) throw new InvalidDataException();
        var page = Reserve(end);
        body[..levels].AsMemory().CopyTo(page);
        if (header.IsCompressed) Unpack(body[levels..], page[levels..]);
        else if (body.Count == end) body[levels..].AsMemory().CopyTo(page[levels..]);
        else throw new InvalidDataException();
        if (leaf.MaxRepetition > 0) _repetitionsOfPage.Start(_page, 0, repetitions, WidthOf(leaf.MaxRepetition));
        if (leaf.MaxDefinition > 0) _definitionsOfPage.Start(_page, repetitions, levels, WidthOf(leaf.MaxDefinition));
        StartValues(header, levels, end);
    }

    private void StartValues(PageHeader header, int start, int end)
    {
        _values = ValueDecoder.Of(header.Encoding, leaf, _hasDictionary ? _dictionary : null, _page, start, end, header.Values) ?? throw UnknownEncoding(header);
        _leftInPage = header.Values;
    }

    private static int WidthOf(int most) => 32 - BitOperations.LeadingZeroCount((uint)most);

    private SegmentPushException UnknownEncoding(PageHeader header) => UnknownEncoding(header.Encoding);

    private SegmentPushException UnknownEncoding(PageEncoding encoding) => source.Unsupported(
        $"has a column that is encoded in a way that is not known here ({encoding})",
        "Export it again without that encoding.");
}
