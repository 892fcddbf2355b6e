namespace SegmentPush;

/// <summary>How a destination keeps its list in step with its segment.</summary>
public enum PushMode
{
    /// <summary>Who is in the segment is put on the list; nobody is taken off.</summary>
    Append = 0,

    /// <summary>The list becomes the segment, which must be a full one: who is on the list and not in the segment is taken off.</summary>
    Mirror = 1,

    /// <summary>Each row says by a membership column whether its person is put on the list or taken off.</summary>
    Delta = 2,
}
