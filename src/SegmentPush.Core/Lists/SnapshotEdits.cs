namespace SegmentPush.Lists;

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
