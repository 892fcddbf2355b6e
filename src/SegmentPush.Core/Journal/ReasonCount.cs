namespace SegmentPush.Journal;

/// <summary>How many people of a push did not arrive for one reason.</summary>
/// <param name="Code">The reason's code: SegmentPush's own, or Marketo's.</param>
/// <param name="People">Number of people.</param>
internal sealed record ReasonCount(string Code, long People);
