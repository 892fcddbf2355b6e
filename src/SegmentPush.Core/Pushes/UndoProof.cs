using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Reads a list back after an undo, brings its snapshot in step with it, and makes the sums of the list.</summary>
/// <param name="settlement">The undo.</param>
/// <param name="journal">The journal.</param>
/// <param name="reader">Reads the list.</param>
/// <param name="listId">REST id of the list.</param>
/// <param name="time">Tells the moment.</param>
internal sealed class UndoProof(Settlement settlement, PushJournal journal, ListReader reader, long listId, TimeProvider time)
{
    private readonly HashSet<long> _putOn = [], _takenOff = [];
    private bool _knowsOthers;

    /// <summary>The snapshot in the journal and in memory; null where nothing is known of the list.</summary>
    public required (SnapshotGeneration Generation, Snapshot Members)? Snapshot { get; init; }

    /// <summary>Reads the list back.</summary>
    /// <param name="before">The people on the list before the undo.</param>
    /// <param name="added">Ids of people that the undo wanted on the list and who are on it, and whether the undo has put them there.</param>
    /// <param name="off">People that the undo wanted off the list.</param>
    /// <param name="expected">How many people the list holds, about.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The sums of the list.</returns>
    public async Task<ListSums> ReadBackAsync(
        ListBeforeUndo before, IReadOnlyDictionary<long, bool> added, IReadOnlyList<Person> off, long expected, CancellationToken cancellation)
    {
        CatchUp();
        var removed = settlement.Outcomes.GetRemovedIds();
        var outcomes = settlement.Outcomes.Of(off);
        var gone = off.Where(person => outcomes[(person.Source, person.Row)].Outcome is PersonOutcome.Removed or PersonOutcome.NotMember);
        _putOn.UnionWith(added.Keys);
        _takenOff.UnionWith([.. removed, .. gone.Select(person => person.MarketoId!.Value)]);

        // A later extract may still show these people as they were before Marketo was asked.
        _putOn.UnionWith(before.Asked.Where(before.Ids.Contains).Except(_takenOff));
        _takenOff.UnionWith(before.Asked.Except(before.Ids).Except(_putOn));
        var after = await ReadAsync(expected, cancellation).ConfigureAwait(false);

        // Where the list differs from this, others have changed it.
        var due = before.Ids.Concat(added.Where(person => person.Value).Select(person => person.Key)).Except(removed).ToHashSet();
        var status = settlement.Status;
        return new ListSums
        {
            Before = before.Ids.Count,
            Added = status.Added,
            Removed = status.Removed,
            AddedByOthers = after.Except(due).Count(),
            RemovedByOthers = due.Except(after).Count(),
            After = after.Count,
            ReadBack = time.GetUtcNow(),
        };
    }

    // Gives back who is on the list, and brings the snapshot in step with it.
    private async Task<HashSet<long>> ReadAsync(long expected, CancellationToken cancellation)
    {
        var comparison = Snapshot is { Members: var members } ? new ListComparison(members, PushMode.Append) : null;
        var after = new HashSet<long>();
        var stillShown = new List<ListedPerson>();
        await foreach (var page in reader.ReadAsync(expected, cancellation).ConfigureAwait(false))
        {
            TakeInOthers();
            if (reader.IsExtract && comparison is not null) comparison.TakenOff = _takenOff;
            foreach (var person in page) after.Add(person.Id);
            stillShown.AddRange(page.Where(person => reader.IsExtract && _takenOff.Contains(person.Id)));
            comparison?.Read(page);
        }

        // An extract that shows nobody has no page, so that the loop has not looked for others.
        TakeInOthers();
        if (reader.IsExtract) await CorrectAsync(after, stillShown, comparison, cancellation).ConfigureAwait(false);
        if (comparison?.Decide().Snapshot is { } edits) journal.Snapshots.Change(Snapshot!.Value.Generation, edits);
        return after;
    }

    // Where an extract contradicts what was done just before, it lags, or others have edited the list since. Marketo tells which.
    private async Task CorrectAsync(HashSet<long> after, List<ListedPerson> stillShown, ListComparison? comparison, CancellationToken cancellation)
    {
        long[] doubted = [.. stillShown.Select(person => person.Id).Distinct(), .. _putOn.Where(id => !after.Contains(id))];
        var on = await reader.FindOnListAsync(doubted, cancellation).ConfigureAwait(false);
        after.ExceptWith(doubted);
        after.UnionWith(on);
        if (comparison is null) return;
        comparison.TakenOff = _takenOff.Except(on).ToHashSet();
        comparison.Read([.. stillShown.Where(person => on.Contains(person.Id))]);
        comparison.PutOn = _putOn.Where(after.Contains).ToHashSet();
    }

    private void CatchUp()
    {
        if (Snapshot is not var (generation, members)) return;
        var changes = journal.Snapshots.TakeChanges();
        members.CatchUp(changes, journal.Snapshots.Read(generation, changes.JoinedAfter).SelectMany(block => block));
    }

    // An extract may lag behind what other pushes have just done, as it may lag behind this undo.
    private void TakeInOthers()
    {
        if (_knowsOthers || !reader.IsExtract) return;
        _knowsOthers = true;
        var others = RecentEdits.Find(journal, settlement.Status, listId, reader, reader.Clock.Now);
        _putOn.UnionWith(others.PutOn.Except(_takenOff));
        _takenOff.UnionWith(others.TakenOff.Except(_putOn));
    }
}
