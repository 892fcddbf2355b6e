using SegmentPush.Journal;
using SegmentPush.Pushes.Audiences;
using SegmentPush.Segments;
using SegmentPush.Segments.Spools;

namespace SegmentPush.Pushes;

/// <summary>A file, a pipeline or an audience that people come from.</summary>
/// <param name="Name">Its path, <c>pipeline</c>, or the name of the audience.</param>
/// <param name="Reader">Reads its rows once; it has none before an audience is fetched.</param>
internal sealed record PushSource(string Name, ISegmentReader Reader) : IDisposable
{
    private const string PipelineName = "pipeline";

    // Null stands for the consents of addresses.
    private readonly List<string?> _columns = [];
    private readonly HashSet<string> _absent = [];


    /// <summary>The file; null for a pipeline and for an audience.</summary>
    public FileSource? File { get; private init; }

    /// <summary>The audience; null for a file and for a pipeline.</summary>
    public AudienceSource? Audience { get; private init; }

    /// <summary>Reads its rows once; it has none before an audience is fetched.</summary>
    public ISegmentReader Reader { get; private set; } = Reader;

    /// <summary>Whether its rows can be read: an audience must be fetched first.</summary>
    public bool IsFetched => Audience?.IsFetched != false;

    /// <summary>Keeps the rows of a pipeline; null for a file.</summary>
    public Spool? Spool { get; private init; }

    /// <summary>Whether the rows can be read once only.</summary>
    public bool IsPipeline => Spool is not null;

    /// <summary>Whether it has not even a header.</summary>
    public bool IsEmpty => Reader.Columns.Count == 0;

    /// <summary>How messages name it.</summary>
    public MessageText Description => IsPipeline ? (MessageText)"the piped objects" : Audience is not null ? (MessageText)$"the audience '{VisibleText.Of(Name)}'" : MessageText.AsIs($"'{Name}'");

    /// <summary>Its form as a line for people.</summary>
    public MessageText FormDescription => File?.Form.Describe() ?? Audience?.Request.Describe() ?? "objects";

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the user says about its form.</param>
    /// <exception cref="SegmentPushException">It can't be read as a segment.</exception>
    public static PushSource OpenFile(string path, FormOptions options) => Of(FileSource.Open(path, options));

    /// <summary>Opens a file of a push that is resumed, in the form that the push had settled.</summary>
    /// <exception cref="SegmentPushException">It is not what it was (<c>SourceChanged</c>), or can't be read.</exception>
    public static PushSource OpenFile(SourceEntry source) => source.Form is { } form
        ? Of(SavedForm.Parse(form).Open(source.Name))
        : throw new SegmentPushException(
            "NotResumable",
            $"The push was begun by an older SegmentPush, which did not keep the form of '{source.Name}'.",
            "Push the segment again: people who are on the list stay there, and nobody is created twice.",
            source.Name);

    /// <summary>A file that is open.</summary>
    public static PushSource Of(FileSource file) => new(file.Path, file.OpenReader()) { File = file };

    /// <summary>An audience, which is fetched once the push has begun.</summary>
    public static PushSource Of(AudienceSource audience) => new(audience.Request.Name, EmptyReader.Instance) { Audience = audience };

    /// <summary>Begins to read the rows of an audience that was fetched.</summary>
    public void BeginReading() => Reader = Audience!.OpenReader();

    /// <summary>Takes rows that somebody hands over; they are kept beside the journal.</summary>
    /// <param name="journal">The journal; null for the user's own.</param>
    /// <param name="columns">The rows' columns.</param>
    /// <param name="host">The process's host; null for the machine itself.</param>
    /// <exception cref="SegmentPushException">They can't be kept there.</exception>
    public static PushSource Pipeline(JournalAddress? journal, IReadOnlyList<string> columns, ProcessHost? host = null) =>
        Of(Spool.Create(JournalFolder.Ensure((journal ?? JournalAddress.Default).LocalFolder), columns, host));

