using SegmentPush.Lists;

namespace SegmentPush.Pushes;

/// <summary>Finds the snapshot that a push works with, or reads the list and makes a new one, where the snapshot does not tell who is on it.</summary>
internal static class SnapshotOpening
{
    // Giving memory back takes longer than pushing a small segment, and a list of fewer people leaves little.
    private const int ManyPeople = 20_000;

    /// <summary>Opens the snapshot of the push's list.</summary>
    /// <param name="work">The push.</param>
    /// <param name="options">What the push is to do for its destination.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The snapshot, and when at the latest the calls and imports of pushes that were stopped were over.</returns>
    /// <exception cref="SegmentPushException">The list can't be read.</exception>
    public static async Task<(SnapshotGeneration Generation, DateTimeOffset OthersEnded)> OpenAsync(ListWork work, DestinationOptions options, CancellationToken cancellation)
    {
        var opening = ListOpening.Find(work.Journal, work.Snapshot, work.Settlement.Status.Id, work.Settlement.Status.Started, options, work.Push.Connection.Began);
        if (opening.Knowledge == ListKnowledge.Complete) return (opening.Known!, work.Clock.Now);

        // Calls and imports of others were waited for before.
        var othersEnded = work.Clock.Now;
        var (generation, listed) = await RenewAsync(work, opening, othersEnded, cancellation).ConfigureAwait(false);

        // What the reading has kept in memory is let go by now.
        if (listed >= ManyPeople) Garbage.GiveBack();
        return (generation, othersEnded);
    }

    // The old generation stays until the whole list has been read.
    private static async Task<(SnapshotGeneration Generation, int Listed)> RenewAsync(
        ListWork work, ListOpening opening, DateTimeOffset othersEnded, CancellationToken cancellation)
    {
        var listed = await ReadInFullAsync(work, opening, othersEnded, cancellation).ConfigureAwait(false);
        if (opening.Known is null && listed.Count > 0)
        {
            MessageText found = $"The list '{work.Target.StaticList.Name}' has {Counted.People(listed.Count)} already; Adobe advises to begin with an empty list.";
            work.Warn(work.Settlement.Status.Mode is { TakesOffAbsent: true } ? $"{found} Those who are not in the segment are taken off." : found);
        }

        return (work.Journal.Snapshots.Begin(work.Snapshot, work.Settlement.Status.Id, opening.MembersOf(listed)), listed.Count);
    }

    // An extract that lags behind another push would make strangers of the people that it has put on, and members of those that it has taken off.
    private static async Task<ListedPeople> ReadInFullAsync(ListWork work, ListOpening opening, DateTimeOffset othersEnded, CancellationToken cancellation)
    {
        var reader = work.NewReader();
        var listed = await opening.ReadAsync(reader, cancellation).ConfigureAwait(false);
        if (!reader.IsExtract) return listed;
        var recent = RecentEdits.Find(work.Journal, work.Settlement.Status, work.Target.StaticList.Id, reader, othersEnded);
        if (recent.AreShown(listed.Contains)) return listed;
        await recent.WaitAsync(reader, work.Warn, cancellation).ConfigureAwait(false);
        return await opening.ReadAsync(reader, cancellation).ConfigureAwait(false);
    }
}
