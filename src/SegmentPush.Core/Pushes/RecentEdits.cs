using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>What other pushes, or an earlier process of this one, have done to a list so lately that an extract of it may not show it yet.</summary>
internal sealed class RecentEdits
{
    private const int NewestPushes = 20;

    private readonly HashSet<long> _on, _off;

    private RecentEdits(TimeSpan timeBehind, bool isSure, HashSet<long> on, HashSet<long> off) => (TimeBehind, IsSure, _on, _off) = (timeBehind, isSure, on, off);

    /// <summary>How long to wait until a new extract shows it.</summary>
    public TimeSpan TimeBehind { get; }

    /// <summary>Whether all these edits are known: each has an outcome, and the id of its person.</summary>
    public bool IsSure { get; }

    /// <summary>People that they have put on the list.</summary>
    public IReadOnlySet<long> PutOn => _on;

    /// <summary>People that they have taken off the list.</summary>
    public IReadOnlySet<long> TakenOff => _off;

    /// <summary>Finds what other pushes have done.</summary>
    /// <param name="journal">The journal. The caller holds the lock of the list, so that no push into it runs.</param>
    /// <param name="push">The push that asks, or that is undone. Where it has edited a person after the others, the edit of the others does not count.</param>
    /// <param name="listId">REST id of the list.</param>
    /// <param name="reader">Has read the list by an extract.</param>
    /// <param name="ended">When at the latest the calls and imports of pushes that were stopped were over.</param>
    public static RecentEdits Find(PushJournal journal, PushStatus push, long listId, ListReader reader, DateTimeOffset ended)
    {
        HashSet<long> on = [], off = [];
        bool isSure = true;
        var timeBehind = TimeSpan.Zero;

        // One that was resumed may have begun long before the newest ones.
        var all = journal.Pushes.Get(new PushFilter { StaticListId = listId }, null, NewestPushes)
            .Concat(journal.Pushes.Get(new PushFilter { StaticListId = listId, StoodSince = reader.ShowsUntil - CallExpiry.Longest }, null, int.MaxValue)).DistinctBy(other => other.Key)
            .Where(other => other.Status.Instance == push.Instance).OrderBy(other => other.Key).ToArray();
        foreach (var other in all.Where(other => other.Status.Id == push.Id || ListChanges.HasAny(journal, other.Status)))
        {
            if (other.Status.Id == push.Id)
            {
                if (off.Count > 0) off.ExceptWith(journal.Rows.GetIds(other.Key, [PersonOutcome.Added, PersonOutcome.AlreadyMember]));
                if (on.Count > 0) on.ExceptWith(journal.Rows.GetIds(other.Key, [PersonOutcome.Removed, PersonOutcome.NotMember]));
                continue;
            }

            bool isOpen = other.Status.State != PushState.Completed && LostRemovals.HasOpenEdits(journal, other.Status);
            var called = isOpen ? Min(ended, other.Status.StoodAt + TimeLimits.OfLists) : other.Status.StoodAt;
            var changed = isOpen && HasImports(journal, other.Key) ? Min(ended, EndOfNext(all, other)) : called;
            if (!reader.MayLagBehind(changed)) continue;
            if (reader.TimeBehind(changed) is var left && left > timeBehind) timeBehind = left;

            // An import tells no ids.
            var added = journal.Rows.GetIds(other.Key, [PersonOutcome.Added]);
            isSure &= !isOpen && other.Status.Added <= added.Count && !IsOutOfOrder(other);
            if (!reader.MayLagBehind(called)) continue;
            Enter(added, on, off);
            Enter(journal.Rows.GetIds(other.Key, [PersonOutcome.Removed]), off, on);
        }

        return new RecentEdits(timeBehind, isSure, on, off);

        // A push that began later is no recent one, or has ended earlier: one was resumed after the other, or a clock was set. Which of them has edited a
        // person last is not known.
        bool IsOutOfOrder(StoredPush other) => all.Any(next => next.Key > other.Key && next.Status.Id != push.Id
            && (next.Status.StoodAt < other.Status.StoodAt || !reader.MayLagBehind(next.Status.StoodAt)) && ListChanges.HasAny(journal, next.Status));
    }

    /// <summary>The same edits, where more may have been made that are not known.</summary>
    public RecentEdits Unsure() => new(TimeBehind, isSure: false, _on, _off);

    /// <summary>The same edits, and removals by an earlier process of the push. If another push has put one of these people on the list, nobody knows which edit came last.</summary>
    /// <param name="ids">The people that it has taken off.</param>
    /// <param name="timeBehind">How long to wait until a new extract shows that.</param>
    public RecentEdits AndRemovals(IReadOnlyCollection<long> ids, TimeSpan timeBehind) =>
        ids.Count == 0 ? this : new(timeBehind > TimeBehind ? timeBehind : TimeBehind, IsSure && !_on.Overlaps(ids), _on, [.. _off, .. ids]);

    /// <summary>Whether any of them is about a person.</summary>
    public bool Concern(long id) => _on.Contains(id) || _off.Contains(id);

    /// <summary>Whether the list shows all of it for sure. Where it does not, the extract lags, or others have edited the list since.</summary>
    /// <param name="holds">Tells whether the list was seen to hold a person.</param>
    public bool AreShown(Func<long, bool> holds) => IsSure && _on.All(holds) && !_off.Any(holds);

    /// <summary>Waits until a new extract shows it.</summary>
    public Task WaitAsync(ListReader reader, Action<MessageText> warn, CancellationToken cancellation)
    {
        warn($"Waiting {Math.Ceiling(TimeBehind.TotalSeconds)} s: the extract of the list may not show yet what a push did just before.");
        return reader.DelayAsync(TimeBehind, cancellation);
    }

    /// <summary>Whether a push was stopped before it heard how its imports ended. Nothing tells when they have ended.</summary>
    public static bool HasImports(PushJournal journal, long pushKey) => journal.Imports.GetAccepted(pushKey).Count > 0 || journal.Imports.GetUnanswered(pushKey).Count > 0;

    // The next push of a destination, or an undo, has waited until they were over. Others need not.
    private static DateTimeOffset EndOfNext(IEnumerable<StoredPush> all, StoredPush open) => all
        .FirstOrDefault(other => other.Key > open.Key && other.Status is { State: PushState.Completed } status && (status.Destination is not null || status.UndoOf is not null))?
        .Status.StoodAt ?? DateTimeOffset.MaxValue;

    private static DateTimeOffset Min(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static void Enter(IEnumerable<long> ids, HashSet<long> into, HashSet<long> outOf)
    {
        foreach (long id in ids)
        {
            into.Add(id);
            outOf.Remove(id);
        }
    }
}