    /// <summary>Opens the rows that a resumed push has left.</summary>
    /// <exception cref="SegmentPushException">They are gone.</exception>
    public static PushSource Pipeline(string path) => Of(Spool.Open(path));

    /// <summary>Finds a column and has it read, by this reader and by those that are opened again.</summary>
    /// <returns>Its number, or -1 where the source has no such column.</returns>
    public int FindColumn(string name)
    {
        int found = FindColumn(Reader, name);

        // A reader numbers its columns in this order.
        if (found >= 0 && !_columns.Contains(name)) _columns.Add(name);
        return found;
    }

    /// <summary>Finds the consents of addresses, and has them read by this reader.</summary>
    /// <returns>The number of their column, or -1 where the source has none.</returns>
    public int FindConsents()
    {
        int found = Reader.FindConsents();
        if (found >= 0 && !_columns.Contains(null)) _columns.Add(null);
        return found;
    }

    /// <summary>Lets a column be missing, because another file of the push has it.</summary>
    public void LetBeAbsent(string name) => _absent.Add(name);

    private int FindColumn(ISegmentReader reader, string name)
    {
        int found = reader.FindColumn(name);
        return found < 0 && _absent.Contains(name) ? reader.AddAbsentColumn(name) : found;
    }

    /// <summary>Opens the same rows once more, with the same numbers of columns.</summary>
    public ISegmentReader OpenAgain()
    {
        var reader = File?.OpenReader() ?? Audience?.OpenReader() ?? new SpoolReader(Spool!);
        foreach (string? column in _columns) _ = column is null ? reader.FindConsents() : FindColumn(reader, column);
        return reader;
    }

    /// <summary>Opens the same rows for a reading before the one that counts. No column is chosen yet.</summary>
    public ISegmentReader OpenToReview() => File?.OpenToReview() ?? Audience?.OpenToReview() ?? new SpoolReader(Spool!);

    /// <summary>Opens the same rows once more, whole, for a reject file.</summary>
    public ISegmentReader OpenWhole() => File?.OpenWhole() ?? Audience?.OpenWhole() ?? new SpoolReader(Spool!);

    /// <summary>The same source with a reader that begins at the first row; it shares the file.</summary>
    public PushSource Again() => this with { Reader = OpenAgain() };

    /// <summary>Checks that a file has not been written or replaced since it was opened.</summary>
    /// <exception cref="SegmentPushException">It has (<c>SourceChanged</c>).</exception>
    public void ThrowIfChanged() => File?.ThrowIfChanged();

    /// <summary>Whether all files end with the end of a row; null where there are none.</summary>
    public static bool? EndWithLine(IReadOnlyList<PushSource> sources)
    {
        var files = sources.Where(source => source.File is not null && !source.IsEmpty).ToArray();
        return files.Length == 0 ? null : files.All(source => source.File!.Form.EndsWithRow);
    }

    /// <summary>People of all sources whose rows are known to be missing.</summary>
    public static long CountMissing(IReadOnlyList<PushSource> sources) => sources.Sum(source => source.Audience?.Missing ?? 0);

    /// <summary>How the journal remembers it.</summary>
    public SourceEntry ForJournal() =>
        File is not null ? new SourceEntry(Name, SavedForm.Of(File).ToText(), FormDescription.ToString(), null)
        : Audience is not null ? new SourceEntry(Name, Audience.Request.ToText(), FormDescription.ToString(), Path.GetFileName(Audience.Spool))
        : new SourceEntry(Name, null, FormDescription.ToString(), Path.GetFileName(Spool!.Path));

    /// <summary>Whether the copy of a pipeline's or an audience's rows stays when this is disposed.</summary>
    public void Keep(bool keep)
    {
        if (Spool is not null) Spool.IsKept = keep;
        if (Audience is not null) Audience.IsKept = keep;
    }

    public void Dispose()
    {
        Reader.Dispose();
        File?.Dispose();
        Spool?.Dispose();
        Audience?.Dispose();
    }

    private static PushSource Of(Spool spool) => new(PipelineName, new SpoolReader(spool)) { Spool = spool };
}
