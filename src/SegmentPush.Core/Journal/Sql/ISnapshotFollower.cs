namespace SegmentPush.Journal.Sql;

/// <summary>Keeps a snapshot in step with an import that is settled.</summary>
internal interface ISnapshotFollower
{
    /// <summary>Enters the people of an import, who have no outcome of their own, in the transaction that is open.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="import">The import, whose people are on the list now.</param>
    void FollowImport(long pushKey, ImportEntry import);
}
