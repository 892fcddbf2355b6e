using System.Buffers;
using System.Text;

namespace SegmentPush.Segments.Delimited;

/// <summary>The characters of a stream, block by block.</summary>
internal sealed class TextBlocks : IDisposable
{
    private const int BlockSize = 64 * 1024;

    private readonly Stream _stream;
    private readonly Decoder _decoder;
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(BlockSize);
    private bool _isAtEnd;

    /// <summary>Begins at the current place of a stream.</summary>
    /// <param name="stream">The bytes; disposed with this.</param>
    /// <param name="encoding">Their encoding, as <see cref="TextEncodings"/> gives it.</param>
    public TextBlocks(Stream stream, Encoding encoding)
    {
        _stream = stream;
        _decoder = encoding.GetDecoder();
    }

    /// <summary>Most characters of a block. A byte is one character at most, and the decoder keeps some bytes of the block before.</summary>
    public static int CharactersMost => BlockSize + 8;

    /// <summary>Reads the next block.</summary>
    /// <param name="text">Takes it; room for <see cref="CharactersMost"/>.</param>
    /// <returns>How many characters were read; 0 where no more come.</returns>
    public int Read(Span<char> text)
    {
        while (!_isAtEnd)
        {
            int read = _stream.Read(_bytes, 0, BlockSize);
            _isAtEnd = read == 0;
            int added = _decoder.GetChars(_bytes.AsSpan(0, read), text, flush: _isAtEnd);
            if (added > 0) return added;
        }

        return 0;
    }

    /// <summary>Reads no more.</summary>
    public void End() => _isAtEnd = true;

    public void Dispose()
    {
        _stream.Dispose();

        // The pool would hand out memory that is given back twice to two owners, who would then read what the other one has written.
        if (_bytes.Length == 0) return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
