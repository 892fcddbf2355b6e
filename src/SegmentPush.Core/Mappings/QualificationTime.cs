using System.Globalization;

namespace SegmentPush.Mappings;

/// <summary>Reads the time at which a person came into an audience, or left it.</summary>
internal static class QualificationTime
{
    /// <summary>Ticks of the time, UTC; 0 where a text is none.</summary>
    public static long Parse(ReadOnlySpan<char> text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time.UtcTicks : 0;
}
