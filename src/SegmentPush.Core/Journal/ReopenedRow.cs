namespace SegmentPush.Journal;

/// <summary>The row of a person who had an outcome, and is sent again.</summary>
/// <param name="Source">Which of the push's sources the row is from.</param>
/// <param name="Row">Number of the row within its source.</param>
/// <param name="WasCreated">Whether the push has created the person.</param>
internal readonly record struct ReopenedRow(int Source, long Row, bool WasCreated);
