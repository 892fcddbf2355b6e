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

    /// <summary>Whether it has not even a header.</summary>
    public bool IsEmpty => Reader.Columns.Count == 0;

    /// <summary>What stands between two cells of the source.</summary>
    public char Delimiter => Reader is DelimitedFileReader file ? file.Delimiter : DelimitedFileWriter.Comma;

    /// <summary>How messages name it.</summary>
    public string Description => IsPipeline ? "the piped objects" : $"'{Name}'";

    /// <summary>Opens a file.</summary>
    /// <exception cref="SegmentPushException">It can't be read as a segment.</exception>
    /// <param name="path">The file.</param>
    /// <param name="delimiter">What stands between two cells; null to find out.</param>
    /// <param name="mayBeEmpty">Whether a file without rows, or without a header, is a segment without people.</param>
    public static PushSource File(string path, char? delimiter, bool mayBeEmpty = false) =>
        new(path, DelimitedFileReader.Open(path, new DelimitedFileOptions { Delimiter = delimiter, MayBeEmpty = mayBeEmpty }));

    /// <summary>Opens a file as a push had it that is resumed.</summary>
    /// <exception cref="SegmentPushException">It is not what it was (<c>SourceChanged</c>), or can't be read.</exception>
    public static PushSource File(JournalSource source)
    {
        var file = File(source.Name, source.Delimiter, mayBeEmpty: true);
        if (FileStamp.Of(source.Name) == source.Stamp) return file;
        file.Dispose();
        throw new SegmentPushException(
            "SourceChanged",
            $"'{source.Name}' is not the file that the push began with: its size or its time of writing is another.",
            "Push it as a new segment: whoever is on the list already stays there, and nobody is created twice.",
            source.Name);
    }

    /// <summary>Takes rows that somebody hands over; they are kept beside the journal.</summary>
    /// <param name="journalFolder">The journal's folder; null for the user's own.</param>
    /// <param name="columns">The rows' columns.</param>
    /// <param name="host">The process's host; null for the machine itself.</param>
    /// <exception cref="SegmentPushException">They can't be kept there.</exception>
    public static PushSource Pipeline(string? journalFolder, IReadOnlyList<string> columns, ProcessHost? host = null)
    {
        var spool = Spool.Create(JournalFile.EnsureFolder(journalFolder), columns, host);
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
        : DelimitedFileReader.Open(Name, new DelimitedFileOptions { Delimiter = Delimiter, MayBeEmpty = true });

    /// <summary>Whether all files end with the end of a line; null where there are none.</summary>
    public static bool? EndWithLine(IReadOnlyList<PushSource> sources)
    {
        var files = sources.Where(source => !source.IsPipeline && !source.IsEmpty).ToArray();
        return files.Length == 0 ? null : files.All(source => source.EndsWithLine());
    }

    private bool EndsWithLine()
    {
        using var file = new FileStream(Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> end = stackalloc byte[2];
        file.Seek(-Math.Min(2, file.Length), SeekOrigin.End);
        end = end[..file.Read(end)];

        // UTF-16 has a zero before or after.
        return end is [.., (byte)'\n' or (byte)'\r'] or [(byte)'\n' or (byte)'\r', 0];
    }

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
