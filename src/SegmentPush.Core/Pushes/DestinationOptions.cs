using SegmentPush.Destinations;
using SegmentPush.Lists;

namespace SegmentPush.Pushes;

/// <summary>What a push is to do for a destination, besides bringing the people of its segment onto the list.</summary>
/// <param name="Destination">The destination.</param>
internal sealed record DestinationOptions(SegmentDestination Destination)
{
    /// <summary>What the guard of a destination permits.</summary>
    public static GuardLimits LimitsOf(SegmentDestination destination) => new(destination.MaxRemovals, destination.MaxRemovalPercent, destination.MaxShrinkPercent);

    /// <summary>Whether the guard lets everything through.</summary>
    public bool Force { get; init; }

    /// <summary>Whether the list is read back afterwards.</summary>
    public bool Verify { get; init; }

    /// <summary>Digest of the people that the list held when the plan was made that is to be pushed; null where there is no plan.</summary>
    public string? PlannedList { get; init; }

    /// <summary>Whether the list is read before, and all that is remembered of it is set aside.</summary>
    public bool Resync { get; init; }
}
