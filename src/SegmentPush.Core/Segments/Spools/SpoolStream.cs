namespace SegmentPush.Segments.Spools;

/// <summary>A file that may still be written: its end is where the writer says so.</summary>
/// <param name="file">The file.</param>
/// <param name="spool">The writer; null where the file is finished.</param>
/// <param name="isCopying">Whether it is read for a copy, which other readers wait for.</param>
internal sealed class SpoolStream(FileStream file, Spool? spool, bool isCopying = false) : Stream
{
    /// <summary>Ends the waiting.</summary>
    public CancellationToken Cancellation { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => file.Position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            // In this order nothing is missed that comes in between.
            bool hasEnded = spool?.HasEnded ?? true;
            spool?.Reset(isCopying);
            long readable = (isCopying ? null : spool?.Readable) ?? long.MaxValue;
            int read = file.Read(buffer[..(int)Math.Clamp(readable - file.Position, 0, buffer.Length)]);
            if (read > 0) return read;

            // Rows that could not be written, or not copied, are no end of the rows.
            spool?.ThrowIfFailed();
            if (hasEnded && (spool is null || file.Position >= file.Length)) return 0;
            if (!spool!.HasEnded || file.Position >= readable) spool.WaitForMore(isCopying, Cancellation);
        }
    }

    /// <summary>Begins behind some bytes.</summary>
    public void Skip(long length) => file.Position = length;

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
