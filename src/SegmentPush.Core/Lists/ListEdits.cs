namespace SegmentPush.Lists;

/// <summary>A person to be taken off the list.</summary>
/// <param name="MarketoId">The person's id in Marketo; null where an import did not tell, and the list was not read.</param>
/// <param name="Number">Number in the snapshot; null where the snapshot does not know the person.</param>
/// <param name="Key">Key of the identity by which the person is known.</param>
/// <param name="Identity">The identity as the list told it; null where it did not.</param>
/// <param name="IsExit">Whether a row says that the person has left.</param>
internal readonly record struct ListRemoval(long? MarketoId, int? Number, MemberKey Key, string? Identity, bool IsExit);

/// <summary>What is to be done about a list and its snapshot.</summary>
internal sealed record ListEdits
{
    /// <summary>People to take off the list.</summary>
    public required IReadOnlyList<ListRemoval> Removals { get; init; }

    /// <summary>Members to put on the list again.</summary>
    public IReadOnlyList<SnapshotMember> PutBacks { get; init; } = [];

    /// <summary>Members that are not in the segment, and that the list does not hold.</summary>
    public IReadOnlyList<SnapshotMember> Gone { get; init; } = [];

    /// <summary>Ids of people that an earlier process may have taken off. The snapshot does not know them, and the list does not hold them.</summary>
    public IReadOnlyList<long> StrangersOff { get; init; } = [];

    /// <summary>Members that rows take off and that stay, because another row says that the same person is in the segment.</summary>
    public IReadOnlySet<MemberKey> NamedOtherwise { get; init; } = new HashSet<MemberKey>();

    /// <summary>What the snapshot is to learn at once. Removals change it when Marketo has confirmed them.</summary>
    public required SnapshotEdits Snapshot { get; init; }

    /// <summary>How many people the list holds; 0 where it was not read.</summary>
    public long Read { get; init; }

    /// <summary>How many of them the snapshot did not know.</summary>
    public long Strangers { get; init; }

    /// <summary>Numbers of members whose ids the list told. The snapshot also knew them by another identity.</summary>
    public IReadOnlyList<int> MembersOtherwise { get; init; } = [];

    /// <summary>Numbers of members who are gone, and in whose place the list holds another person with the identity.</summary>
    public IReadOnlyList<int> Replaced { get; init; } = [];

    /// <summary>Numbers of members with another identity by now, whose old one a stranger on the list has.</summary>
    public IReadOnlyList<int> LeftBehind { get; init; } = [];

    /// <summary>Whether somebody is to be taken off whose id is not known.</summary>
    public bool HasUnknownIds => Removals.Any(removal => removal.MarketoId is null);
}
