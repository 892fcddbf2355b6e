using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// A push that could not begin, because a file is missing, a secret is wrong or the network is away. It leaves a status with its error,
/// so that the failure of a scheduled task can be seen afterwards.
/// </summary>
internal sealed record FailedStart
{
    /// <summary>The journal; null for the user's own.</summary>
    public JournalAddress? Journal { get; init; }

    /// <summary>The destination; null for a push for none.</summary>
    public SegmentDestination? Destination { get; init; }

    /// <summary>The list; null for that of the destination.</summary>
    public StaticListReference? StaticList { get; init; }

    /// <summary>Munchkin id of the instance, or the host of its endpoint; null for that of the destination, and where it is not known.</summary>
    public string? Instance { get; init; }

    /// <summary>The files as they were named.</summary>
    public IReadOnlyList<string> Source { get; init; } = [];

    /// <summary>Enters the push into the journal as failed.</summary>
    /// <param name="error">Why it could not begin. It takes over the exit code of the status, which is 1: there is nothing to resume.</param>
    /// <param name="host">The process's host; null for the machine itself.</param>
    /// <returns>The status; null where neither a destination nor a list is known, so that nobody could find it.</returns>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public PushStatus? Save(SegmentPushException error, ProcessHost? host = null)
    {
        if (Destination is null && StaticList is null) return null;
        using var journal = PushJournal.Open(Journal, host);
        var status = StatusOf(error, journal.Now) with { Machine = journal.Machine };
        journal.Lifecycle.Begin(status, string.Empty, [.. Source.Select(name => new SourceEntry(name, null, null, null))]);
        error.EndWith(status.ExitCode);
        return status;
    }

    private PushStatus StatusOf(SegmentPushException error, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        State = PushState.Failed,
        HasBegun = false,
        Reason = error.Message,
        ErrorId = error.ErrorId,
        Instance = Instance ?? Destination?.Instance ?? string.Empty,
        StaticListId = StaticList?.Id ?? Destination?.StaticListId ?? 0,
        StaticListName = StaticList?.Name ?? Destination?.StaticListName ?? string.Empty,
        Source = Source,
        PersonCreation = Destination?.PersonCreation ?? PersonCreation.MatchExisting,
        ExistingPeople = Destination?.ExistingPeople ?? ExistingPeople.Keep,
        Delivery = Destination?.Delivery ?? Delivery.Sync,
        Partition = Destination?.Partition,
        Destination = Destination?.Name,
        Mode = Destination?.Mode,
        Started = now,
        Ended = now,
    };
}
