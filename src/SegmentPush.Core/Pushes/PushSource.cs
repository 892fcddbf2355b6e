using SegmentPush.Journal;
using SegmentPush.Segments;

namespace SegmentPush.Pushes;

/// <summary>A file or a pipeline that people come from.</summary>
/// <param name="Name">Its path, or <c>pipeline</c>.</param>
/// <param name="Reader">Reads it.</param>
/// <param name="Spool">Keeps the rows of a pipeline; null for a file.</param>
internal sealed record PushSource(string Name, ISegmentReader Reader, Spool? Spool = null) : IDisposable
{
    private const string PipelineName = "pipeline";

    /// <summary>Whether the rows can be read once only.</summary>
    public bool IsPipeline => Spool is not null;

    /// <summary>What stands between two cells of the source.</summary>
    public char Delimiter => Reader is DelimitedFileReader file ? file.Delimiter : DelimitedFileWriter.Comma;

    /// <summary>How messages name it.</summary>
    public string Description => IsPipeline ? "the piped objects" : $"'{Name}'";

    /// <summary>Opens a file.</summary>
    /// <exception cref="SegmentPushException">It can't be read as a segment.</exception>
    public static PushSource File(string path, char? delimiter) =>
        new(path, DelimitedFileReader.Open(path, new DelimitedFileOptions { Delimiter = delimiter }));

    /// <summary>Opens a file as a push had it that is resumed.</summary>
    /// <exception cref="SegmentPushException">It is not what it was (<c>SourceChanged</c>), or can't be read.</exception>
    public static PushSource File(JournalSource source)
    {
        var file = File(source.Name, source.Delimiter);
        if (FileStamp.Of(source.Name) == source.Stamp) return file;
        file.Dispose();
        throw new SegmentPushException(
            "SourceChanged",
            $"'{source.Name}' is not the file that the push began with: its size or its time of writing is another.",
            "Push it as a new segment: whoever is on the list already stays there, and nobody is created twice.",
            source.Name);
    }

    /// <summary>Takes rows that somebody hands over; they are kept beside the journal.</summary>
    /// <exception cref="SegmentPushException">They can't be kept there.</exception>
    public static PushSource Pipeline(string? journalFolder, IReadOnlyList<string> columns)
    {
        var spool = Spool.Create(JournalFile.EnsureFolder(journalFolder), columns);
        return new PushSource(PipelineName, new SpoolReader(spool), spool);
    }

    /// <summary>Opens the rows that a push has left which is resumed.</summary>
    /// <exception cref="SegmentPushException">They are gone.</exception>
    public static PushSource Pipeline(string path)
    {
        var spool = Spool.Open(path);
        return new PushSource(PipelineName, new SpoolReader(spool), spool);
    }

    /// <summary>Opens the rows once more, after all of them have been read.</summary>
    /// <exception cref="SegmentPushException">The file is gone, or not what it was.</exception>
    public ISegmentReader OpenAgain() => Spool is not null
        ? new SpoolReader(Spool)
        : DelimitedFileReader.Open(Name, new DelimitedFileOptions { Delimiter = Delimiter });

    /// <summary>How the journal remembers it.</summary>
    public JournalSource ForJournal() => Spool is null
        ? new JournalSource(Name, Delimiter, FileStamp.Of(Name), null)
        : new JournalSource(Name, Delimiter, default, Path.GetFileName(Spool.Path));

    /// <summary>Whether the copy of a pipeline's rows stays when this is disposed.</summary>
    public void Keep(bool keep)
    {
        if (Spool is not null) Spool.IsKept = keep;
    }

    public void Dispose()
    {
        Reader.Dispose();
        Spool?.Dispose();
    }
}
