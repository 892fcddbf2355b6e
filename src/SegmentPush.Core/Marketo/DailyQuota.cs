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
}
