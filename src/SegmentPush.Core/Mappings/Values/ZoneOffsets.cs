namespace SegmentPush.Mappings.Values;

/// <summary>How a moment by a zone's clocks could be found.</summary>
internal enum ZoneReading
{
    /// <summary>There is one such moment.</summary>
    Found,

    /// <summary>There is none: the clocks were put forward.</summary>
    Skipped,

    /// <summary>There are two: the clocks were put back.</summary>
    Repeated,
}

/// <summary>The offsets of a time zone, for moments that are written without one. For one thread at a time.</summary>
/// <param name="zone">The zone.</param>
internal sealed class ZoneOffsets(TimeZoneInfo zone)
{
    private const int Days = 1024;

    // Wider than any offset, and than any change of one.
    private static readonly TimeSpan s_around = TimeSpan.FromHours(36);

    // Most moments of a segment lie on few days, and most days have one offset.
    private readonly (int Number, int OffsetMinutes)[] _steadyDays = new (int, int)[Days];

    /// <summary>The zone.</summary>
    public TimeZoneInfo Zone => zone;

    /// <summary>Finds the offset of a moment.</summary>
    /// <param name="local">The moment by the zone's clocks.</param>
    /// <param name="offsetMinutes">The offset in minutes, where there is one such moment.</param>
    public ZoneReading Find(DateTime local, out int offsetMinutes)
    {
        int number = (int)(local.Ticks / TimeSpan.TicksPerDay) + 1;
        ref var day = ref _steadyDays[number % Days];
        if (day.Number == number)
        {
            offsetMinutes = day.OffsetMinutes;
            return ZoneReading.Found;
        }

        var (before, after) = Around(local.Date);
        if (before == after)
        {
            day = (number, before);
            offsetMinutes = before;
            return ZoneReading.Found;
        }

        (before, after) = Around(local);
        bool isBefore = IsAt(local, before), isAfter = IsAt(local, after);
        offsetMinutes = isBefore ? before : after;
        return !isBefore && !isAfter ? ZoneReading.Skipped : isBefore && isAfter && before != after ? ZoneReading.Repeated : ZoneReading.Found;
    }

    /// <summary>Finds the first moment of a day, which is not midnight where the clocks are put forward then.</summary>
    /// <returns>The moment by the zone's clocks, and its offset in minutes; null where the zone has left out the whole day.</returns>
    public (DateTime Local, int OffsetMinutes)? StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        if (Find(midnight, out int offset) != ZoneReading.Skipped) return (midnight, offset);
        var (before, after) = Around(midnight);
        var first = midnight.AddMinutes(after - before);
        return DateOnly.FromDateTime(first) == day ? (first, after) : null;
    }

    private (int Before, int After) Around(DateTime local) => (OffsetAt(Add(local, -s_around)), OffsetAt(Add(local, s_around + TimeSpan.FromDays(1))));

    private bool IsAt(DateTime local, int offset) => OffsetAt(Add(local, TimeSpan.FromMinutes(-offset))) == offset;

    private int OffsetAt(DateTime utc) => (int)zone.GetUtcOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)).TotalMinutes;

    private static DateTime Add(DateTime moment, TimeSpan span) =>
        new(Math.Clamp(moment.Ticks + span.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks));
}
