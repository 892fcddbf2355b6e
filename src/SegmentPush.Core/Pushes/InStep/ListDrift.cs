using SegmentPush.Marketo;

namespace SegmentPush.Pushes.InStep;

/// <summary>How a list differs from what the snapshot of its destination says.</summary>
/// <param name="Known">How many people the snapshot knows on it.</param>
/// <param name="Read">How many people the list holds.</param>
/// <param name="Missing">People who should be on it, by their numbers in the snapshot.</param>
/// <param name="Strangers">People who are on it, and of whom the snapshot does not know.</param>
internal sealed record ListDrift(long Known, long Read, IReadOnlyDictionary<int, KnownMember> Missing, IReadOnlyList<ListedPerson> Strangers);
