using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using K4os.Compression.LZ4;
using Snappier;
using ZstdSharp;

namespace SegmentPush.Segments.Parquet;

/// <summary>Unpacks pages.</summary>
internal sealed class PageCodec : IDisposable
{
    private static readonly string[] s_names = ["uncompressed", "snappy", "gzip", "lzo", "brotli", "lz4", "zstd", "lz4_raw"];

    private const int Uncompressed = 0, SnappyNumber = 1, Gzip = 2, Brotli = 4, HadoopLz4 = 5, Zstd = 6, Lz4 = 7;

    private Decompressor? _zstd;

    /// <summary>The name of a codec.</summary>
    /// <param name="codec">Parquet's number for it.</param>
    public static string NameOf(int codec) => codec >= 0 && codec < s_names.Length ? s_names[codec] : $"unknown ({codec})";

    /// <summary>Whether pages of a codec can be read.</summary>
    public static bool IsKnown(int codec) => codec is Uncompressed or SnappyNumber or Gzip or Brotli or HadoopLz4 or Zstd or Lz4;

    /// <summary>Unpacks a page.</summary>
    /// <param name="codec">Parquet's number for how it is packed.</param>
    /// <param name="packed">Its bytes in the file.</param>
    /// <param name="target">Takes the page, and is as long.</param>
    /// <returns>Whether the page is as long as it should be.</returns>
    public bool TryUnpack(int codec, ArraySegment<byte> packed, Memory<byte> target)
    {
        var page = target.Span;
        if (page.IsEmpty) return true;
        switch (codec)
        {
            case Uncompressed:
                return packed.Count == page.Length && packed.AsSpan().TryCopyTo(page);
            case SnappyNumber:
                return TryUnpackSnappy(packed, target);
            case Gzip:
                return TryInflate(packed, page);
            case Brotli:
                return BrotliDecoder.TryDecompress(packed, page, out int written) && written == page.Length;
            case HadoopLz4:
                return TryUnpackHadoop(packed, page) || LZ4Codec.Decode(packed, page) == page.Length;
            case Zstd:
                return (_zstd ??= new Decompressor()).Unwrap(packed, page) == page.Length;
            case Lz4:
                return LZ4Codec.Decode(packed, page) == page.Length;
            default:
                return false;
        }
    }

    public void Dispose() => _zstd?.Dispose();

    // Without a buffer of its own, which would be as long as the page.
    private static bool TryUnpackSnappy(ArraySegment<byte> packed, Memory<byte> page)
    {
        if (Snappy.GetUncompressedLength(packed) != page.Length) return false;
        var writer = new PageWriter(page);
        Snappy.Decompress(new ReadOnlySequence<byte>(packed), writer);
        return writer.Written == page.Length;
    }

    private static bool TryInflate(ArraySegment<byte> packed, Span<byte> page)
    {
        using var gzip = new GZipStream(new MemoryStream(packed.Array!, packed.Offset, packed.Count), CompressionMode.Decompress);
        return gzip.ReadAtLeast(page, page.Length, throwOnEndOfStream: false) == page.Length && gzip.ReadByte() < 0;
    }

    // Blocks, each after its length once unpacked and its length here.
    private static bool TryUnpackHadoop(ReadOnlySpan<byte> packed, Span<byte> page)
    {
        while (packed.Length > 8)
        {
            uint unpackedLength = BinaryPrimitives.ReadUInt32BigEndian(packed);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(packed[4..]);
            packed = packed[8..];
            if (length > packed.Length || unpackedLength > page.Length) return false;
            if (LZ4Codec.Decode(packed[..(int)length], page[..(int)unpackedLength]) != unpackedLength) return false;
            packed = packed[(int)length..];
            page = page[(int)unpackedLength..];
        }

        return packed.IsEmpty && page.IsEmpty;
    }

    private sealed class PageWriter(Memory<byte> page) : IBufferWriter<byte>
    {
        public int Written { get; private set; }

        public void Advance(int count) => Written += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => sizeHint <= page.Length - Written ? page[Written..] : throw new InvalidDataException();

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
