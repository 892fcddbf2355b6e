namespace SegmentPush.Lists;

/// <summary>What the outcomes of people have changed in a snapshot since it was loaded.</summary>
/// <param name="JoinedAfter">People with a greater number have joined.</param>
/// <param name="Left">Numbers of people who have left.</param>
/// <param name="Ids">Ids of members that are others by now, by number.</param>
/// <param name="WithoutIdentity">Numbers of members whose rows found nobody with the identity.</param>
internal sealed record SnapshotChanges(int JoinedAfter, IReadOnlySet<int> Left, IReadOnlyDictionary<int, long> Ids, IReadOnlySet<int> WithoutIdentity);
