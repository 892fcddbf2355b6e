namespace SegmentPush.Lists;

/// <summary>Keeps snapshots on disk. Each change is refused where the generation is not the newest one any more.</summary>
internal interface ISnapshotStore
{
    /// <summary>The newest generation of a snapshot; null where the list was never read.</summary>
    SnapshotGeneration? Find(SnapshotKey key);

    /// <summary>Begins a new generation, all or nothing.</summary>
    /// <param name="key">What the snapshot belongs to.</param>
    /// <param name="readBy">The push that has read the list.</param>
    /// <param name="members">The people on the list, in some order. They are made while they are entered, and may be made of those that <see cref="ReadAgain"/> gives.</param>
    SnapshotGeneration Begin(SnapshotKey key, Guid readBy, IEnumerable<Member> members);

    /// <summary>How many people are on the list as far as is known.</summary>
    int Count(SnapshotGeneration generation);

    /// <summary>The people on the list as far as is known, a thousand or so at a time, read as they are asked for.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="after">Only people with a greater number.</param>
    IEnumerable<ArraySegment<Member>> Read(SnapshotGeneration generation, int after = 0);

    /// <summary>The people that the generation holds now. They are read each time that they are enumerated, also while a new generation is entered.</summary>
    IEnumerable<Member> ReadAgain(SnapshotGeneration generation);

    /// <summary>Changes the snapshot, all or nothing.</summary>
    void Change(SnapshotGeneration generation, SnapshotEdits edits);
}
