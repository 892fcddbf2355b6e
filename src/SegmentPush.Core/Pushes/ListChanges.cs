using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>Whether pushes have changed who is on their list.</summary>
internal static class ListChanges
{
    /// <summary>Whether a push has put people on its list or taken people off, or may have without hearing it.</summary>
    public static bool HasAny(PushJournal journal, PushStatus push) => push.State != PushState.AlreadyPushed
        && (push.Added + push.Removed > 0 || (push.State != PushState.Completed && LostRemovals.HasOpenEdits(journal, push)));
}
