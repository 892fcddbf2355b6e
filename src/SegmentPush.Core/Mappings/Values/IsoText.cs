using System.Runtime.CompilerServices;

namespace SegmentPush.Mappings.Values;

/// <summary>
/// Days and moments as programs write them: ISO 8601 in its usual spellings, with a <c>T</c> or a blank between day and time, up to
/// nine digits of a fraction, and Z, UTC or an offset.
/// </summary>
internal static class IsoText
{
    /// <summary>Reads a text without outer blanks.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public static CalendarReading Read(ReadOnlySpan<char> text, out CalendarMoment moment)
    {
        moment = default;
        var cursor = new TextCursor(text);
        if (!cursor.TryTakeNumber(4, 4, out int year) || !cursor.TryTake('-')
            || !cursor.TryTakeNumber(1, 2, out int month) || !cursor.TryTake('-')
            || !cursor.TryTakeNumber(1, 2, out int day))
        {
            return CalendarReading.OtherForm;
        }

        var reading = moment.ReadTime(ref cursor);
        if (reading != CalendarReading.Read) return reading;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return CalendarReading.DoesNotExist;
        moment.Day = new DateOnly(year, month, day);
        return CalendarReading.Read;
    }
}
