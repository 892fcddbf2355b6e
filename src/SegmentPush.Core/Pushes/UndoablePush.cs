using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>Finds a push that can be undone.</summary>
internal static class UndoablePush
{
    /// <summary>Finds a push.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="id">The push.</param>
    /// <param name="isAlone">Whether it does not matter what later pushes or an earlier undo have done.</param>
    /// <exception cref="SegmentPushException"><c>PushNotFound</c>, <c>PushRunning</c>, <c>NotUndoable</c>, <c>AlreadyUndone</c>, <c>PushNotLast</c>.</exception>
    public static PushStatus Find(PushJournal journal, Guid id, bool isAlone)
    {
        var push = journal.History.Get(id);
        if (push.State == PushState.Running) throw PushErrors.Running(id);
        if (push is { Destination: null, UndoOf: null })
        {
            throw new SegmentPushException(
                "NotUndoable",
                $"The push {push.ShortId} was for no destination and did not read the list first, so it is not known which of its people were on the list before.",
                "Pushes of a destination (New-SegmentDestination) can be undone, because a destination knows its list.",
                id);
        }

        if (isAlone) return push;
        if (push.State != PushState.Completed && PushReceipt.ParseList(journal.Pushes.GetReceipt(id)) is { MissesImportedRows: true })
        {
            throw new SegmentPushException(
                "NotUndoable",
                $"The push {push.ShortId} was stopped while a resume read rows again that it had imported, so it is not known which people the import has put on the list.",
                $"Where it can be resumed, resume it first (Resume-SegmentPush -Id {push.ShortId}), and undo it then; with -Alone it is undone as far as it is known.",
                id);
        }

        if (!ListChanges.HasAny(journal, push))
        {
            throw new SegmentPushException(
                "NotUndoable",
                $"The push {push.ShortId} ({push.State}) changed nobody on the list, so there is nothing to undo.",
                "Get-PushStatus shows which pushes added or removed people.",
                id);
        }

        var all = journal.History.Get(new PushFilter { StaticListId = push.StaticListId }).Where(other => other.Instance == push.Instance).ToArray();
        var undos = all.Where(other => other is { UndoOf: not null, State: PushState.Completed }).ToLookup(other => other.UndoOf!.Value);
        if (FindUndo(push) is { } undo)
        {
            throw new SegmentPushException(
                "AlreadyUndone",
                $"The push {push.ShortId} was undone already, by the push {undo.ShortId}.",
                "Push the segment again where its people are wanted on the list after all; with -Alone the push is undone once more.",
                id);
        }

        // An older push that was resumed may have changed the list before or after this one, so that neither order is certain.
        var later = all.Where(other => (other.Started > push.Started || ChangedAt(other) > ChangedAt(push)) && other.UndoOf is null && FindUndo(other) is null && ListChanges.HasAny(journal, other)).ToArray();
        if (later.Length == 0) return push;
        throw new SegmentPushException(
            "PushNotLast",
            MessageText.Plural(
                later.Length,
                $"{later.Length:N0} push has changed the list since the push {push.ShortId}: {later[0].ShortId}.",
                $"{later.Length:N0} pushes have changed the list since the push {push.ShortId}, the last one {later[0].ShortId}."),
            FindAdvice(later),
            id);

        MessageText FindAdvice(IReadOnlyList<PushStatus> others)
        {
            if (others.Any(TookTurns))
                return "They took turns, as one was resumed after the other, so neither is the last one: with -Alone this one alone is undone.";
            if (others.Any(other => other.Destination is null)) return "A push for no destination can't be undone: with -Alone this one alone is undone.";
            return "Undo those first, the last one first; with -Alone this one alone is undone.";
        }

        bool TookTurns(PushStatus other) => other.Started > push.Started != ChangedAt(other) > ChangedAt(push);

        // An undo that was undone itself does not count: what the push did to the list holds again. So it does where the push was resumed after the undo.
        PushStatus? FindUndo(PushStatus other) => undos[other.Id].FirstOrDefault(undo => undo.StoodAt >= ChangedAt(other) && FindUndo(undo) is null);
    }

    // A resume that could not begin has changed nothing.
    private static DateTimeOffset ChangedAt(PushStatus push) => push.Changed ?? push.Started;

    /// <summary>How many people an undo takes off the list, and puts on it, at most. What a push that did not complete has done without an answer counts, too.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="push">The push.</param>
    public static (long Off, long On) CountAtMost(PushJournal journal, PushStatus push)
    {
        if (push.State == PushState.Completed) return (push.Added, push.Removed);
        var edits = LostRemovals.EditsOf(journal, push);
        return (edits.LongCount(edit => edit.Outcome == PersonOutcome.Added), edits.LongCount(edit => edit.Outcome == PersonOutcome.Removed));
    }
}
