namespace SegmentPush.Segments;

/// <summary>A file's text in which the character that would begin a comment never comes: no row of a segment is a comment.</summary>
internal sealed class SegmentText(StreamReader reader) : TextReader
{
    /// <summary>A code point that is no character.</summary>
    public const char CommentMark = '\uFFFE';

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        int read = reader.Read(buffer);
        buffer[..read].Replace(CommentMark, FileHead.Invalid);
        return read;
    }

    public override int ReadBlock(char[] buffer, int index, int count) => ReadBlock(buffer.AsSpan(index, count));

    public override int ReadBlock(Span<char> buffer)
    {
        int read = reader.ReadBlock(buffer);
        buffer[..read].Replace(CommentMark, FileHead.Invalid);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) reader.Dispose();
        base.Dispose(disposing);
    }
}
