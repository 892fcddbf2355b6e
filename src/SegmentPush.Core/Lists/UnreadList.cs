namespace SegmentPush.Lists;

/// <summary>Decides what is to be done about a list by its snapshot and the segment alone, without reading the list.</summary>
internal static class UnreadList
{
    /// <summary>Decides.</summary>
    /// <param name="snapshot">The snapshot, caught up with all outcomes.</param>
    /// <param name="mode">How the list is kept in step.</param>
    /// <param name="joinedAfter">Members with a greater number have joined during the push.</param>
    public static ListEdits Decide(Snapshot snapshot, PushMode mode, int joinedAfter)
    {
        var leavers = new List<KnownMember>();
        var ids = new HashSet<long>();
        foreach (var known in snapshot.KnownMembers())
        {
            bool leaves = ListReconciler.Decide(mode, known.FactsWhere(isListed: null)) == ListAction.Remove;
            if (leaves) leavers.Add(known);
            if (known.Member.MarketoId is { } id && (leaves || known.Member.Number > joinedAfter)) ids.Add(id);
        }

        // A person may be known by an old identity, and be in the segment by a new one.
        var named = new HashSet<long>();
        var joined = new HashSet<long>();
        foreach (var known in snapshot.KnownMembers())
        {
            if (known.Member.MarketoId is not { } id || !ids.Contains(id)) continue;
            if (ListReconciler.IsIn(known.Named)) named.Add(id);
            if (known.Member.Number > joinedAfter) joined.Add(id);
        }

        var stays = leavers.ToLookup(leaver => leaver.Member.MarketoId is { } id && named.Contains(id));
        var forgotten = new List<int>();
        foreach (var known in snapshot.KnownMembers())
        {
            if (known.Member.MarketoId is { } id && !ListReconciler.IsIn(known.Named) && known.Member.Number <= joinedAfter && (named.Contains(id) || joined.Contains(id)))
                forgotten.Add(known.Member.Number);
        }

        return new ListEdits
        {
            Removals = [.. stays[false].Select(leaver => leaver.Removal(null, null))],
            NamedOtherwise = stays[true].Select(leaver => leaver.Member.Key).ToHashSet(),
            Snapshot = new SnapshotEdits { Forgotten = forgotten },
        };
    }
}
