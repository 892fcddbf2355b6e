using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Names of destinations, as cmdlets take them.</summary>
internal static class DestinationNames
{
    /// <summary>The saved destinations that a name with or without wildcards means.</summary>
    /// <exception cref="SegmentPushException">It has no wildcards, and no destination has that name (<c>DestinationNotFound</c>).</exception>
    public static IReadOnlyList<string> Matching(PushJournal journal, string pattern) =>
        NamePattern.Match(pattern, [.. journal.Destinations.GetAll().Select(entry => entry.Name)]) ?? [SavedDestinations.Find(journal, pattern).Name];

    /// <summary>The names of destinations that pushes in the journal were for, or that are saved.</summary>
    /// <exception cref="SegmentPushException">It has no wildcards, and there is no such name (<c>DestinationNotFound</c>).</exception>
    public static IReadOnlyList<string> MatchingPushed(PushJournal journal, string pattern)
    {
        string[] names = [.. journal.Destinations.GetAll().Select(entry => entry.Name).Union(journal.Destinations.GetPushedNames(), StringComparer.OrdinalIgnoreCase)];
        return NamePattern.Match(pattern, names) ?? [SavedDestinations.Find(journal, pattern).Name];
    }
}
