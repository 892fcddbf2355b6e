namespace SegmentPush.Lists;

/// <summary>What the guard of a destination permits.</summary>
/// <param name="MaxRemovals">Most people that one push may take off; null for any number.</param>
/// <param name="MaxRemovalPercent">Most people that one push may take off, in percent of the list, 0 to 100.</param>
/// <param name="MaxShrinkPercent">By how much the segment may be smaller than the last one, in percent, 0 to 100.</param>
internal readonly record struct GuardLimits(int? MaxRemovals, int MaxRemovalPercent, int MaxShrinkPercent);
