using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Platform;
using SegmentPush.Pushes.Audiences;

namespace SegmentPush.Pushes;

/// <summary>How a push is resumed; all else is as it began.</summary>
internal sealed record ResumeOptions
{
    /// <summary>The instance that the push goes into.</summary>
    public required MarketoConnection Connection { get; init; }

    /// <summary>The platform that the push reads an audience of; null where none is connected.</summary>
    public PlatformConnection? Platform { get; init; }

    /// <summary>How files are imported.</summary>
    public BulkOptions Bulk { get; init; } = new();

    /// <summary>How long to wait for another push into the same list.</summary>
    public TimeSpan WaitForList { get; init; }

    /// <summary>Share of Marketo's daily quota that is left to others, in percent; null for the connection's own.</summary>
    public int? DailyCallReserve { get; init; }

    /// <summary>The journal; null for the user's own.</summary>
    public JournalAddress? Journal { get; init; }

    /// <summary>Whether a push is resumed although a newer push of its destination has completed.</summary>
    public bool EvenIfSuperseded { get; init; }

    /// <summary>The options of the push.</summary>
    /// <exception cref="SegmentPushException">It can't be resumed with this connection, or at all.</exception>
    public PushOptions For(StartedPush started)
    {
        var status = started.Status;
        if (status.Instance != Connection.Instance)
        {
            throw new SegmentPushException(
                "OtherInstance",
                $"The push {status.ShortId} goes into {status.Instance}, and the connection is to {Connection.Instance}.",
                $"Connect to {status.Instance} first, or give its connection with -Connection.",
                status.Id);
        }

        if (started.Request is not { } text)
        {
            throw new SegmentPushException(
                "NotResumable",
                $"The push {status.ShortId} was begun by an older SegmentPush, which did not keep what resuming needs.",
                "Push the segment again: people who are on the list stay there, and nobody is created twice.",
                status.Id);
        }

        var request = PushRequest.Parse(text);
        return new PushOptions
        {
            Connection = Connection,
            StaticList = StaticListReference.Of(status.StaticListId, status.StaticListName),
            Mapping = request.Mapping,
            PersonCreation = status.PersonCreation,
            ExistingPeople = status.ExistingPeople,
            // An import that has been begun is gone on with by imports, so that the status means one thing.
            Delivery = status.Delivery == Delivery.Bulk ? Delivery.Bulk : request.Delivery,
            Bulk = Bulk,
            Partition = status.Partition,
            WaitForList = WaitForList,
            DailyCallReserve = DailyCallReserve,
            RejectPath = request.RejectPath,
            MaxRejectPercent = request.MaxRejectPercent ?? SegmentDestination.DefaultMaxRejectPercent,
            JournalIdentity = request.JournalIdentity,
            Journal = Journal,
            Destination = request.Destination?.Options(),
            Values = request.Values?.Rules() ?? ValueRules.Default,
            IgnoreConsent = request.IgnoreConsent,
        };
    }

    /// <summary>Opens the sources of the push.</summary>
    /// <exception cref="SegmentPushException">One of them is gone, or not what it was.</exception>
    public IReadOnlyList<PushSource> Open(StartedPush started, PushJournal journal)
    {
        var sources = new List<PushSource>();
        try
        {
            foreach (var source in started.Sources.Where(source => source.Name != SourceEntry.StaticList.Name))
                sources.Add(Open(started, source, sources.Count, journal));
            return sources;
        }
        catch
        {
            foreach (var source in sources) source.Dispose();
            throw;
        }
    }

    private PushSource Open(StartedPush started, SourceEntry source, int number, PushJournal journal)
    {
        if (source.Spool is null)
        {
            ThrowIfElsewhere(started.Status, File.Exists(source.Name), $"its file '{source.Name}' can't be reached from this machine", "make the file reachable under the same path", source.Name);
            return PushSource.OpenFile(source);
        }

        string path = Path.Combine(journal.Folder, source.Spool);
        if (AudienceSpool.IsName(source.Spool)) return PushSource.Of(AudienceSource.Resume(path, AudienceRequest.Parse(source.Form!), Platform));
        bool isHere = SpoolCopies.Restore(journal, started.Key, number, path);
        ThrowIfElsewhere(started.Status, isHere, $"the rows that were piped to it are in '{path}' there", "push the segment again: nobody is created twice", path);
        return PushSource.Pipeline(path);
    }

    // A journal may be shared, and a disk not.
    private void ThrowIfElsewhere(PushStatus status, bool isHere, MessageText where, MessageText otherwise, string path)
    {
        if (isHere || status.Machine is not { } machine || machine == Connection.Host.MachineName) return;
        throw new SegmentPushException("SourceElsewhere", $"The push {status.ShortId} ran on {machine}, and {where}.", $"Resume it on {machine}, or {otherwise}.", path);
    }
}
