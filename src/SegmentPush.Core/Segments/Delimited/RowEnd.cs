namespace SegmentPush.Segments.Delimited;

/// <summary>What ends a row.</summary>
internal enum RowEnd
{
    /// <summary>The end of the text.</summary>
    EndOfText,

    /// <summary>A line feed.</summary>
    Feed,

    /// <summary>A carriage return and a line feed.</summary>
    ReturnFeed,

    /// <summary>A carriage return.</summary>
    Return,
}
