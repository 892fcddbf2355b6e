using System.Buffers;
using System.IO.Compression;
using System.Text;

namespace SegmentPush.Journal;

/// <summary>Packs unchanged people, block after block.</summary>
/// <param name="keyOf">How the journal keeps an identity; null for as it is.</param>
internal sealed class UnchangedPacker(Func<string, string>? keyOf = null)
{
    // The fastest of Brotli's, and its usual window.
    private const int Quality = 1, Window = 22;

    private readonly ArrayBufferWriter<byte> _plain = new(64 * UnchangedBlock.MaxPeople);
    private byte[] _packed = [];
    private int _source;
    private long _firstRow, _row, _id;

    /// <summary>People added since a block was packed.</summary>
    public int Count { get; private set; }

    /// <summary>Whether somebody of a source can be added before a block is packed.</summary>
    public bool HasRoomFor(int source) => Count == 0 || (Count < UnchangedBlock.MaxPeople && source == _source);

    /// <summary>Adds a person, in the order of their rows.</summary>
    /// <param name="source">Which of the push's sources the row is from.</param>
    /// <param name="row">Number of the row.</param>
    /// <param name="identity">The identity's value.</param>
    /// <param name="marketoId">The person's id in Marketo; null where an import did not tell.</param>
    public void Add(int source, long row, ReadOnlySpan<char> identity, long? marketoId)
    {
        if (Count++ == 0) (_source, _firstRow, _row, _id) = (source, row, 0, 0);

        // Differences are small, and take a byte or two.
        Write(row - _row);
        Write(Fold((marketoId ?? 0) - _id));
        var key = keyOf is null ? identity : keyOf(identity.ToString());
        Write(Encoding.UTF8.GetByteCount(key));
        Encoding.UTF8.GetBytes(key, _plain);
        (_row, _id) = (row, marketoId ?? 0);
    }

    /// <summary>Packs the people added by now, and begins anew.</summary>
    public UnchangedBlock Pack()
    {
        int longest = BrotliEncoder.GetMaxCompressedLength(_plain.WrittenCount);
        if (_packed.Length < longest) _packed = new byte[longest];
        if (!BrotliEncoder.TryCompress(_plain.WrittenSpan, _packed, out int length, Quality, Window))
            throw new InvalidOperationException("Brotli has no room for what it says itself is its longest output.");
        var block = new UnchangedBlock(_source, _firstRow, _row, Count, _packed[..length]);
        _plain.ResetWrittenCount();
        Count = 0;
        return block;
    }

    // As BinaryReader reads numbers, seven bits in a byte.
    private void Write(long value)
    {
        var bytes = _plain.GetSpan(10);
        int length = 0;
        ulong rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7) bytes[length++] = (byte)(rest | 0x80);
        bytes[length++] = (byte)rest;
        _plain.Advance(length);
    }

    // Negative numbers among the small ones, too.
    private static long Fold(long value) => (value << 1) ^ (value >> 63);
}
