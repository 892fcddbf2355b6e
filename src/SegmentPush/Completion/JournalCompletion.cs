using System.Management.Automation;
using SegmentPush.Journal;

namespace SegmentPush.Completion;

/// <summary>What completers offer comes from the journal alone: a completer must not wait for a network, or fail.</summary>
internal static class JournalCompletion
{
    private const int MostPushes = 200;

    public static IEnumerable<PushStatus> RecentPushes() => Read(journal => journal.GetPushes(new PushFilter { Last = MostPushes }));

    public static IEnumerable<DestinationEntry> Destinations() => Read(journal => journal.GetDestinations());

    private static IReadOnlyList<T> Read<T>(Func<PushJournal, IReadOnlyList<T>> read)
    {
        try
        {
            using var journal = PushJournal.OpenToRead();
            return read(journal);
        }
        catch (SegmentPushException)
        {
            return [];
        }
    }

    public static IEnumerable<CompletionResult> Matching(string wordToComplete, IEnumerable<(string Text, string ToolTip)> candidates)
    {
        string word = wordToComplete.Trim('\'', '"');
        foreach (var (text, toolTip) in candidates.DistinctBy(candidate => candidate.Text))
        {
            if (!text.StartsWith(word, StringComparison.OrdinalIgnoreCase)) continue;
            string quoted = text.All(char.IsLetterOrDigit) ? text : "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
            yield return new CompletionResult(quoted, text, CompletionResultType.ParameterValue, toolTip);
        }
    }
}
