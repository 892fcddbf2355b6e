namespace SegmentPush.Lists;

/// <summary>How much of a segment has been read, and how well.</summary>
/// <param name="People">People, each identity once.</param>
/// <param name="Unreadable">Rows whose cells could not be told apart, so that nobody knows the people that they name.</param>
/// <param name="Nameless">Rows with a blank or malformed identity, so that nobody knows the people that they name.</param>
/// <param name="EndsInRow">Whether the last row of a file could not be read, as in a file that was cut off.</param>
/// <param name="EndsWithLine">Whether all files end with a line end; null where there are none.</param>
internal readonly record struct SegmentExtent(long People, long Unreadable, long Nameless, bool EndsInRow, bool? EndsWithLine)
{
    /// <summary>People whose rows the maker of the segment has counted, and which it does not hold.</summary>
    public long Missing { get; init; }
}
