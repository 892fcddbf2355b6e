namespace SegmentPush.Lists;

/// <summary>How a segment names a person.</summary>
[Flags]
internal enum NamedBy
{
    /// <summary>No row names the person.</summary>
    Nobody = 0,

    /// <summary>A row that counts says that the person is in the segment, whether or not Marketo takes the row.</summary>
    Row = 1,

    /// <summary>A row that counts says that the person has left.</summary>
    Exit = 2,

    /// <summary>A row at fault names the person.</summary>
    Fault = 4,
}
