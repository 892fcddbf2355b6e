using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Parquet;

/// <summary>The bytes of a Parquet file.</summary>
/// <param name="stream">The file; seekable.</param>
/// <param name="path">How messages name it.</param>
internal sealed class ParquetSource(Stream stream, string path) : IDisposable
{
    private const string Beyond = "refers to data that it does not have";

    private readonly PageBuffers _buffers = PageBuffers.Shared;
    private readonly List<byte[]> _rented = [];
    private byte[] _scratch = [];

    /// <summary>Number of bytes.</summary>
    public long Length { get; } = stream.Length;

    /// <summary>Makes a buffer that is too small a larger one. What was in it is lost; it is taken back with the file.</summary>
    /// <param name="buffer">A buffer of this file, or an empty one.</param>
    /// <param name="size">Number of bytes that it must have.</param>
    public void Reserve(ref byte[] buffer, int size)
    {
        if (buffer.Length >= size) return;
        if (_rented.Remove(buffer)) _buffers.Return(buffer);
        buffer = _buffers.Rent(size);
        _rented.Add(buffer);
    }

    /// <summary>Takes all buffers back. Nothing that was read may be used any more.</summary>
    public void Release()
    {
        foreach (byte[] buffer in _rented) _buffers.Return(buffer);
        _rented.Clear();
        _scratch = [];
    }

    /// <summary>Reads bytes into memory that the next call reuses.</summary>
    public ArraySegment<byte> Read(long offset, int count)
    {
        if (offset < 0 || count < 0 || offset > Length - count) throw Damaged(Beyond);
        Reserve(ref _scratch, count);
        var bytes = new ArraySegment<byte>(_scratch, 0, count);
        Read(offset, bytes.AsSpan());
        return bytes;
    }

    /// <summary>Reads bytes.</summary>
    public void Read(long offset, Span<byte> bytes)
    {
        if (offset < 0 || offset > Length - bytes.Length) throw Damaged(Beyond);
        try
        {
            stream.Position = offset;
            stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException)
        {
            throw Damaged("has become shorter");
        }
        catch (IOException e)
        {
            throw SourceFaults.NotReadable(path, e);
        }
    }

    /// <summary>The error of a file that is not as Parquet must be.</summary>
    /// <param name="what">What is wrong, as the rest of a sentence that begins with the file.</param>
    public SegmentPushException Damaged(MessageText what) => new SourceDamagedException(path, what);

    /// <summary>The error of a file that is written in a way that is not understood here.</summary>
    /// <param name="what">How it is written, as the rest of a sentence that begins with the file.</param>
    /// <param name="action">What to do.</param>
    public SegmentPushException Unsupported(MessageText what, MessageText action) => SourceFaults.Unreadable(path, what, action);

    /// <summary>Turns what a damaged file makes of the code that reads it into an error that says so.</summary>
    /// <returns>Null where the exception says something else.</returns>
    public SegmentPushException? Explain(Exception e) => e switch
    {
        SegmentPushException or OperationCanceledException or OutOfMemoryException or ObjectDisposedException => null,
        _ => Damaged("holds data that can't be decoded"),
    };

    public void Dispose()
    {
        Release();
        stream.Dispose();
    }
}
