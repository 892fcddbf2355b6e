using SegmentPush.Journal;

namespace SegmentPush.Completion;

/// <summary>What completers offer of the journal that the line names; nothing where there is none.</summary>
internal static class JournalCompletion
{
    private const int MostPushes = 200;

    /// <summary>The newest pushes.</summary>
    public static IEnumerable<PushStatus> RecentPushes(CompletionLine line) => Read(line, journal => journal.History.Get(new PushFilter { Last = MostPushes }));

    /// <summary>The saved destinations.</summary>
    public static IEnumerable<DestinationEntry> Destinations(CompletionLine line) => Read(line, journal => journal.Destinations.GetAll());

    private static IReadOnlyList<T> Read<T>(CompletionLine line, Func<PushJournal, IReadOnlyList<T>> read)
    {
        using var journal = PushJournal.OpenToRead(line.Journal);
        return read(journal);
    }
}
