using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Pushes;

namespace SegmentPush.Reports;

/// <summary>What a report tells about a destination.</summary>
/// <param name="Destination">The destination.</param>
/// <param name="Pushes">Its newest pushes, newest first, with the sums of its list where they are known.</param>
internal sealed record DestinationReport(SegmentDestination Destination, IReadOnlyList<(PushStatus Push, ListSums? List)> Pushes)
{
    private const int MostPushes = 30;

    /// <summary>Reads it.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="destination">The destination.</param>
    public static DestinationReport Read(PushJournal journal, SegmentDestination destination) => new(
        destination,
        [.. journal.History.Get(new PushFilter { Destinations = [destination.Name], Last = MostPushes })
            .Select(push => (push, PushReceipt.ParseList(journal.Pushes.GetReceipt(push.Id))))]);
}
