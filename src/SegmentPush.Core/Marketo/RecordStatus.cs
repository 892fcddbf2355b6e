namespace SegmentPush.Marketo;

/// <summary>What Marketo did with one record of a call.</summary>
internal enum RecordStatus
{
    /// <summary>Nothing; code and message say why.</summary>
    Skipped = 0,

    Created,
    Updated,
    Added,
    Removed,
    MemberOf,
    NotMemberOf,
}
