namespace SegmentPush.Segments.Delimited;

/// <summary>The rows of a delimited file.</summary>
/// <param name="File">The file.</param>
/// <param name="Form">Its form.</param>
/// <param name="Text">Its text.</param>
internal sealed record DelimitedContent(PinnedFile File, SourceForm Form, DelimitedText Text) : IFileContent
{
    public ISegmentReader Open()
    {
        HandleStream? bytes = null;
        var text = Text with { Content = () => File.OpenContent(Form.Compression, out bytes) };
        return new DelimitedReader(text, Form, FileSource.MaxRowLength, () => bytes?.Share);
    }
}
