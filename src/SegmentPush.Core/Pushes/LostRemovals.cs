using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>
/// People that a push may have taken off its list with calls whose answers it did not hear. A resume takes their entries out, to decide about them anew. Until
/// they have an outcome, their ids stay beside the sums of the list: that process may be killed, too.
/// </summary>
internal static class LostRemovals
{
    /// <summary>The ids of these people.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="pushKey">The push.</param>
    /// <param name="push">Its status.</param>
    public static HashSet<long> Find(PushJournal journal, long pushKey, PushStatus push)
    {
        var ids = journal.Rows.GetPeople(pushKey, Stage.SentOff).Select(entry => entry.MarketoId!.Value).ToHashSet();
        if (KeptOf(journal, push) is not [_, ..] kept) return ids;
        var settled = journal.Rows.GetIds(pushKey, [PersonOutcome.Removed, PersonOutcome.NotMember, PersonOutcome.Rejected]);
        ids.UnionWith(kept.Where(id => !settled.Contains(id)));
        return ids;
    }

    /// <summary>Keeps these ids, before the entries of the people are taken out.</summary>
    /// <inheritdoc cref="Find"/>
    public static void Keep(PushJournal journal, long pushKey, PushStatus push)
    {
        var ids = Find(journal, pushKey, push);
        if (ids.Count == 0 || PushReceipt.ParseList(journal.Pushes.GetReceipt(push.Id)) is not { } list) return;
        journal.Pushes.SaveReceipt(pushKey, PushReceipt.TextOf(list with { SentOff = [.. ids.Order()] }));
    }

    /// <summary>People that other pushes may have taken off a list.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="generation">The generation with which those pushes have worked.</param>
    /// <param name="except">The push that asks.</param>
    public static IReadOnlySet<long> OfOthers(PushJournal journal, SnapshotGeneration generation, Guid except)
    {
        var sentOff = new HashSet<long>(journal.OpenEdits.GetSentOff(generation, except));
        foreach (var id in journal.OpenEdits.GetOpen(generation, except)) sentOff.UnionWith(KeptOf(journal, journal.History.Get(id)));
        return sentOff;
    }

    /// <summary>All that a push did to its list, or may have done.</summary>
    public static IReadOnlyList<ListEdit> EditsOf(PushJournal journal, PushStatus push)
    {
        var edits = LostUploads.AddTo(journal.ListEdits.Get(push.Id), journal, push);
        if (KeptOf(journal, push) is not [_, ..] kept) return edits;
        var known = edits.Select(edit => edit.MarketoId).ToHashSet();
        return [.. edits, .. kept.Where(id => !known.Contains(id)).Select(id => new ListEdit(PersonOutcome.Removed, string.Empty, PersonChange.Unchanged, id, null) { IsOpen = true })];
    }

    /// <summary>Whether a push that did not complete has begun to edit its list, or may have.</summary>
    public static bool HasOpenEdits(PushJournal journal, PushStatus push) => journal.ListEdits.HasOpen(push.Id) || KeptOf(journal, push).Count > 0;

    private static IReadOnlyList<long> KeptOf(PushJournal journal, PushStatus push) => PushReceipt.ParseList(journal.Pushes.GetReceipt(push.Id))?.SentOff ?? [];
}
