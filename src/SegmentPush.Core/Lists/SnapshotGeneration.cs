namespace SegmentPush.Lists;

/// <summary>One generation of a snapshot. Each reading of the list before a push begins a new one, and with it new numbers of members.</summary>
/// <param name="Key">Key of the snapshot in the journal.</param>
/// <param name="Generation">Number of the generation, from 1.</param>
/// <param name="ReadBy">The push that read the list; null where an older SegmentPush did, or where the list is to be read again.</param>
internal sealed record SnapshotGeneration(long Key, long Generation, Guid? ReadBy);
