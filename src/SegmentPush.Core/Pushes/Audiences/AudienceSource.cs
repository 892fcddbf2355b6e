using SegmentPush.Journal;
using SegmentPush.Platform;
using SegmentPush.Segments;

namespace SegmentPush.Pushes.Audiences;

/// <summary>An audience of Experience Platform that a push reads: first as what is asked for, then as files of this machine.</summary>
/// <param name="request">What is asked for.</param>
/// <param name="connection">The platform.</param>
/// <param name="spool">The folder for the files, which its owner alone can read.</param>
internal sealed class AudienceSource(AudienceRequest request, PlatformConnection connection, string spool) : IDisposable
{
    private readonly List<string> _damaged = [];
    private IReadOnlyList<FileSource>? _files;
    private Func<string, ExportedFile>? _damage;

    /// <summary>What is asked for.</summary>
    public AudienceRequest Request => request;

    /// <summary>The platform.</summary>
    public PlatformConnection Connection => connection;

    /// <summary>The folder for the files.</summary>
    public string Spool => spool;

    /// <summary>Whether the files stay when this is disposed.</summary>
    public bool IsKept { get; set; }

    /// <summary>Whether the files are there.</summary>
    public bool IsFetched => _files is not null;

    /// <summary>The files.</summary>
    public IReadOnlyList<FileSource> Files => _files ?? throw new InvalidOperationException("The audience is not fetched.");

    /// <summary>Whether a push reads an audience.</summary>
    public static bool IsReadBy(PushJournal journal, PushStatus push) =>
        journal.Pushes.GetStarted(push).Sources.Any(source => source.Spool is { } name && AudienceSpool.IsName(name));

    /// <summary>Begins an export of an audience.</summary>
    /// <param name="journalFolder">The journal's folder.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="connection">The platform.</param>
    public static AudienceSource Begin(string journalFolder, AudienceRequest request, PlatformConnection connection) =>
        new(request, connection, AudienceSpool.NewIn(journalFolder));

    /// <summary>Goes on with the export of a push.</summary>
    /// <exception cref="SegmentPushException">There is no connection (<c>PlatformNotConnected</c>), or it leads elsewhere (<c>OtherSandbox</c>).</exception>
    public static AudienceSource Resume(string spool, AudienceRequest request, PlatformConnection? connection)
    {
        if (connection is null)
        {
            throw new SegmentPushException(
                "PlatformNotConnected",
                $"The push reads the audience '{VisibleText.Of(request.Name)}' of the sandbox {request.SandboxName}, and there is no connection to it.",
                "Connect first with Connect-ExperiencePlatform.",
                request.Name);
        }

        if (connection.OrganizationId == request.OrganizationId && connection.SandboxName == request.SandboxName)
            return new AudienceSource(request, connection, spool) { IsKept = true };
        throw new SegmentPushException(
            "OtherSandbox",
            $"The push reads an audience of the sandbox {request.SandboxName} of {request.OrganizationId}, and the connection is to {connection}.",
            $"Connect to {request.SandboxName} of {request.OrganizationId} first.",
            request.Name);
    }

    /// <summary>Profiles that the platform says it has written, and that the files don't hold.</summary>
    public long Missing { get; private set; }

    /// <summary>Takes the files once they are there.</summary>
    /// <param name="files">The files.</param>
    /// <param name="written">How many profiles the platform says that it has written; null where it does not say.</param>
    /// <param name="damage">Notes that the file at a path is damaged, and tells what it is in the export.</param>
    public void Take(IReadOnlyList<FileSource> files, long? written, Func<string, ExportedFile> damage)
    {
        (_files, _damage) = (files, damage);

        // Null where the rows of a file are not counted before they are read.
        long? held = files.Aggregate<FileSource, long?>(0, (sum, file) => sum + file.Form.Rows);
        Missing = Math.Max(0, written - held ?? 0);
    }

    /// <summary>Begins to read the rows, from the first one on.</summary>
    public ISegmentReader OpenReader() => new AudienceReader(Files, request, file => file.OpenReader(), Explain);

    /// <summary>Begins to read columns of rows that are read once more before anything is done with them.</summary>
    public ISegmentReader OpenToReview() => new AudienceReader(Files, request, file => file.OpenToReview(), Explain);

    /// <summary>Begins to read whole rows, as a reject file takes them.</summary>
    public ISegmentReader OpenWhole() => new AudienceReader(Files, request, file => file.OpenWhole(), Explain, isWhole: true);

    // The file is deleted once it is closed, so that a resumed push fetches it again.
    private PlatformException Explain(FileSource file, SourceDamagedException damage)
    {
        lock (_damaged) _damaged.Add(file.Path);
        return _damage!(file.Path).Damaged(damage.What);
    }

    public void Dispose()
    {
        foreach (var file in _files ?? []) file.Dispose();
        _files = null;
        foreach (string path in _damaged) File.Delete(path);
        _damaged.Clear();
        if (!IsKept) AudienceSpool.Delete(spool);
    }
}
