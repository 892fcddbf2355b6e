using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Reads the list of a push that is to be undone, so that everything is seen that the push did to it.</summary>
/// <param name="undone">The push.</param>
/// <param name="listId">REST id of the list.</param>
/// <param name="journal">The journal.</param>
/// <param name="reader">Reads the list.</param>
/// <param name="warn">Is told what the user should know.</param>
internal sealed class ListBeforeUndoReader(PushStatus undone, long listId, PushJournal journal, ListReader reader, Action<MessageText> warn)
{
    // When the push may have changed the list last.
    private DateTimeOffset _changed = undone.StoodAt;

    /// <summary>Takes in that the calls and imports of a push that was interrupted are over, and may have changed the list until then.</summary>
    public void TakeIn(IReadOnlyList<ListEdit> edits)
    {
        if (!edits.Any(edit => edit.IsOpen)) return;
        var (now, ended) = (reader.Clock.Now, undone.StoodAt + TimeLimits.OfLists);
        long key = journal.Pushes.Get(new PushFilter { Ids = [undone.Id] }, null, 1)[0].Key;
        _changed = ended > now || RecentEdits.HasImports(journal, key) ? now : ended;
    }

    /// <summary>Reads the list as it shows itself now. Warns where an extract may not show yet what this push or others did.</summary>
    public async Task<ListBeforeUndo> ReadAsync(IReadOnlyList<ListEdit> edits, Snapshot? snapshot, CancellationToken cancellation)
    {
        var (listed, recent, areOthersShown) = await ReadOnceAsync(edits, snapshot, cancellation).ConfigureAwait(false);
        if (MayMissEdits(edits, listed, snapshot) || MayMissOthers(recent, areOthersShown, edits, listed, snapshot))
            warn("The extract of the list may not show yet all that pushes did just before, so the undo may do something else than this plan says. The undo itself waits until an extract shows it.");
        return listed;
    }

    /// <summary>Reads the list. Where an extract may not show yet what the push did, waits until it does, and reads the list again.</summary>
    public async Task<ListBeforeUndo> ReadInFullAsync(IReadOnlyList<ListEdit> edits, Snapshot? snapshot, CancellationToken cancellation)
    {
        var (listed, recent, areOthersShown) = await ReadOnceAsync(edits, snapshot, cancellation).ConfigureAwait(false);
        bool misses = MayMissEdits(edits, listed, snapshot), missesOthers = MayMissOthers(recent, areOthersShown, edits, listed, snapshot);
        if (!misses && !missesOthers) return listed;
        if (misses && reader.TimeBehind(_changed) is var wait && wait > TimeSpan.Zero)
        {
            warn($"Waiting {Math.Ceiling(wait.TotalSeconds)} s: the extract of the list may not show yet all that the push did.");
            await reader.DelayAsync(wait, cancellation).ConfigureAwait(false);
        }

        // The time that has passed counts for the other pushes, too.
        if (missesOthers && FindRecent() is { } left && left.TimeBehind > TimeSpan.Zero) await left.WaitAsync(reader, warn, cancellation).ConfigureAwait(false);
        return (await ReadOnceAsync(edits, snapshot, cancellation).ConfigureAwait(false)).Listed;
    }

    // The list alone tells what became of edits that the push did not hear of, and of people of an import, which tells no ids.
    private bool MayMissEdits(IReadOnlyList<ListEdit> edits, ListBeforeUndo listed, Snapshot? snapshot) => reader.IsExtract && reader.MayLagBehind(_changed)
        && edits.Any(edit => edit.IsOpen || UndoDecision.FindIds(edit, listed, snapshot).Count == 0);

    // Another push may have put the person of an edit without an id on the list, and only the list tells the person's identity. Or another push had taken
    // such a person off before. About people with ids Marketo has been asked.
    private static bool MayMissOthers(RecentEdits? recent, bool areOthersShown, IReadOnlyList<ListEdit> edits, ListBeforeUndo listed, Snapshot? snapshot) => recent is not null
        && (!recent.IsSure
            || (edits.Any(edit => edit.MarketoId is null)
                && (!areOthersShown || recent.TakenOff.Count > 0 || (recent.PutOn.Count > 0 && edits.Any(edit => UndoDecision.FindIds(edit, listed, snapshot).Count == 0)))));

    // Another push may have reversed the edits of this one, or repeated them.
    private RecentEdits? FindRecent() => reader.IsExtract ? RecentEdits.Find(journal, undone, listId, reader, reader.Clock.Now) : null;

    private async Task<(ListBeforeUndo Listed, RecentEdits? Recent, bool AreOthersShown)> ReadOnceAsync(IReadOnlyList<ListEdit> edits, Snapshot? snapshot, CancellationToken cancellation)
    {
        using var hash = journal.Identities.OpenHash();
        var listed = new ListBeforeUndo(edits, snapshot);
        await foreach (var page in reader.ReadAsync(undone.Added + undone.AlreadyMember, cancellation).ConfigureAwait(false))
        {
            foreach (var person in page) listed.Add(person.Id, () => hash.HashOf(person));
        }

        var recent = FindRecent();
        bool areOthersShown = recent?.AreShown(listed.Ids.Contains) ?? true;

        // Where an extract contradicts what was done just before, it lags, or others have edited the list since.
        var doubted = new HashSet<long>(recent is null ? [] : listed.FindContradicted(recent));
        if (reader.IsExtract && reader.MayLagBehind(_changed)) doubted.UnionWith(listed.FindContradicted(edits));
        if (doubted.Count > 0) listed.TakeIn(doubted, await reader.FindOnListAsync(doubted, cancellation).ConfigureAwait(false));
        return (listed, recent, areOthersShown);
    }
}
