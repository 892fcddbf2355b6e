using System.Buffers;
using System.Globalization;

namespace SegmentPush.Mappings.Values;

/// <summary>Reads text of a column of days or moments, in ISO forms and in those of a culture where one is named.</summary>
/// <param name="culture">The culture; null for none.</param>
internal sealed class CalendarText(CultureInfo? culture)
{
    private readonly CultureDates? _cultureDates = culture is null ? null : new CultureDates(culture);

    /// <summary>Reads a text without outer blanks.</summary>
    public CalendarReading Read(ReadOnlySpan<char> text, out CalendarMoment moment)
    {
        var reading = IsoText.Read(text, out moment);
        if (_cultureDates is null) return reading;
        return reading switch
        {
            CalendarReading.OtherForm => _cultureDates.Read(text, out moment),
            CalendarReading.Read when _cultureDates.IsYearOfCalendar(moment.Day.Year) => CalendarReading.TwoCalendars,
            _ => reading,
        };
    }

    /// <summary>The faults of a field's texts.</summary>
    /// <param name="code">Their code.</param>
    /// <param name="what">The field and what it is, to begin a sentence with.</param>
    /// <param name="example">A right value.</param>
    public CalendarFaults FaultsOf(string code, MessageText what, string example) => new(
        new ValueFault(code, culture is null
            ? (MessageText)$"{what}; write it as {example}, or name the culture of the file with -Culture."
            : $"{what}; write it as {example}, or as {culture.Name} does, with four digits of the year."),
        new ValueFault(code, $"{what}; this is a bare number, which does not tell from which day and in which unit it counts. Write it as {example}."),
        new ValueFault(code, $"{what}; the calendar has no such day, or the clock no such time (the last one is 23:59:59). Write it as {example}."),
        new ValueFault(code, culture is null
            ? (MessageText)$"{what}; write it as {example}, or name the culture of the file with -Culture."
            : $"{what}; the year of this one may be of the calendar of {culture.Name} or of ISO 8601. Write it as {culture.Name} does with slashes, or as {example}."));
}

/// <summary>What can be wrong with the texts of a field of days or moments.</summary>
internal sealed record CalendarFaults(ValueFault OtherForm, ValueFault BareNumber, ValueFault DoesNotExist, ValueFault TwoCalendars)
{
    private static readonly SearchValues<char> s_ofNumbers = SearchValues.Create("+-.,0123456789");

    /// <summary>The fault of a text that could not be read.</summary>
    public ValueFault Of(CalendarReading reading, ReadOnlySpan<char> text) =>
        reading == CalendarReading.DoesNotExist ? DoesNotExist
        : reading == CalendarReading.TwoCalendars ? TwoCalendars
        : text.ContainsAnyExcept(s_ofNumbers) || text.Count('.') > 1 || text.LastIndexOf('-') > 0 ? OtherForm
        : BareNumber;
}

/// <summary>Days. A moment gives its day as it is written; its offset is not applied.</summary>
internal sealed class DateReader : IValueReader
{
    private readonly CalendarText _text;
    private readonly CalendarFaults _faults;

    /// <summary>Makes a reader.</summary>
    /// <param name="field">Name of the field, for the fault.</param>
    /// <param name="culture">The culture that dates are written in; null for ISO forms only.</param>
    public DateReader(string field, CultureInfo? culture)
    {
        _text = new CalendarText(culture);
        _faults = _text.FaultsOf("NotADate", $"Field '{field}' is a date", "2026-01-31");
    }

    public ValueFault? Read(ReadOnlySpan<char> text, Span<char> scratch, out ReadOnlySpan<char> value)
    {
        value = default;
        var trimmed = text.Trim();
        if (trimmed.IsEmpty) return null;
        var reading = _text.Read(trimmed, out var moment);
        if (reading != CalendarReading.Read) return _faults.Of(reading, trimmed);
        moment.Day.TryFormat(scratch, out int length, "O", CultureInfo.InvariantCulture);
        value = scratch[..length];
        return null;
    }
}

/// <summary>Moments. One without an offset belongs to a time zone, and a day alone begins with its first moment there.</summary>
internal sealed class MomentReader : IValueReader
{
    private readonly CalendarText _text;
    private readonly CalendarFaults _faults;
    private readonly ValueFault _skipped, _repeated;
    private readonly ZoneOffsets _offsets;

    /// <summary>Makes a reader.</summary>
    /// <param name="field">Name of the field, for the fault.</param>
    /// <param name="zone">The zone of moments without an offset.</param>
    /// <param name="culture">The culture that dates are written in; null for ISO forms only.</param>
    public MomentReader(string field, TimeZoneInfo zone, CultureInfo? culture)
    {
        _text = new CalendarText(culture);
        _faults = _text.FaultsOf("NotADateTime", $"Field '{field}' is a date and time", "2026-01-31T14:05:00Z");
        _offsets = new ZoneOffsets(zone);
        _skipped = new ValueFault(
            "TimeSkipped", $"Field '{field}' is a date and time, and this one does not exist in the time zone {zone.Id}, where the clocks were put forward; correct it, or write its offset.");
        _repeated = new ValueFault(
            "TimeRepeated", $"Field '{field}' is a date and time, and this one exists twice in the time zone {zone.Id}, where the clocks were put back; write its offset, as in 2026-01-31T14:05:00+01:00.");
    }

    public ValueFault? Read(ReadOnlySpan<char> text, Span<char> scratch, out ReadOnlySpan<char> value)
    {
        value = default;
        var trimmed = text.Trim();
        if (trimmed.IsEmpty) return null;
        var reading = _text.Read(trimmed, out var moment);
        if (reading != CalendarReading.Read) return _faults.Of(reading, trimmed);

        var local = moment.Day.ToDateTime(TimeOnly.MinValue) + moment.Time;
        int offset = moment.OffsetMinutes ?? 0;
        if (!moment.HasTime)
        {
            if (_offsets.StartOf(moment.Day) is not var (first, offsetThen)) return _skipped;
            (local, offset) = (first, offsetThen);
        }
        else if (moment.OffsetMinutes is null)
        {
            var found = _offsets.Find(local, out offset);
            if (found != ZoneReading.Found) return found == ZoneReading.Skipped ? _skipped : _repeated;
        }

        value = Write(local, trimmed[moment.Fraction].TrimEnd('0'), offset, scratch);
        return null;
    }

    private static ReadOnlySpan<char> Write(DateTime local, ReadOnlySpan<char> fraction, int offsetMinutes, Span<char> scratch)
    {
        local.TryFormat(scratch, out int length, "s", CultureInfo.InvariantCulture);
        if (!fraction.IsEmpty)
        {
            scratch[length++] = '.';
            fraction.CopyTo(scratch[length..]);
            length += fraction.Length;
        }

        if (offsetMinutes == 0)
        {
            scratch[length++] = 'Z';
            return scratch[..length];
        }

        scratch[length++] = offsetMinutes < 0 ? '-' : '+';
        var (hours, minutes) = Math.DivRem(Math.Abs(offsetMinutes), 60);
        hours.TryFormat(scratch[length..], out _, "00", CultureInfo.InvariantCulture);
        scratch[length + 2] = ':';
        minutes.TryFormat(scratch[(length + 3)..], out _, "00", CultureInfo.InvariantCulture);
        return scratch[..(length + 5)];
    }
}
