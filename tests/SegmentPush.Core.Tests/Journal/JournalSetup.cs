using SegmentPush.Journal;

namespace SegmentPush.Core.Tests.Journal;

internal static class JournalSetup
{
    /// <summary>Enters a push that is never resumed.</summary>
    public static long BeginPush(this PushJournal journal, PushStatus status) =>
        journal.Begin(status, "{}", [.. status.Source.Select(name => new JournalSource(name, ',', default, null))]);
}
