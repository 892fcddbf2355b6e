using SegmentPush.Lists;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Finds the snapshot that a push works with, or reads the list: where none is known, where what is known is to be set aside, and where another
/// push has not ended what it did to the list, so that nobody knows who is on it.
/// </summary>
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

        // This push must have read the list itself, also where an earlier process of it was to do that.
        bool isResync = options.Resync && known?.ReadBy != push;
        bool isOpen = known is not null && !isResync && work.Journal.OpenEdits.HasAny(known, push);
        if (known is not null && !isResync && !isOpen) return known;

        var sentOff = isOpen ? work.Journal.OpenEdits.GetSentOff(known!, push) : new Dictionary<long, DateTimeOffset>();
        await WaitForRemovalsAsync(work, sentOff.Values, cancellation).ConfigureAwait(false);

        // The old generation stays until the whole list has been read.
        var listed = new List<ListedPerson>();
        await foreach (var page in work.NewReader().ReadAsync(known is null ? 0 : store.Count(known), cancellation).ConfigureAwait(false)) listed.AddRange(page);
        if (listed.Count > 0 && known is null)
        {
            work.Warn($"The list '{work.Target.StaticList.Name}' has {Counted.People(listed.Count)} already; Adobe advises to begin with an empty list."
                + (work.Settlement.Status.Mode == PushMode.Mirror ? " Those who are not in the segment are taken off." : string.Empty));
        }

        // Whom others took off is put back, or forgotten, where the list is read at the end.
        using var hash = work.Journal.Identities.OpenHash();
        var renewal = new SnapshotRenewal(known is null ? [] : [.. store.Read(known).SelectMany(block => block)], listed, hash);
        return store.Begin(work.Snapshot, push, isOpen ? renewal.Compare(id => options.Verify && !sentOff.ContainsKey(id)) : renewal.SetAside());
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
