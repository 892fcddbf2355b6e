namespace SegmentPush.Lists;

/// <summary>What a push knows of its list before it begins.</summary>
internal enum ListKnowledge
{
    /// <summary>Nothing: the list was never read.</summary>
    None,

    /// <summary>The snapshot tells who is on the list, and what was sent for each.</summary>
    Complete,

    /// <summary>The snapshot tells what was sent, but not who is on the list: another push was killed, or has left people without an outcome.</summary>
    MembershipInDoubt,

    /// <summary>All that is known is to be set aside.</summary>
    SetAside,
}
