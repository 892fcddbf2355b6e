using System.Globalization;

namespace SegmentPush.Mappings;

/// <summary>Finds the culture that the dates and numbers of a segment are written in.</summary>
internal static class ValueCulture
{
    /// <summary>The culture with a name.</summary>
    /// <param name="name">A name such as <c>de-DE</c>; null or blank for none.</param>
    /// <exception cref="SegmentPushException">There is none, or it names a language without a country (<c>CultureNotFound</c>).</exception>
    public static CultureInfo? Find(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return null;
        if (Known(name.Trim().Replace('_', '-')) is not { Name.Length: > 0 } culture)
            throw NotFound($"There is no culture '{name}'.", name);

        // The same language is written with the day first in one country and with the month first in another.
        return culture.IsNeutralCulture
            ? throw NotFound($"The culture '{name}' is a language without a country, which does not tell how dates are written.", name)
            : culture;
    }

    private static CultureInfo? Known(string name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name, predefinedOnly: true);
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }

    private static SegmentPushException NotFound(MessageText message, string name) => new(
        "CultureNotFound", message, "Give one such as de-DE or en-GB; Get-Culture -ListAvailable shows all.", name);
}
