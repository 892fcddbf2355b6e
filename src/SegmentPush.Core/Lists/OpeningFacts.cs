namespace SegmentPush.Lists;

/// <summary>The facts that decide what a push knows of its list.</summary>
/// <param name="HasSnapshot">Whether there is a snapshot of the list.</param>
/// <param name="IsReadByThisPush">Whether this push, or an earlier process of it, has made the snapshot.</param>
/// <param name="IsResync">Whether the push is to set aside what is known.</param>
/// <param name="HasOpenEdits">Whether another push has begun to change the list, and it is not known how that ended.</param>
/// <param name="IsOfEndedInstance">Whether the snapshot tells of an instance that has ended: an earlier sandbox.</param>
internal readonly record struct OpeningFacts(bool HasSnapshot, bool IsReadByThisPush, bool IsResync, bool HasOpenEdits, bool IsOfEndedInstance = false)
{
    /// <summary>Decides what the push knows. In all cases but <see cref="ListKnowledge.Complete"/> it reads the list first.</summary>
    public ListKnowledge Decide() => this switch
    {
        { HasSnapshot: false } => ListKnowledge.None,
        { IsReadByThisPush: false } and ({ IsResync: true } or { IsOfEndedInstance: true }) => ListKnowledge.SetAside,
        { HasOpenEdits: true } or { IsOfEndedInstance: true } => ListKnowledge.MembershipInDoubt,
        _ => ListKnowledge.Complete,
    };
}
