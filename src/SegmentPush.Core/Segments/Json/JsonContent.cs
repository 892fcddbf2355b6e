using System.Text;
using SegmentPush.Segments.Delimited;

namespace SegmentPush.Segments.Json;

/// <summary>The rows of a JSON file.</summary>
/// <param name="File">The file.</param>
/// <param name="Compression">How it is compressed.</param>
/// <param name="Text">Its text.</param>
internal sealed record JsonContent(PinnedFile File, FileCompression Compression, DelimitedText Text) : IFileContent
{
    /// <summary>What the look at the file has found.</summary>
    public JsonLook? Found { get; init; }

    /// <summary>Looks at the whole file.</summary>
    public JsonLook Look(CancellationToken cancellation) => JsonFile.Look(OpenUtf8(), File.Path, cancellation);

    public ISegmentReader Open() => JsonFile.Open(OpenUtf8(), Found!, File.Path);

    private Stream OpenUtf8()
    {
        var content = File.OpenContent(Compression, out _);
        content.ReadExactly(stackalloc byte[Text.MarkLength]);
        return Text.Encoding.CodePage == Encoding.UTF8.CodePage ? content : Encoding.CreateTranscodingStream(content, Text.Encoding, Encoding.UTF8);
    }
}
