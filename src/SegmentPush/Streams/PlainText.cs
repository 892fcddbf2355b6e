using System.Globalization;

namespace SegmentPush.Streams;

/// <summary>Values of PowerShell as text, in forms that are the same on every machine and in every culture.</summary>
internal static class PlainText
{
    /// <summary>Writes a value.</summary>
    /// <param name="value">The value, without a wrapper.</param>
    /// <param name="text">Its text: dates and times as ISO 8601 with their time and zone, numbers and booleans in invariant form; null for none.</param>
    /// <param name="isTyped">Whether it is a number, a date or a boolean rather than text.</param>
    /// <returns>False where it is a list or an object.</returns>
    public static bool TryWrite(object value, out string? text, out bool isTyped)
    {
        isTyped = false;
        text = null;

        // Programs write NaN for a number that is missing.
        if (value is double.NaN or float.NaN) return true;
        isTyped = value is bool or DateTime or DateTimeOffset or DateOnly or IFormattable and not Enum;
        text = value switch
        {
            string s => s,
            bool flag => flag ? "true" : "false",
            DateTime moment => moment.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture),
            DateTimeOffset moment => moment.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Enum or Uri or Version => value.ToString(),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => null,
        };
        return text is not null || value is DBNull;
    }
}
