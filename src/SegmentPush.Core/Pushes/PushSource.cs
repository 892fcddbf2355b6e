using SegmentPush.Journal;
using SegmentPush.Pushes.Audiences;
using SegmentPush.Segments;
using SegmentPush.Segments.Spools;

namespace SegmentPush.Pushes;

/// <summary>A file, a pipeline or an audience that people come from, and the columns of it that a push reads.</summary>
/// <param name="Rows">Where its rows come from.</param>
internal sealed record PushSource(ISourceRows Rows) : IDisposable
{
    // Null stands for the consents of addresses.
    private readonly List<string?> _columns = [];
    private readonly HashSet<string> _absent = [];

    /// <inheritdoc cref="ISourceRows.Name"/>
    public string Name => Rows.Name;

    /// <summary>The file; null for a pipeline and for an audience.</summary>
    public FileSource? File => (Rows as FileRows)?.File;

    /// <summary>The audience; null for a file and for a pipeline.</summary>
    public AudienceSource? Audience => (Rows as AudienceRows)?.Audience;

    /// <summary>Keeps the rows of a pipeline; null for a file and for an audience.</summary>
    public Spool? Spool => (Rows as PipelineRows)?.Spool;

    /// <summary>Reads its rows once; it has none before an audience is fetched.</summary>
    public ISegmentReader Reader { get; private set; } = Rows.OpenReader();

    /// <summary>Whether its rows can be read: an audience must be fetched first.</summary>
    public bool IsFetched => Audience?.IsFetched != false;

    /// <summary>Whether the rows can be read once only.</summary>
    public bool IsPipeline => Rows is PipelineRows;

    /// <summary>Whether it has not even a header.</summary>
    public bool IsEmpty => Reader.Columns.Count == 0;

    /// <inheritdoc cref="ISourceRows.Description"/>
    public MessageText Description => Rows.Description;

    /// <inheritdoc cref="ISourceRows.FormDescription"/>
    public MessageText FormDescription => Rows.FormDescription;

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
    public static PushSource Of(FileSource file) => new(new FileRows(file));

    /// <summary>An audience, which is fetched once the push has begun.</summary>
    public static PushSource Of(AudienceSource audience) => new(new AudienceRows(audience));

    /// <summary>Begins to read the rows of an audience that was fetched.</summary>
    public void BeginReading() => Reader = Rows.OpenReader();

    /// <summary>Takes rows that somebody hands over; they are kept beside the journal.</summary>
    /// <param name="journal">The journal; null for the user's own.</param>
    /// <param name="columns">The rows' columns.</param>
    /// <param name="host">The process's host; null for the machine itself.</param>
    /// <exception cref="SegmentPushException">They can't be kept there.</exception>
    public static PushSource Pipeline(JournalAddress? journal, IReadOnlyList<string> columns, ProcessHost? host = null) =>
        new(new PipelineRows(Spool.Create(JournalFolder.Ensure((journal ?? JournalAddress.Default).LocalFolder), columns, host)));

    /// <summary>Opens the rows that a resumed push has left.</summary>
    /// <exception cref="SegmentPushException">They are gone.</exception>
    public static PushSource Pipeline(string path) => new(new PipelineRows(Spool.Open(path)));

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
        var reader = Rows.OpenReader();
        foreach (string? column in _columns) _ = column is null ? reader.FindConsents() : FindColumn(reader, column);
        return reader;
    }

    /// <inheritdoc cref="ISourceRows.OpenToReview"/>
    public ISegmentReader OpenToReview() => Rows.OpenToReview();

    /// <inheritdoc cref="ISourceRows.OpenWhole"/>
    public ISegmentReader OpenWhole() => Rows.OpenWhole();

    /// <summary>The same source with a reader that begins at the first row; it shares the file.</summary>
    public PushSource Again() => this with { Reader = OpenAgain() };

    /// <inheritdoc cref="ISourceRows.ThrowIfChanged"/>
    public void ThrowIfChanged() => Rows.ThrowIfChanged();

    /// <summary>Whether all files end with the end of a row; null where there are none.</summary>
    public static bool? EndWithLine(IReadOnlyList<PushSource> sources)
    {
        var files = sources.Where(source => source.File is not null && !source.IsEmpty).ToArray();
        return files.Length == 0 ? null : files.All(source => source.File!.Form.EndsWithRow);
    }

    /// <summary>People of all sources whose rows are known to be missing.</summary>
    public static long CountMissing(IReadOnlyList<PushSource> sources) => sources.Sum(source => source.Audience?.Missing ?? 0);

    /// <inheritdoc cref="ISourceRows.ForJournal"/>
    public SourceEntry ForJournal() => Rows.ForJournal();

    /// <inheritdoc cref="ISourceRows.Keep"/>
    public void Keep(bool keep) => Rows.Keep(keep);

    public void Dispose()
    {
        Reader.Dispose();
        Rows.Dispose();
    }
}
