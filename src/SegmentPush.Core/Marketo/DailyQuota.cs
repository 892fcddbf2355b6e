using System.Globalization;

namespace SegmentPush.Marketo;

/// <summary>When Marketo counts a new day: at midnight US Central, daylight saving included.</summary>
internal static class DailyQuota
{
    private static readonly TimeZoneInfo s_central = TimeZoneInfo.FindSystemTimeZoneById("America/Chicago");

    /// <summary>The first reset after a moment.</summary>
    public static DateTimeOffset NextReset(DateTimeOffset now)
    {
        var midnight = TimeZoneInfo.ConvertTime(now, s_central).Date.AddDays(1);
        return new DateTimeOffset(midnight, s_central.GetUtcOffset(midnight));
    }

    /// <summary>The day that Marketo is counting at a moment.</summary>
    public static DateOnly DayOf(DateTimeOffset now) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, s_central).Date);

    /// <summary>The error of a call that was not sent because it would take from the reserve.</summary>
    public static MarketoException ReserveReached(MarketoCall call, long used, DateTimeOffset now)
    {
        var resets = NextReset(now);
        return new MarketoException(
            ErrorClasses.Of("DailyReserveReached"),
            call.Name,
            MessageText.Plural(
                used,
                $"{call.Name} was not sent: {used:N0} call has been made today by all integrations, and what is left of the daily quota is the reserve. {TextOf(resets)}",
                $"{call.Name} was not sent: {used:N0} calls have been made today by all integrations, and what is left of the daily quota is the reserve. {TextOf(resets)}"),
            new FailureFacts { QuotaResets = resets });
    }

    /// <summary>A sentence that says when the quota resets: in local time with its offset from UTC.</summary>
    public static MessageText TextOf(DateTimeOffset resets) =>
        $"The daily quota resets at {resets.ToLocalTime():yyyy-MM-dd HH:mm} (00:00 US Central).";
}
