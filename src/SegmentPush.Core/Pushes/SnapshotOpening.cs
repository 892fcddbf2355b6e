using SegmentPush.Lists;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Finds the snapshot that a push works with, or reads the list and makes a new one, where the snapshot does not tell who is on it.</summary>
internal static class SnapshotOpening
{
    /// <summary>Opens the snapshot of the push's list.</summary>
    /// <param name="work">The push.</param>
    /// <param name="options">What the push is to do for its destination.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SegmentPushException">The list can't be read.</exception>
    public static async Task<SnapshotGeneration> OpenAsync(ListWork work, DestinationOptions options, CancellationToken cancellation)
    {
        var store = work.Journal.Snapshots;
        var push = work.Settlement.Status.Id;
        var known = store.Find(work.Snapshot);
        var knowledge = new OpeningFacts(
            HasSnapshot: known is not null,
            IsReadByThisPush: known?.ReadBy == push,
            IsResync: options.Resync,
            HasOpenEdits: known is not null && work.Journal.OpenEdits.HasAny(known, push)).Decide();
        if (knowledge == ListKnowledge.Complete) return known!;

        var sentOff = known is null ? new Dictionary<long, DateTimeOffset>() : work.Journal.OpenEdits.GetSentOff(known, push);
        await WaitForRemovalsAsync(work, sentOff.Values, cancellation).ConfigureAwait(false);
        var generation = await ReadAsync(
            work,
            known,
            renewal => knowledge == ListKnowledge.MembershipInDoubt
                // A member that others took off is put back, or forgotten, where the list is read at the end.
                ? renewal.CompareMembers(keepsAbsent: id => options.Verify && !sentOff.ContainsKey(id))
                : renewal.SetAside(),
            cancellation).ConfigureAwait(false);
        Garbage.GiveBack();
        return generation;
    }

    // The old generation stays until the whole list has been read.
    private static async Task<SnapshotGeneration> ReadAsync(
        ListWork work, SnapshotGeneration? known, Func<SnapshotRenewal, IEnumerable<Member>> renew, CancellationToken cancellation)
    {
        var store = work.Journal.Snapshots;
        int expected = known is null ? 0 : store.Count(known);
        using var hash = work.Journal.Identities.OpenHash();
        var listed = new ListedPeople(expected);
        await foreach (var page in work.NewReader().ReadAsync(expected, cancellation).ConfigureAwait(false))
        {
            foreach (var person in page) listed.Add(person.Id, hash.HashOf(person));
        }

        listed.Order();
        if (known is null && listed.Count > 0)
        {
            work.Warn($"The list '{work.Target.StaticList.Name}' has {Counted.People(listed.Count)} already; Adobe advises to begin with an empty list."
                + (work.Settlement.Status.Mode == PushMode.Mirror ? " Those who are not in the segment are taken off." : string.Empty));
        }

        var before = known is null ? [] : store.ReadAgain(known);
        return store.Begin(work.Snapshot, work.Settlement.Status.Id, renew(new SnapshotRenewal(before, listed)));
    }

    private static async Task WaitForRemovalsAsync(ListWork work, IEnumerable<DateTimeOffset> sent, CancellationToken cancellation)
    {
        var connection = work.Push.Connection;
        var wait = sent.Select(at => CallExpiry.WaitFor(at, connection.MarketoNow, CallExpiry.LongestOfLists)).DefaultIfEmpty().Max();
        if (wait == TimeSpan.Zero) return;
        work.Warn($"Waiting {Math.Ceiling(wait.TotalSeconds)} s: a call that was under way when a push was stopped may still take people off the list.");
        await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
    }
}
