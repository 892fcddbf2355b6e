namespace SegmentPush.Journal.Sql;

/// <summary>Keeps the snapshot that is followed in step with imports.</summary>
internal interface ISnapshotFollower
{
    /// <summary>Forgets what was sent for the people of an import that is about to be uploaded, in the transaction that is open.</summary>
    void DoubtImport(long pushKey, ImportEntry import);

    /// <summary>Enters the people of an import, who have no outcome of their own, in the transaction that is open.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="import">The import, whose people are on the list now.</param>
    void FollowImport(long pushKey, ImportEntry import);
}
