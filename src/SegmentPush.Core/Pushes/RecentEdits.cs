using SegmentPush.Journal;
using SegmentPush.Lists;

namespace SegmentPush.Pushes;

/// <summary>What other pushes have done to a list so lately that an extract of it may not show it yet.</summary>
internal sealed class RecentEdits
{
    private const int NewestPushes = 20;

    private readonly HashSet<long> _on = [], _off = [];

    private RecentEdits(TimeSpan timeBehind) => TimeBehind = timeBehind;

    /// <summary>How long an extract may not show it yet.</summary>
    public TimeSpan TimeBehind { get; }

    /// <summary>Finds what other pushes have done.</summary>
    /// <param name="journal">The journal. The caller holds the lock of the list, so that no push into it runs.</param>
    /// <param name="push">The push that asks.</param>
    /// <param name="listId">REST id of the list.</param>
    /// <param name="reader">Has read the list.</param>
    public static RecentEdits Find(PushJournal journal, PushStatus push, long listId, ListReader reader)
    {
        var pushes = journal.Pushes.Get(new PushFilter { StaticListId = listId }, null, NewestPushes)
            .Where(other => other.Status.Instance == push.Instance && other.Status.Id != push.Id && reader.MayLagBehind(EndOf(other.Status)) && ListChanges.HasAny(journal, other.Status))
            .OrderBy(other => other.Key).ToArray();
        var edits = new RecentEdits(pushes.Select(other => reader.TimeBehind(EndOf(other.Status))).DefaultIfEmpty().Max());
        foreach (var other in pushes)
        {
            Enter(journal.Rows.GetIds(other.Key, [PersonOutcome.Added]), edits._on, edits._off);
            Enter(journal.Rows.GetIds(other.Key, [PersonOutcome.Removed]).Concat(LostRemovals.Find(journal, other.Key, other.Status)), edits._off, edits._on);
        }

        return edits;
    }

    /// <summary>Whether the list shows all of it.</summary>
    /// <param name="holds">Tells whether the list was seen to hold a person.</param>
    public bool AreShown(Func<long, bool> holds) => _on.All(holds) && !_off.Any(holds);

    private static void Enter(IEnumerable<long> ids, HashSet<long> into, HashSet<long> outOf)
    {
        foreach (long id in ids)
        {
            into.Add(id);
            outOf.Remove(id);
        }
    }

    private static DateTimeOffset EndOf(PushStatus push) => push.Started + push.Duration;
}
