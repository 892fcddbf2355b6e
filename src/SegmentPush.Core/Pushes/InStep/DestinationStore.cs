using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes.InStep;

/// <summary>Saved destinations: the text that the journal keeps of each, read and written.</summary>
internal static class DestinationStore
{
    /// <summary>All destinations, by name.</summary>
    public static IReadOnlyList<SegmentDestination> Get(PushJournal journal) => [.. journal.GetDestinations().Select(entry => Counted(journal, entry))];

    /// <summary>A destination by its name, compared without case.</summary>
    /// <exception cref="SegmentPushException">There is none (<c>DestinationNotFound</c>).</exception>
    public static SegmentDestination Get(PushJournal journal, string name) => Counted(journal, Find(journal, name));

    /// <summary>A destination to be pushed to; the people on its list are not counted, which takes a while where they are many.</summary>
    /// <exception cref="SegmentPushException">There is none (<c>DestinationNotFound</c>).</exception>
    public static SegmentDestination GetUncounted(PushJournal journal, string name) => Read(Find(journal, name));

    /// <summary>What the journal knows of a destination.</summary>
    /// <exception cref="SegmentPushException">There is none (<c>DestinationNotFound</c>).</exception>
    public static DestinationEntry Find(PushJournal journal, string name) => journal.FindDestination(name) ?? throw NotFound(name, journal.GetDestinations());

    /// <summary>Saves a destination, in the place of the one with its name if there is one.</summary>
    /// <returns>The destination as it is now.</returns>
    public static SegmentDestination Save(PushJournal journal, SegmentDestination destination, DateTimeOffset now)
    {
        var before = journal.FindDestination(destination.Name) is { } entry ? Read(entry) : null;
        bool keepsMembers = before is not null && KeepsMembers(before, destination);
        journal.SaveDestination(destination.Name, DestinationText.Write(destination), now, keepsMembers);
        return Get(journal, destination.Name);
    }

    /// <summary>Whether what is remembered of a destination's list still holds after a change: list and identity are what they were.</summary>
    public static bool KeepsMembers(SegmentDestination before, SegmentDestination after) =>
        before.Instance == after.Instance && before.StaticListId == after.StaticListId && IdentityOf(before) == IdentityOf(after);

    private static SegmentPushException NotFound(string name, IReadOnlyList<DestinationEntry> all)
    {
        var near = NearestNames.Of(name, [.. all.Select(entry => entry.Name)]);
        return new SegmentPushException(
            "DestinationNotFound",
            $"There is no destination '{name}'.",
            near.Count > 0
                ? $"Nearest names: {string.Join(", ", near.Select(n => $"'{n}'"))}. Get-SegmentDestination shows all."
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
        var last = journal.GetPushes(new PushFilter { Destinations = [entry.Name], Last = 1 }) is [var newest] ? newest : null;
        return Read(entry) with
        {
            Members = journal.CountMembers(entry.Key),
            LastPush = last?.Id,
            LastStarted = last?.Started,
            LastState = last?.State,
            LastError = last?.ErrorId,
        };
    }

    // The snapshot knows people by the hash of this field.
    private static string? IdentityOf(SegmentDestination destination) => Mapping.IdentityOf(destination.Mapping)?.Target.ToUpperInvariant();
}
