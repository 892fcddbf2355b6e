namespace SegmentPush.Lists;

/// <summary>What is known of the last segment that a destination has pushed completely.</summary>
/// <param name="People">How many people it had; null before the first.</param>
/// <param name="EndsWithLine">Whether its files ended with a line end; null where they were no files.</param>
internal readonly record struct LastSegment(long? People, bool? EndsWithLine);
