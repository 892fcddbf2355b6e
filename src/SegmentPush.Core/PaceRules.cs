namespace SegmentPush;

/// <summary>What the pace of one process and the pace of all have in common.</summary>
internal static class PaceRules
{
    /// <summary>The least that a pace is halved to.</summary>
    public const double LeastShare = 0.125;

    /// <summary>Marketo's window, by its own clock.</summary>
    public static readonly TimeSpan MarketoWindow = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a call takes a place after its answer. Marketo counts a call when it arrives, which is before its answer. So the next call in that place arrives
    /// at least 20 s later, however long calls are on their way. The rest is for clocks that run at different speeds or are corrected meanwhile.
    /// </summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(20.1);

    /// <summary>How long a pace takes from nothing to whole.</summary>
    public static readonly TimeSpan FullRecovery = TimeSpan.FromMinutes(2);

    /// <summary>The longest pause that Marketo's Retry-After is followed for.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>By how much the clock of another process may be ahead. A moment further ahead was written before the clock was put back, and means nothing.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(3);

    /// <summary>A share as it has recovered since it was halved.</summary>
    public static double Recovered(double share, TimeSpan since) => Math.Min(1, share + (Math.Max(0, since.Ticks) / (double)FullRecovery.Ticks));
}
