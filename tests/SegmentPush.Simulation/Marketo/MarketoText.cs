using System.Globalization;

namespace SegmentPush.Simulation.Marketo;

/// <summary>The forms in which Marketo writes values.</summary>
internal static class MarketoText
{
    /// <summary>A moment, to the second.</summary>
    public static string Of(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A number.</summary>
    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);
}
