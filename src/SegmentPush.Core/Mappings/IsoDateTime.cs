using System.Globalization;

namespace SegmentPush.Mappings;

/// <summary>The ISO 8601 forms of a point in time that Marketo takes.</summary>
internal static class IsoDateTime
{
    // K takes Z, an offset, or nothing; the fraction has up to seven digits.
    private static readonly string[] s_forms =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd",
    ];

    public static bool IsValid(ReadOnlySpan<char> text) =>
        DateTimeOffset.TryParseExact(text, s_forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
}
