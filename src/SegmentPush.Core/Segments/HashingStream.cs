using System.IO.Hashing;

namespace SegmentPush.Segments;

/// <summary>Reads a stream and makes a hash of all its bytes, also of those that nobody asks for.</summary>
/// <param name="inner">The stream; it stays open until this one is finished.</param>
internal sealed class HashingStream(Stream inner) : Stream
{
    private readonly XxHash128 _hash = new();

    /// <summary>The hash of no bytes.</summary>
    public static string OfNothing { get; } = Convert.ToHexStringLower(XxHash128.Hash([]));

    /// <summary>The hash of all bytes of a file.</summary>
    /// <exception cref="SegmentPushException">It can't be read, or is written meanwhile.</exception>
    public static string OfFile(string path)
    {
        using var file = PinnedFile.Open(path);
        return new HashingStream(file.OpenBytes()).Finish();
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        _hash.Append(buffer[..read]);
        return read;
    }

    /// <summary>Reads what is left and gives the hash as 32 hexadecimal digits.</summary>
    public string Finish()
    {
        Span<byte> rest = stackalloc byte[4096];
        while (Read(rest) > 0)
        {
            // Bytes after the end of what was read.
        }

        inner.Dispose();
        return Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
