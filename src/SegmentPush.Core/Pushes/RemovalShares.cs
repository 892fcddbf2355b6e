using SegmentPush.Journal;
using SegmentPush.Lists;

namespace SegmentPush.Pushes;

/// <summary>
/// Measures the removals of a mirror for its guard: by all people on the list, and by those alone who have not come with pushes that did not complete. A push
/// that is resumed is measured as if it had not been stopped.
/// </summary>
/// <param name="work">The push.</param>
/// <param name="snapshot">The snapshot in memory.</param>
/// <param name="before">The sums of the list before.</param>
/// <param name="joinedAfter">Members with a greater number have joined during the push, or since it was resumed.</param>
internal sealed class RemovalShares(ListWork work, Snapshot snapshot, ListSums before, int joinedAfter)
{
    /// <summary>Measures them.</summary>
    /// <param name="steps">What is to be done about the list.</param>
    /// <param name="leavers">The people to take off.</param>
    /// <param name="all">All removals by all people on the list.</param>
    /// <returns>Both shares. The second one is null where nobody has come with such pushes.</returns>
    public (RemovalShare All, RemovalShare? Former) Measure(ListSteps steps, IReadOnlyList<ListDecision> leavers, RemovalShare all)
    {
        var status = work.Settlement.Status;
        if (GuardHistory.FindAdded(work.Journal, work.Push.Destination!.Destination.Name, work.Snapshot, status.Id) is not { } others) return (all, null);
        if (work.Settlement.HalfDone is not { } halfDone) return (all, Share(all, others, CountBefore(steps, others, null), leavers, takenOff: 0));

        // What this push has done before it was stopped, one of the others may have read as members.
        all = all with { People = Math.Min(all.People, before.Before) };
        var leaving = leavers.Select(leaver => leaver.MarketoId).ToHashSet();
        int takenOff = halfDone.GetLeavers(work.Sources.Count).Select(leaver => leaver.MarketoId).Concat(steps.RemovedBefore.Select(removed => removed.MarketoId!.Value))
            .Distinct().Count(id => others.Has(id) && !leaving.Contains(id));
        return (all, Share(all, others, CountBefore(steps, others, work.Journal.ListEdits.GetAdded([status.Id])), leavers, takenOff));
    }

    private static RemovalShare Share(RemovalShare all, AddedPeople others, long onList, IReadOnlyList<ListDecision> leavers, int takenOff) =>
        new(Math.Max(0, all.People - onList - takenOff), all.Removals - leavers.Count(leaver => others.Has(leaver.Person)) - takenOff);

    // How many of some people were on the list before the push, and still are: as members, or as strangers that a reading has shown.
    private long CountBefore(ListSteps steps, AddedPeople added, AddedPeople? addedByPush)
    {
        // A list that was read and holds nobody has no leavers, so that nothing is measured.
        bool isRead = steps.Read > 0;
        var members = snapshot.KnownMembers().Where(known => known.Member.Number <= joinedAfter && (known.IsListed || !isRead)).Select(known => known.Member);
        var strangers = steps.Snapshot.Joined.Select(joined => new SnapshotMember(0, joined.MarketoId, MemberTable.KeyOf(joined.IdentityHash)))
            .Concat(steps.Removals.Where(removal => removal.Number is null).Select(removal => removal.Person));
        return members.Concat(strangers).Where(person => added.Has(person) && addedByPush?.Has(person) != true)
            .DistinctBy(person => person.PersonKey).LongCount();
    }
}
