using SegmentPush.Lists;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Finds the snapshot that a push works with, or reads the list where none can be used.</summary>
internal static class SnapshotOpening
{
    /// <summary>Opens the snapshot of the push's list.</summary>
    /// <param name="work">The push.</param>
    /// <param name="isResync">Whether this push must have read the list itself, also where an earlier process of it was to do that.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SegmentPushException">The list can't be read.</exception>
    public static async Task<SnapshotGeneration> OpenAsync(ListWork work, bool isResync, CancellationToken cancellation)
    {
        var store = work.Journal.Snapshots;
        var known = store.Find(work.Snapshot);
        if (known is not null && !(isResync && known.ReadBy != work.Settlement.Status.Id)) return known;

        // The old generation stays until the whole list has been read.
        var members = await ReadAsync(work, known, cancellation).ConfigureAwait(false);
        if (members.Count > 0 && known is null)
        {
            work.Warn($"The list '{work.Target.StaticList.Name}' has {Counted.People(members.Count)} already; Adobe advises to begin with an empty list."
                + (work.Settlement.Status.Mode == PushMode.Mirror ? " Those who are not in the segment are taken off." : string.Empty));
        }

        return store.Begin(work.Snapshot, work.Settlement.Status.Id, members);
    }

    private static async Task<List<Member>> ReadAsync(ListWork work, SnapshotGeneration? known, CancellationToken cancellation)
    {
        var store = work.Journal.Snapshots;
        using var before = known is null
            ? Snapshot.Of(work.Journal.Identities.OpenHash(), [])
            : await Snapshot.LoadAsync(store, known, work.Journal.Identities.OpenHash(), null, cancellation).ConfigureAwait(false);
        var members = new List<Member>();
        await foreach (var page in work.NewReader().ReadAsync(before.Count, cancellation).ConfigureAwait(false)) members.AddRange(page.Select(MemberOf));
        return members;

        // What was sent is set aside; that a segment put the person there is not.
        Member MemberOf(ListedPerson person)
        {
            var hash = before.HashOf(person);
            return new Member(0, hash, 0, person.Id, before.IsFromSegment(hash));
        }
    }
}
