using System.Globalization;

namespace SegmentPush.Streams;

/// <summary>Moments as the views show them: in local time, to the minute, in one form for all cultures.</summary>
internal static class ShownTime
{
    /// <summary>Such as <c>2026-03-31 14:05</c>.</summary>
    public static string Of(DateTimeOffset moment) => moment.LocalDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
