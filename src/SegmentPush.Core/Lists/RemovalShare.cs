namespace SegmentPush.Lists;

/// <summary>How many of the people on a list a push would take off.</summary>
/// <param name="People">People on the list before the push.</param>
/// <param name="Removals">People that the push would take off in all, each once, with those that it has taken off by now.</param>
internal readonly record struct RemovalShare(long People, long Removals);
