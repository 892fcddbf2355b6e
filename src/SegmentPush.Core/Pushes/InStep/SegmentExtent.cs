namespace SegmentPush.Pushes.InStep;

/// <summary>How much of a segment has been read, and how well.</summary>
/// <param name="People">People, each identity once.</param>
/// <param name="Unreadable">Rows that could not be told apart into cells, so that nobody knows whom they name.</param>
/// <param name="EndsInRow">Whether the last row of a file is such a one, as in a file that was cut off.</param>
internal readonly record struct SegmentExtent(long People, long Unreadable, bool EndsInRow);
