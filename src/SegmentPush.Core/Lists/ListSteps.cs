namespace SegmentPush.Lists;

/// <summary>What is to be done about a list and its snapshot.</summary>
internal sealed record ListSteps
{
    /// <summary>What was decided about each person; members that simply stay are left out.</summary>
    public required IReadOnlyList<ListDecision> Decisions
    {
        get;
        init
        {
            field = value;
            var byAction = value.ToLookup(decision => decision.Action);
            Removals = [.. byAction[ListAction.Remove]];
            RemovedBefore = [.. byAction[ListAction.CountRemoved]];
            PutBacks = [.. byAction[ListAction.PutBack].Select(decision => new SnapshotMember(decision.Number!.Value, decision.MarketoId, decision.Key) { DoubtedId = decision.DoubtedId })];
        }
    }

    /// <summary>People to take off the list.</summary>
    public IReadOnlyList<ListDecision> Removals { get; private init; } = [];

    /// <summary>People that an earlier process of the push took off. They get the outcome, and no call.</summary>
    public IReadOnlyList<ListDecision> RemovedBefore { get; private init; } = [];

    /// <summary>Members to put on the list again.</summary>
    public IReadOnlyList<SnapshotMember> PutBacks { get; private init; } = [];

    /// <summary>Members whose identities an import of the push may have used for somebody else.</summary>
    public IReadOnlyList<ImportedMember> Imported { get; init; } = [];

    /// <summary>Keys of identities that members on the list have by now who are known by others.</summary>
    public IReadOnlySet<MemberKey> NewNames { get; init; } = new HashSet<MemberKey>();

    /// <summary>What the snapshot is to learn at once. Removals change it when Marketo has confirmed them.</summary>
    public required SnapshotEdits Snapshot { get; init; }

    /// <summary>How many people the list holds; 0 where it was not read.</summary>
    public long Read { get; init; }

    /// <summary>Ids of the people on the list that the snapshot does not know by the identity that the list showed.</summary>
    public IReadOnlySet<long> Beside { get; init; } = new HashSet<long>();

    /// <summary>How many of them the snapshot did not know.</summary>
    public long Strangers { get; init; }

    /// <summary>Whether somebody is to be taken off whose id is not known.</summary>
    public bool HasUnknownIds => Removals.Any(removal => removal.MarketoId is null);

    /// <summary>Numbers of members whose identities an import may have used for a person who was on the list before, or was not.</summary>
    public int[] ImportedWhere(bool wasMember) => [.. Imported.Where(member => ListReconciler.WasMember(member.Identity) == wasMember).Select(member => member.Number)];

    /// <summary>The edits once it is known whose identities an import of the push has used for people who were not on the list before.</summary>
    /// <param name="added">Numbers of the members with these identities.</param>
    public ListSteps WithAddedByImport(IReadOnlyCollection<int> added)
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
