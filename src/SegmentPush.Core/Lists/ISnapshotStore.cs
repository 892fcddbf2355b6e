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

/// <summary>What a reading of the list changes in its snapshot.</summary>
internal sealed record SnapshotEdits
{
    /// <summary>Ids that were not known, or that are others by now, by number.</summary>
    public IReadOnlyList<LearntId> Learnt { get; init; } = [];

    /// <summary>People to enter.</summary>
    public IReadOnlyList<Member> Joined { get; init; } = [];

    /// <summary>Numbers of people to take out.</summary>
    public IReadOnlyList<int> Forgotten { get; init; } = [];

    /// <summary>Numbers of people whose sent values are not known any more.</summary>
    public IReadOnlyList<int> Doubted { get; init; } = [];

    /// <summary>Whether the list was read, and so the ids that were in doubt hold, except those of <see cref="Unlearnt"/>.</summary>
    public bool ConfirmsIds { get; init; }

    /// <summary>
    /// Numbers of people whose ids were in doubt, where nobody on the list has their identities: their ids are not known any more. People who can be put back
    /// by their ids alone keep them.
    /// </summary>
    public IReadOnlyList<int> Unlearnt { get; init; } = [];

    /// <summary>Numbers of people who have left the segment, and who are still on the list. Where others take them off, nobody puts them back.</summary>
    public IReadOnlyList<int> Exited { get; init; } = [];

    /// <summary>Whether there is nothing to change.</summary>
    public bool IsEmpty => !ConfirmsIds && Learnt.Count + Joined.Count + Forgotten.Count + Doubted.Count + Unlearnt.Count + Exited.Count == 0;
}

/// <summary>The id of a member, as the list told it.</summary>
/// <param name="Number">Number of the member.</param>
/// <param name="MarketoId">The person's id in Marketo.</param>
/// <param name="IsOther">Whether another person has taken the member's place, so that nothing is known of the fields that were sent.</param>
internal readonly record struct LearntId(int Number, long MarketoId, bool IsOther);

/// <summary>What the outcomes of people have changed in a snapshot since it was loaded.</summary>
/// <param name="JoinedAfter">People with a greater number have joined.</param>
/// <param name="Left">Numbers of people who have left.</param>
/// <param name="Ids">Ids of members that are others by now, by number.</param>
/// <param name="WithoutIdentity">Numbers of members whose rows found nobody with the identity.</param>
internal sealed record SnapshotChanges(int JoinedAfter, IReadOnlySet<int> Left, IReadOnlyDictionary<int, long> Ids, IReadOnlySet<int> WithoutIdentity);
