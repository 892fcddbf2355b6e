using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;

namespace SegmentPush.Destinations;

/// <summary>Saved destinations: the text that the journal keeps of each, read and written.</summary>
internal static class SavedDestinations
{
    /// <summary>All destinations, by name.</summary>
    public static IReadOnlyList<SegmentDestination> Get(PushJournal journal) => [.. journal.Destinations.GetAll().Select(entry => Counted(journal, entry))];

    /// <summary>A destination by its name, compared without case.</summary>
    /// <exception cref="SegmentPushException">There is none (<c>DestinationNotFound</c>).</exception>
    public static SegmentDestination Get(PushJournal journal, string name) => Counted(journal, Find(journal, name));

    /// <summary>A destination to be pushed to; the people on its list are not counted, which takes a while where they are many.</summary>
    /// <exception cref="SegmentPushException">There is none (<c>DestinationNotFound</c>).</exception>
    public static SegmentDestination GetUncounted(PushJournal journal, string name) => Read(Find(journal, name));

    /// <summary>What the journal knows of a destination.</summary>
    /// <exception cref="SegmentPushException">There is none (<c>DestinationNotFound</c>).</exception>
    public static DestinationEntry Find(PushJournal journal, string name) => journal.Destinations.Find(name) ?? throw NotFound(name, journal.Destinations.GetAll());

    /// <summary>Saves a destination, in the place of the one with its name if there is one.</summary>
    /// <returns>The destination as it is now.</returns>
    public static SegmentDestination Save(PushJournal journal, SegmentDestination destination, DateTimeOffset now)
    {
        var before = journal.Destinations.Find(destination.Name) is { } entry ? Read(entry) : null;
        bool isMoved = before is null || SnapshotKeyOf(before) != SnapshotKeyOf(destination);
        journal.Destinations.Save(destination.Name, DestinationText.Write(destination), now, SnapshotKeyOf(destination), isMoved);
        return Get(journal, destination.Name);
    }

    /// <summary>What the snapshot of a destination's list belongs to; null where the mapping does not tell the identity yet.</summary>
    public static SnapshotKey? SnapshotKeyOf(SegmentDestination destination) => Mapping.IdentityOf(destination.Mapping) is { } identity
        ? SnapshotKey.Of(destination.Instance, destination.StaticListId, identity.Target)
        : null;

    private static SegmentPushException NotFound(string name, IReadOnlyList<DestinationEntry> all)
    {
        var near = NearestNames.Of(name, [.. all.Select(entry => entry.Name)]);
        return new SegmentPushException(
            "DestinationNotFound",
            $"There is no destination '{name}'.",
            near.Count > 0
                ? (MessageText)$"Nearest names: {string.Join(", ", near.Select(n => $"'{n}'"))}. Get-SegmentDestination shows all."
                : "Get-SegmentDestination shows all; New-SegmentDestination makes one.",
            name);
    }

    private static SegmentDestination Read(DestinationEntry entry) =>
        DestinationText.Read(entry.Definition, $"The journal's destination '{entry.Name}'") with
        {
            Created = entry.Created,
            Changed = entry.Changed,
        };

    private static SegmentDestination Counted(PushJournal journal, DestinationEntry entry)
    {
        var last = journal.History.Get(new PushFilter { Destinations = [entry.Name], Last = 1 }) is [var newest] ? newest : null;
        return Read(entry) with
        {
            Members = journal.Snapshots.Count(entry.SnapshotKey),
            LastPush = last?.Id,
            LastStarted = last?.Started,
            LastState = last?.State,
            LastError = last?.ErrorId,
        };
    }
}
