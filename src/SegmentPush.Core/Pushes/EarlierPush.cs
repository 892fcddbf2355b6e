using SegmentPush.Journal;
using SegmentPush.Segments;

namespace SegmentPush.Pushes;

/// <summary>Finds whether the newest complete push of a destination has done just what another one is about to do.</summary>
internal static class EarlierPush
{
    private const int PushesAtOnce = 500;

    /// <summary>Checks that a push can be compared with earlier ones.</summary>
    /// <exception cref="SegmentPushException">Its people come from no file (<c>ParameterConflict</c>).</exception>
    public static void Check(IReadOnlyList<PushSource> sources)
    {
        if (sources.All(source => source.File is not null)) return;
        throw new SegmentPushException(
            "ParameterConflict",
            "-Once compares the content of files, and the people come from a pipeline or an audience.",
            "Leave -Once out, or push files.",
            "Once");
    }

    /// <summary>The push that has done the same: the same content, read and mapped by the same rules, into the same list.</summary>
    /// <param name="journal">The journal. The caller holds the lock of the list, so that no push into it runs.</param>
    /// <param name="options">What is to be done, for a destination.</param>
    /// <param name="sources">The files.</param>
    /// <param name="listId">REST id of the list.</param>
    /// <returns>Null where there is none, or where clocks and the order of the pushes disagree about which one was the newest.</returns>
    public static PushStatus? Find(PushJournal journal, PushOptions options, IReadOnlyList<PushSource> sources, long listId)
    {
        var complete = journal.Pushes.Get(new PushFilter { States = [PushState.Completed], StaticListId = listId }, null, PushesAtOnce)
            .Where(push => push.Status.Instance == options.Connection.Instance
                && string.Equals(push.Status.Destination, options.Destination!.Destination.Name, StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (complete.Count == 0) return null;
        var newest = complete.MaxBy(push => push.Key)!;
        if (newest.Status.Ended < complete.Max(push => push.Status.Ended)) return null;
        var (request, asked) = journal.Pushes.GetAsked(newest.Key);
        bool isSame = request is not null
            && WhatCounts(PushRequest.Parse(request)) == WhatCounts(PushRequest.Of(options))
            && ContentOf(asked).SequenceEqual(ContentOf([.. sources.Select(source => source.ForJournal())]));
        return isSame && !HasChangedSince(journal, newest) ? newest.Status : null;
    }

    // A later push that was stopped, an older one that was resumed since, an undo, or a push of another destination may have brought the list out of step.
    private static bool HasChangedSince(PushJournal journal, StoredPush newest) => ListChanges.FindLater(journal, newest.Status, newest.Status.StoodAt)
        .Any(push => ListChanges.HasAny(journal, push.Status) || MayHaveWritten(push.Status, newest.Status));

    // A push of the same destination that did not complete may have left newer fields than those of the segment. An import does not tell whose fields it changed.
    private static bool MayHaveWritten(PushStatus push, PushStatus newest) => push.State is not (PushState.Completed or PushState.AlreadyPushed)
        && string.Equals(push.Destination, newest.Destination, StringComparison.OrdinalIgnoreCase)
        && push.Changed is not null;

    // Where rejected rows go, how the journal keeps identities, which list a plan was made for, and whether the guard was asked, changes nobody on the list
    // that a complete push has left.
    private static string WhatCounts(PushRequest request) => (request with
    {
        RejectPath = null,
        JournalIdentity = JournalIdentity.Plain,
        Destination = request.Destination is { } destination ? destination with { PlannedList = null, Force = false } : null,
    }).ToText();

    // The same content under another name is the same.
    private static IEnumerable<string> ContentOf(IEnumerable<SourceEntry> sources) =>
        sources.Select(source => source.Form).OfType<string>().Select(form => SavedForm.Parse(form).ToText()).Order(StringComparer.Ordinal);
}
