using System.Globalization;

namespace SegmentPush.Mappings;

/// <summary>How a push reads the values of its segment, and what it does with values that are not right for their fields.</summary>
internal sealed record ValueRules
{
    /// <summary>ISO and invariant forms, this machine's time zone, and a bad value rejects its person.</summary>
    public static ValueRules Default { get; } = new();

    /// <summary>The zone of moments that are written without an offset.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Local;

    /// <summary>The culture that dates, numbers and booleans are written in; null for ISO and invariant forms only.</summary>
    public CultureInfo? Culture { get; init; }

    /// <summary>
    /// Whether a point may stand between thousands: files with semicolons between their cells come from countries that write 1.234 for a
    /// thousand two hundred and thirty-four, and from programs that write it for one and a fraction.
    /// </summary>
    public bool IsPointUnclear { get; init; }

    /// <summary>What happens with a value that is not right for its field.</summary>
    public BadField BadField { get; init; }
}
