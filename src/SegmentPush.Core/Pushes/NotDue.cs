using System.Globalization;
using SegmentPush.Destinations;
using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>What is told of a push that is not due: it does nothing, and is no error.</summary>
internal static class NotDue
{
    /// <summary>The status of such a push; the journal does not hold it.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="state">Whether its first day has not come, or its last one is over.</param>
    /// <param name="now">The moment.</param>
    public static PushStatus StatusOf(SegmentDestination destination, PushState state, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        State = state,
        Reason = (state == PushState.NotStarted
            ? (MessageText)$"The destination '{destination.Name}' starts on {destination.StartDate:yyyy-MM-dd} ({destination.TimeZone})."
            : $"The destination '{destination.Name}' ended with {destination.EndDate:yyyy-MM-dd} ({destination.TimeZone}).").ToString(),
        Destination = destination.Name,
        Mode = destination.Mode,
        Instance = destination.Instance,
        StaticListId = destination.StaticListId,
        StaticListName = destination.StaticListName,
        Source = [],
        PersonCreation = destination.PersonCreation,
        ExistingPeople = destination.ExistingPeople,
        Delivery = destination.Delivery,
        Partition = destination.Partition,
        Started = now,
        Ended = now,
    };
}
