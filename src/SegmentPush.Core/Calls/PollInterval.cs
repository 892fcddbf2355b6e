using System.Globalization;

namespace SegmentPush.Calls;

/// <summary>How long to wait between two questions about work that a server does.</summary>
internal static class PollInterval
{
    private const string Variable = "SEGMENTPUSH_POLL_SECONDS";

    /// <summary>The next interval after one.</summary>
    public static TimeSpan Next(TimeSpan wait, TimeSpan longest) => wait * 1.5 < longest ? wait * 1.5 : longest;

    /// <summary>The first interval that <c>SEGMENTPUSH_POLL_SECONDS</c> names, more than 0 and up to 30 seconds; null where it names none.</summary>
    /// <exception cref="SegmentPushException">It holds something else (<c>PollSecondsMalformed</c>).</exception>
    public static TimeSpan? FromEnvironment()
    {
        string? text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 30)
            return TimeSpan.FromSeconds(seconds);
        throw new SegmentPushException(
            "PollSecondsMalformed", $"{Variable} holds no number of seconds.", "Give it a number above 0 and up to 30, such as 2.5, or none.");
    }
}
