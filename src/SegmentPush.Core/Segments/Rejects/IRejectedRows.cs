namespace SegmentPush.Segments.Rejects;

/// <summary>Takes the rejected rows of a push for its reject file.</summary>
internal interface IRejectedRows
{
    /// <summary>Adds a row.</summary>
    /// <param name="row">A reader that stands on it, opened for whole rows.</param>
    /// <param name="code">Why it was rejected.</param>
    /// <param name="reason">The same in a sentence.</param>
    void Add(ISegmentReader row, string code, string reason);
}
