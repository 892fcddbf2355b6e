using System.Globalization;

namespace SegmentPush.Schedules;

/// <summary>The times of a day at which a task starts, in the words of each scheduler.</summary>
internal sealed record TaskTimes
{
    private const int HoursOfDay = 24;
    private const int MinutesOfHour = 60;

    private TaskTimes(TimeOnly at, TimeSpan? every)
    {
        At = at;
        Every = every;
        int step = (int)(every?.TotalMinutes ?? (HoursOfDay * MinutesOfHour));
        int first = (at.Hour * MinutesOfHour) + at.Minute;
        int[] all = [.. Enumerable.Range(0, HoursOfDay * MinutesOfHour / step).Select(i => (first + (i * step)) % (HoursOfDay * MinutesOfHour)).Order()];
        Minutes = [.. all.Select(minute => minute % MinutesOfHour).Distinct().Order()];
        Hours = [.. all.Select(minute => minute / MinutesOfHour).Distinct()];
    }

    /// <summary>The time that the user gave.</summary>
    public TimeOnly At { get; }

    /// <summary>How often; null for once a day.</summary>
    public TimeSpan? Every { get; }

    /// <summary>Hours of the day; with each of them go all minutes.</summary>
    public IReadOnlyList<int> Hours { get; }

    /// <summary>Minutes of these hours.</summary>
    public IReadOnlyList<int> Minutes { get; }

    /// <summary>Times of a day.</summary>
    /// <param name="at">One of them; its seconds do not count.</param>
    /// <param name="every">How often; null or a day for once. A crontab knows only parts of an hour and parts of a day, and all schedulers are to mean the same.</param>
    /// <exception cref="SegmentPushException">It is no part of an hour or a day in whole minutes (<c>EveryNotSuitable</c>).</exception>
    public static TaskTimes Of(TimeOnly at, TimeSpan? every)
    {
        var start = new TimeOnly(at.Hour, at.Minute);
        if (every is null || every == TimeSpan.FromDays(1)) return new TaskTimes(start, null);
        double minutes = every.Value.TotalMinutes;
        bool isPartOfHour = minutes is >= 1 and <= MinutesOfHour && MinutesOfHour % minutes == 0;
        bool isPartOfDay = minutes > MinutesOfHour && minutes % MinutesOfHour == 0 && HoursOfDay % (minutes / MinutesOfHour) == 0;
        return isPartOfHour || isPartOfDay ? new TaskTimes(start, every) : throw new SegmentPushException(
            "EveryNotSuitable",
            $"-Every {every.Value} divides neither an hour nor a day into equal parts of whole minutes.",
            "Give one such as 15m, 30m, 1h, 2h, 6h or 12h; without -Every the task starts once a day.",
            "Every");
    }

    /// <summary>The first start after a moment.</summary>
    public DateTimeOffset NextAfter(DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        var times = from hour in Hours from minute in Minutes select new TimeSpan(hour, minute, 0);
        var next = times.Select(time => local.Date + (time > local.TimeOfDay ? time : time + TimeSpan.FromDays(1))).Min();

        // A time that a change of the clock leaves out comes an hour later.
        if (zone.IsInvalidTime(next)) next = next.AddHours(1);
        return new DateTimeOffset(next, zone.GetUtcOffset(next));
    }

    /// <summary>The five fields of a line of a crontab.</summary>
    public string ToCron() => $"{Join(Minutes, "")} {(Hours.Count == HoursOfDay ? "*" : Join(Hours, ""))} * * *";

    /// <summary>The time as systemd's OnCalendar has it.</summary>
    public string ToSystemd() => $"*-*-* {(Hours.Count == HoursOfDay ? "*" : Join(Hours, "00"))}:{Join(Minutes, "00")}:00";

    private static string Join(IReadOnlyList<int> numbers, string format) =>
        string.Join(',', numbers.Select(number => number.ToString(format, CultureInfo.InvariantCulture)));
}
