using System.Globalization;

namespace SegmentPush.Marketo;

/// <summary>Reads the forms in which Marketo writes a moment: <c>2017-07-27T01:38:33Z</c>, with <c>+0000</c>, or both.</summary>
internal static class MarketoTime
{
    public static DateTimeOffset? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var both = text.IndexOf("Z+", StringComparison.OrdinalIgnoreCase);
        var plain = both < 0 ? text : text.Remove(both, 1);
        return DateTimeOffset.TryParse(
            plain,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces,
            out var moment)
            ? moment
            : null;
    }
}
