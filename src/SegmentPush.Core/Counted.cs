using System.Globalization;

namespace SegmentPush;

/// <summary>A number with the noun that it counts, in the singular or the plural.</summary>
internal static class Counted
{
    /// <summary>Such as <c>1 person</c>, <c>2 people</c>.</summary>
    public static string People(long count) => Of(count, "person", "people");

    /// <summary>Such as <c>1 row</c>, <c>2 rows</c>.</summary>
    public static string Rows(long count) => Of(count, "row");

    /// <summary>Such as <c>1 call</c>, <c>2 calls</c>.</summary>
    public static string Calls(long count) => Of(count, "call");

    /// <summary>The number with its thousands grouped, written without a culture.</summary>
    public static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The number and its noun.</summary>
    /// <param name="count">The number.</param>
    /// <param name="one">The noun for one.</param>
    /// <param name="many">The noun for none and for several; null for <paramref name="one"/> with an s.</param>
    public static string Of(long count, string one, string? many = null) =>
        $"{Number(count)} {Noun(count, one, many)}";

    /// <summary>The form of a word that goes with a number, such as <c>was</c> or <c>were</c>.</summary>
    /// <param name="count">The number.</param>
    /// <param name="one">The word for one.</param>
    /// <param name="many">The word for none and for several; null for <paramref name="one"/> with an s.</param>
    public static string Noun(long count, string one, string? many = null) => count == 1 ? one : many ?? one + "s";
}
