using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>
/// People that a push may have put on its list with an upload whose answer it did not hear. A resume takes their entries out and reads their rows again, which may
/// lead to somebody else by then. Their ids stay beside the sums of the list, so that an undo knows them.
/// </summary>
internal static class LostUploads
{
    /// <summary>Keeps the ids of these people, before their entries are taken out.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="pushKey">The push.</param>
    /// <param name="push">Its status.</param>
    /// <param name="lostImports">Numbers of accepted imports whose people are read again.</param>
    public static void Keep(PushJournal journal, long pushKey, PushStatus push, IEnumerable<int> lostImports)
    {
        if (PushReceipt.ParseList(journal.Pushes.GetReceipt(push.Id)) is not { } list) return;
        if (journal.Imports.GetUploadedIds(pushKey, lostImports) is not [_, ..] ids) return;
        journal.Pushes.SaveReceipt(pushKey, PushReceipt.TextOf(list with { Uploaded = [.. (list.Uploaded ?? []).Union(ids).Order()] }));
    }

    /// <summary>The ids of those that no row of a push has led to again; null where there are none.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="push">The push.</param>
    public static IReadOnlyList<long>? FindLeft(PushJournal journal, PushStatus push)
    {
        if (PushReceipt.ParseList(journal.Pushes.GetReceipt(push.Id))?.Uploaded is not [_, ..] kept) return null;
        // Where Marketo has refused the person's row since, it has refused the row of the upload, too.
        var reached = journal.ListEdits.GetReachedIds(push.Id);
        return kept.Where(id => !reached.Contains(id)).ToArray() is [_, ..] left ? left : null;
    }

    /// <summary>The edits of a push with the additions of people that no row of it has led to again.</summary>
    public static IReadOnlyList<ListEdit> AddTo(IReadOnlyList<ListEdit> edits, PushJournal journal, PushStatus push)
    {
        if (FindLeft(journal, push) is not { } left) return edits;
        var known = edits.Select(edit => edit.MarketoId).ToHashSet();

        // Such an upload may have put a stranger on the list that the push has found there and taken off.
        var stayed = edits.Select(edit => edit is { Outcome: PersonOutcome.Removed, WasMember: false, MarketoId: { } id } && left.Contains(id) ? edit with { IsUnsure = true } : edit);
        return [.. stayed, .. left.Where(id => !known.Contains(id)).Select(id => new ListEdit(PersonOutcome.Added, string.Empty, PersonChange.Unchanged, id, null) { IsOpen = true })];
    }
}
