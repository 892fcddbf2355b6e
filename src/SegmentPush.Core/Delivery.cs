namespace SegmentPush;

/// <summary>How a push reaches Marketo.</summary>
public enum Delivery
{
    /// <summary>Lookup, sync and list calls of 300 people, with an answer for each person.</summary>
    Sync = 0,

    /// <summary>Import files of many thousand people each, with Marketo's reason for those it refuses.</summary>
    Bulk = 1,

    /// <summary>The one that costs fewer calls and less time for the size of the segment.</summary>
    Auto = 2,
}
