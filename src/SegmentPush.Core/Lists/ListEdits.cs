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

    /// <summary>People that an earlier process of the push took off. They get the outcome, and no call.</summary>
    public IReadOnlyList<(long MarketoId, int? Number)> RemovedBefore { get; init; } = [];

    /// <summary>Members to put on the list again.</summary>
    public IReadOnlyList<SnapshotMember> PutBacks { get; init; } = [];

    /// <summary>Keys of members that are not in the segment, and that the list does not hold.</summary>
    public IReadOnlySet<MemberKey> Gone { get; init; } = new HashSet<MemberKey>();

    /// <summary>Members that rows take off and that stay, because another row says that the same person is in the segment.</summary>
    public IReadOnlySet<MemberKey> NamedOtherwise { get; init; } = new HashSet<MemberKey>();

    /// <summary>Members whose identities an import of the push may have used for somebody else.</summary>
    public IReadOnlyList<ImportedMember> Imported { get; init; } = [];

    /// <summary>What the snapshot is to learn at once. Removals change it when Marketo has confirmed them.</summary>
    public required SnapshotEdits Snapshot { get; init; }

    /// <summary>How many people the list holds; 0 where it was not read.</summary>
    public long Read { get; init; }

    /// <summary>How many of them the snapshot did not know.</summary>
    public long Strangers { get; init; }

    /// <summary>Whether somebody is to be taken off whose id is not known.</summary>
    public bool HasUnknownIds => Removals.Any(removal => removal.MarketoId is null);

    /// <summary>Numbers of members whose identities an import may have used for a person who was on the list before, or was not.</summary>
    public int[] ImportedWhere(bool wasMember) => [.. Imported.Where(member => ListReconciler.WasMember(member.Identity) == wasMember).Select(member => member.Number)];

    /// <summary>The edits once it is known whose identities an import of the push has used for people who were not on the list before.</summary>
    /// <param name="added">Numbers of the members with these identities.</param>
    public ListEdits WithAddedByImport(IReadOnlyCollection<int> added)
    {
        if (added.Count == 0) return this;
        var lookup = Imported.Where(member => added.Contains(member.Number)).ToLookup(member => member.Identity, member => member.Number);
        var replaced = lookup[ImportedIdentity.Replaced].ToHashSet();
        int[] leftBehind = [.. lookup[ImportedIdentity.LeftBehind]];
        return this with
        {
            // It put these people on the list, and nobody else did.
            Strangers = Strangers - leftBehind.Length,
            Snapshot = Snapshot with
            {
                // What the import has sent is known of the new people; to the members with other identities it has sent nothing.
                Learnt = [.. Snapshot.Learnt.Select(learnt => learnt with { IsOther = learnt.IsOther && !replaced.Contains(learnt.Number) })],
                Doubted = leftBehind,
            },
        };
    }
}
