using System.Globalization;

namespace SegmentPush.Mappings.Values;

/// <summary>How a text could be read as a day or a moment.</summary>
internal enum CalendarReading
{
    /// <summary>It was read.</summary>
    Read,

    /// <summary>It has another form.</summary>
    OtherForm,

    /// <summary>It has the form, and no calendar has this day, or no clock this time.</summary>
    DoesNotExist,

    /// <summary>It has the form of ISO 8601, and a year of the culture's own calendar.</summary>
    TwoCalendars,
}

/// <summary>A day, or a moment of a day, as a text names it.</summary>
internal struct CalendarMoment
{
    /// <summary>The day, in the Gregorian calendar.</summary>
    public DateOnly Day;

    /// <summary>Whether the text names a time of the day.</summary>
    public bool HasTime;

    /// <summary>The time of the day in whole seconds.</summary>
    public TimeSpan Time;

    /// <summary>Where the digits of the fraction of the second are in the text; an empty range where there are none.</summary>
    public Range Fraction;

    /// <summary>Minutes by which the clock is ahead of UTC; null where the text does not say.</summary>
    public int? OffsetMinutes;

    private const int LongestOffsetMinutes = 14 * 60;

    /// <summary>Reads what follows the day: nothing, or a time with or without an offset.</summary>
    /// <param name="cursor">Stands after the day.</param>
    /// <param name="clock">The words of a culture for the halves of the day; null where it has 24 hours.</param>
    public CalendarReading ReadTime(ref TextCursor cursor, DateTimeFormatInfo? clock = null)
    {
        if (cursor.IsAtEnd) return CalendarReading.Read;
        if (!cursor.TryTake('T') && !cursor.TryTake('t') && !cursor.TryTake(' ')) return CalendarReading.OtherForm;
        if (!cursor.TryTakeNumber(1, 2, out int hour) || !cursor.TryTake(':') || !cursor.TryTakeNumber(2, 2, out int minute))
            return CalendarReading.OtherForm;

        int second = 0;
        if (cursor.TryTake(':'))
        {
            if (!cursor.TryTakeNumber(2, 2, out second)) return CalendarReading.OtherForm;
            if ((cursor.TryTake('.') || cursor.TryTake(',')) && !cursor.TryTakeDigits(1, 9, out Fraction)) return CalendarReading.OtherForm;
        }

        if (clock is not null && !TryTakeHalf(ref cursor, clock, ref hour)) return CalendarReading.DoesNotExist;
        if (!TryTakeOffset(ref cursor) || !cursor.IsAtEnd) return CalendarReading.OtherForm;
        if (hour > 23 || minute > 59 || second > 59) return CalendarReading.DoesNotExist;
        HasTime = true;
        Time = new TimeSpan(hour, minute, second);
        return CalendarReading.Read;
    }

    // The hours of a half are 12, 1, 2 ... 11.
    private static bool TryTakeHalf(ref TextCursor cursor, DateTimeFormatInfo clock, ref int hour)
    {
        bool isMorning = cursor.TryTakeWord(clock.AMDesignator), isEvening = !isMorning && cursor.TryTakeWord(clock.PMDesignator);
        if (!isMorning && !isEvening) return true;
        if (hour is < 1 or > 12) return false;
        hour = (hour % 12) + (isEvening ? 12 : 0);
        return true;
    }

    // Z, UTC, GMT, +01, +0100, +01:00, each with or without the zone's name in brackets; or nothing.
    private bool TryTakeOffset(ref TextCursor cursor)
    {
        cursor.SkipBlank();
        if (cursor.IsAtEnd) return true;
        if (cursor.TryTakeWord("Z") || cursor.TryTakeWord("UTC") || cursor.TryTakeWord("GMT"))
        {
            OffsetMinutes = 0;
        }
        else
        {
            bool isBehind = cursor.TryTake('-');
            if ((!isBehind && !cursor.TryTake('+')) || !cursor.TryTakeNumber(2, 2, out int hours)) return false;
            int minutes = 0;
            if (cursor.TryTake(':') ? !cursor.TryTakeNumber(2, 2, out minutes) : cursor.IsAtDigit && !cursor.TryTakeNumber(2, 2, out minutes)) return false;
            int offset = (60 * hours) + minutes;
            if (minutes > 59 || offset > LongestOffsetMinutes) return false;
            OffsetMinutes = isBehind ? -offset : offset;
        }

        return cursor.IsAtEnd || cursor.TryTakeBrackets();
    }
}
