using System.Globalization;

namespace SegmentPush.Mappings.Values;

/// <summary>
/// Days and moments in numbers as a culture writes them: in its order and calendar, with a point, a slash or a hyphen between, and with
/// four digits of the year, because two don't tell the century.
/// </summary>
internal sealed class CultureDates
{
    // The years that people live in.
    private static readonly DateTime s_first = new(1800, 1, 1), s_last = new(2199, 12, 31);

    private readonly DateTimeFormatInfo _format;
    private readonly int _firstYear, _lastYear;
    private readonly int _dayAt, _monthAt, _yearAt;

    /// <summary>Takes the order from a culture's short form of a date.</summary>
    public CultureDates(CultureInfo culture)
    {
        _format = culture.DateTimeFormat;
        string pattern = _format.ShortDatePattern;
        int day = pattern.IndexOf('d', StringComparison.Ordinal), month = pattern.IndexOf('M', StringComparison.Ordinal), year = pattern.IndexOf('y', StringComparison.Ordinal);
        _dayAt = (month < day ? 1 : 0) + (year < day ? 1 : 0);
        _monthAt = (day < month ? 1 : 0) + (year < month ? 1 : 0);
        _yearAt = 3 - _dayAt - _monthAt;
        (_firstYear, _lastYear) = YearsOf(_format.Calendar);
    }

    /// <summary>Whether a year is one of our time in the culture's calendar, and another one in that of ISO 8601.</summary>
    public bool IsYearOfCalendar(int year) => year >= _firstYear && year <= _lastYear;

    /// <summary>Reads a text without outer blanks.</summary>
    public CalendarReading Read(ReadOnlySpan<char> text, out CalendarMoment moment)
    {
        moment = default;
        var cursor = new TextCursor(text);
        Span<int> parts = stackalloc int[3];
        char between = default;
        for (int i = 0; i < parts.Length; i++)
        {
            if (i > 0 && !TryTakeBetween(ref cursor, ref between)) return CalendarReading.OtherForm;
            bool isYear = i == _yearAt;
            if (!cursor.TryTakeNumber(isYear ? 4 : 1, isYear ? 4 : 2, out parts[i])) return CalendarReading.OtherForm;
        }

        // As in Hungarian, or in German before a time: 31.01.2026, 14:05.
        if (!cursor.TryTake(',')) cursor.TryTake('.');
        var reading = moment.ReadTime(ref cursor, _format);
        if (reading != CalendarReading.Read) return reading;
        return TryFind(parts[_yearAt], parts[_monthAt], parts[_dayAt], out moment.Day) ? CalendarReading.Read : CalendarReading.DoesNotExist;
    }

    private static (int First, int Last) YearsOf(Calendar calendar)
    {
        if (calendar is GregorianCalendar) return (int.MaxValue, int.MinValue);
        var (first, last) = (calendar.MinSupportedDateTime, calendar.MaxSupportedDateTime);
        return (calendar.GetYear(first > s_first ? first : s_first), calendar.GetYear(last < s_last ? last : s_last));
    }

    // The same character both times, with a blank after it or without.
    private static bool TryTakeBetween(ref TextCursor cursor, ref char between)
    {
        if (between == default) between = cursor.TryTake('.') ? '.' : cursor.TryTake('/') ? '/' : cursor.TryTake('-') ? '-' : default;
        else if (!cursor.TryTake(between)) return false;
        cursor.SkipBlank();
        return between != default;
    }

    private bool TryFind(int year, int month, int day, out DateOnly found)
    {
        found = default;
        var calendar = _format.Calendar;
        if (year < calendar.GetYear(calendar.MinSupportedDateTime) || year > calendar.GetYear(calendar.MaxSupportedDateTime)) return false;
        if (month < 1 || month > calendar.GetMonthsInYear(year) || day < 1 || day > calendar.GetDaysInMonth(year, month)) return false;
        try
        {
            found = DateOnly.FromDateTime(calendar.ToDateTime(year, month, day, 0, 0, 0, 0));
            return true;
        }
        catch (ArgumentOutOfRangeException)
        {
            // A calendar's first and last year have days that it can't turn into others.
            return false;
        }
    }
}
