using SegmentPush.Journal;

namespace SegmentPush.Commands;

/// <summary>Reads what -Id was given.</summary>
internal static class PushIdParameter
{
    /// <summary>The pushes that texts name. A text that names none, or several, fails alone.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="texts">Whole ids, or the last digits of them.</param>
    /// <param name="fail">Takes the error of a text, and the text.</param>
    public static List<Guid> Resolve(PushJournal journal, IEnumerable<string> texts, Action<SegmentPushException, string> fail)
    {
        var ids = new List<Guid>();
        foreach (string text in texts)
        {
            try
            {
                ids.Add(journal.FindId(text));
            }
            catch (SegmentPushException error) when (error.ErrorId.StartsWith("PushId", StringComparison.Ordinal) || error.ErrorId == "PushNotFound")
            {
                fail(error, text);
            }
        }

        return ids;
    }
}
