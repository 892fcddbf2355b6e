using SegmentPush.Segments;

namespace SegmentPush.Pushes;

/// <summary>A file or a pipeline that people come from.</summary>
/// <param name="Name">Its path, or <c>pipeline</c>.</param>
/// <param name="Reader">Reads it; the push disposes it.</param>
internal sealed record PushSource(string Name, ISegmentReader Reader)
{
    private const string PipelineName = "pipeline";

    /// <summary>Whether the rows can be read once only.</summary>
    public bool IsPipeline => Name == PipelineName;

    /// <summary>What stands between two cells of the source.</summary>
    public char Delimiter => Reader is DelimitedFileReader file ? file.Delimiter : DelimitedFileWriter.Comma;

    /// <summary>How messages name it.</summary>
    public string Description => IsPipeline ? "the piped objects" : $"'{Name}'";

    /// <summary>Opens a file.</summary>
    /// <exception cref="SegmentPushException">It can't be read as a segment.</exception>
    public static PushSource File(string path, char? delimiter) =>
        new(path, DelimitedFileReader.Open(path, new DelimitedFileOptions { Delimiter = delimiter }));

    /// <summary>A source whose rows can be read again: a file as it is, a pipeline with a copy of its rows.</summary>
    /// <param name="folder">Where the copy is kept until the source is disposed.</param>
    public PushSource Rereadable(string folder) =>
        IsPipeline ? this with { Reader = SpoolingReader.Create(Reader, folder) } : this;

    /// <summary>Opens the rows once more, after all of them have been read.</summary>
    /// <exception cref="SegmentPushException">The file is gone, or not what it was.</exception>
    public DelimitedFileReader OpenAgain() => Reader is SpoolingReader spool
        ? spool.OpenCopy()
        : DelimitedFileReader.Open(Name, new DelimitedFileOptions { Delimiter = Delimiter });

    /// <summary>Takes rows that somebody else hands over.</summary>
    public static PushSource Pipeline(ISegmentReader reader) => new(PipelineName, reader);
}
