namespace SegmentPush.Lists;

/// <summary>Decides what is to be done about a list by its snapshot and the segment alone, without reading the list.</summary>
internal static class UnreadListDecider
{
    /// <summary>Decides.</summary>
    /// <param name="snapshot">The snapshot, caught up with all outcomes.</param>
    /// <param name="mode">How the list is kept in step.</param>
    /// <param name="joinedAfter">Members with a greater number have joined during the push.</param>
    public static ListSteps Decide(Snapshot snapshot, PushMode mode, int joinedAfter)
    {
        var ids = new HashSet<long>();
        foreach (var known in snapshot.KnownMembers())
        {
            bool mayLeave = ListReconciler.Decide(mode, known.FactsWhere(isListed: null)) == ListAction.Remove;
            if (known.Member.MarketoId is { } id && (mayLeave || known.Member.Number > joinedAfter)) ids.Add(id);
        }

        // A person may be known by an old identity, and be in the segment by a new one. Of two entries that no row names, the newest leaves.
        var named = new HashSet<long>();
        var newest = new Dictionary<long, int>();
        foreach (var known in snapshot.KnownMembers())
        {
            if (known.Member.MarketoId is not { } id || !ids.Contains(id)) continue;
            if (ListReconciler.IsIn(known.Named) || known.Member.Number > joinedAfter) named.Add(id);
            else if (IsUnnamed(known)) newest[id] = Math.Max(newest.GetValueOrDefault(id), known.Member.Number);
        }

        var decided = new List<ListDecision>();
        foreach (var known in snapshot.KnownMembers())
        {
            bool isNamedOtherwise = !ListReconciler.IsIn(known.Named) && known.Member.MarketoId is { } id && named.Contains(id);
            var facts = known.FactsWhere(isListed: null) with
            {
                IsNamedOtherwise = isNamedOtherwise,
                HasBetterEntry = (isNamedOtherwise && known.Member.Number <= joinedAfter) || IsOlder(known),
            };
            if (ListDecision.Of(mode, known, facts) is { Matters: true } decision) decided.Add(decision);
        }

        return new ListSteps
        {
            Decisions = decided,
            Snapshot = new SnapshotEdits { Forgotten = [.. decided.Where(decision => decision.Action == ListAction.Forget).Select(decision => decision.Number!.Value)] },
        };

        // An exit keeps its member, by which its row finds the person.
        bool IsUnnamed(KnownMember known) => known.Named == NamedBy.Nobody && known.Member.Number <= joinedAfter;

        bool IsOlder(KnownMember known) => IsUnnamed(known) && known.Member.MarketoId is { } id && newest.TryGetValue(id, out int number) && number > known.Member.Number;
    }
}
