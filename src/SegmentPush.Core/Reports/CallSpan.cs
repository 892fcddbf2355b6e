using SegmentPush.Journal;

namespace SegmentPush.Reports;

/// <summary>Calls of a push in a span of time.</summary>
/// <param name="Began">When the span began, UTC.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Calls">API calls made in it.</param>
/// <param name="Permitted">Most calls that the push's connection makes in such a span.</param>
internal sealed record CallSpan(DateTimeOffset Began, TimeSpan Length, long Calls, double Permitted)
{
    // As many columns can be told apart on a telephone.
    private const int MostSpans = 60;

    /// <summary>Spans of one length from the first call of a push to its last one.</summary>
    /// <param name="counts">How many calls had been made at some moments.</param>
    /// <param name="started">When the push began.</param>
    public static IReadOnlyList<CallSpan> Of(IReadOnlyList<CallCount> counts, DateTimeOffset started)
    {
        if (counts.Count == 0) return [];
        var window = PaceRules.MarketoWindow;
        long windows = ((counts[^1].At - started) / window) is > 0 and var last ? (long)last + 1 : 1;
        var length = window * ((windows + MostSpans - 1) / MostSpans);
        double permitted = counts[^1].PerWindow * (length / window);
        long[] calls = new long[(int)Math.Ceiling(windows * window / length)];
        long before = 0;
        foreach (var count in counts)
        {
            int span = Math.Clamp((int)((count.At - started) / length), 0, calls.Length - 1);
            calls[span] += Math.Max(0, count.Calls - before);
            before = count.Calls;
        }

        return [.. calls.Select((made, i) => new CallSpan(started + (length * i), length, made, permitted))];
    }
}
