using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>Whether pushes have changed who is on their list.</summary>
internal static class ListChanges
{
    private const int NewestPushes = 500;

    /// <summary>Pushes into the list of a push that have begun after it, or have written to the journal after it wrote last.</summary>
    /// <param name="journal">The journal. The caller holds the lock of the list, so that no push into it runs.</param>
    /// <param name="push">The push.</param>
    /// <param name="stoodAt">When it wrote last.</param>
    public static IEnumerable<StoredPush> FindLater(PushJournal journal, PushStatus push, DateTimeOffset stoodAt)
    {
        var all = journal.Pushes.Get(new PushFilter { StaticListId = push.StaticListId }, null, NewestPushes);
        long key = all.FirstOrDefault(other => other.Status.Id == push.Id)?.Key ?? 0;
        return all.Where(other => other.Status.Id != push.Id && other.Status.Instance == push.Instance && (other.Key > key || other.Status.StoodAt > stoodAt));
    }

    /// <summary>Whether one of these pushes has changed the list, or may have.</summary>
    /// <inheritdoc cref="FindLater"/>
    public static bool HasAnySince(PushJournal journal, PushStatus push, DateTimeOffset stoodAt) => FindLater(journal, push, stoodAt).Any(later => HasAny(journal, later.Status));

    /// <summary>Whether a push has taken people off its list, or may have without hearing it.</summary>
    public static bool HasRemovals(PushJournal journal, StoredPush push) =>
        push.Status.Removed > 0 || (push.Status.State != PushState.Completed && LostRemovals.Find(journal, push.Key, push.Status).Count > 0);

    /// <summary>Whether a push has put people on its list or taken people off, or may have without hearing it.</summary>
    public static bool HasAny(PushJournal journal, PushStatus push) => push.State != PushState.AlreadyPushed
        && (push.Added + push.Removed > 0 || (push.State != PushState.Completed && LostRemovals.HasOpenEdits(journal, push)));
}
