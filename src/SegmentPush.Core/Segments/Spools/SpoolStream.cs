namespace SegmentPush.Segments.Spools;

/// <summary>A file that may still be written: its end is where the writer says so.</summary>
/// <param name="file">The file.</param>
/// <param name="spool">The writer; null where the file is finished.</param>
internal sealed class SpoolStream(FileStream file, Spool? spool) : Stream
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
            spool?.Reset();
            int read = file.Read(buffer);
            if (read > 0) return read;

            // Rows that could not be written are no end of the rows.
            spool?.ThrowIfFailed();
            if (hasEnded) return 0;
            if (!spool!.HasEnded) spool.WaitForMore(Cancellation);
        }
    }

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
