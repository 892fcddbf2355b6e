namespace SegmentPush.Lists;

/// <summary>What is to be done about one person and a list.</summary>
internal enum ListAction
{
    /// <summary>Nothing.</summary>
    Leave,

    /// <summary>Add the person, who is not known to be on the list. Deliveries do that.</summary>
    Add,

    /// <summary>Take the person off the list.</summary>
    Remove,

    /// <summary>Put the person, who was taken off by others, on the list again.</summary>
    PutBack,

    /// <summary>Enter the person into the snapshot, which did not know it.</summary>
    Learn,

    /// <summary>Take the person out of the snapshot: the list does not hold it, or another entry stands for it.</summary>
    Forget,

    /// <summary>Count the person as removed, and forget it: an earlier process of the push took the person off, and did not learn that it had.</summary>
    CountRemoved,
}
