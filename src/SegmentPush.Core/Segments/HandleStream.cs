using Microsoft.Win32.SafeHandles;

namespace SegmentPush.Segments;

/// <summary>Reads a file through a handle that others read through too; each has its own place.</summary>
/// <param name="handle">The handle; it stays open.</param>
/// <param name="length">Number of bytes to read; what is added to the file later is not read.</param>
/// <param name="check">Throws where the file has been written since it was opened. It is asked after each read, so that nobody takes other bytes for those of the file.</param>
internal sealed class HandleStream(SafeFileHandle handle, long length, Action check) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => Interlocked.Read(ref _position);
        set => Interlocked.Exchange(ref _position, value);
    }

    /// <summary>How much has been read, from 0 to 1.</summary>
    public double Share => length == 0 ? 1 : Math.Min(1, (double)Position / length);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int most = (int)Math.Min(buffer.Length, Math.Max(0, length - _position));
        if (most == 0) return 0;
        int read = RandomAccess.Read(handle, buffer[..most], _position);
        check();
        Position += read;
        return read;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<int>(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
