using System.Globalization;

namespace SegmentPush.Streams;

/// <summary>Numbers as the session's culture writes them, for what only this user sees: progress and questions.</summary>
internal static class Local
{
    /// <summary>A number with its thousands grouped.</summary>
    public static string Number(long count) => count.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>Such as <c>1 row</c>, <c>2 rows</c>.</summary>
    public static MessageText Rows(long count) => MessageText.Plural(count, $"{Number(count)} row", $"{Number(count)} rows");

    /// <summary>Such as <c>1 person</c>, <c>2 people</c>.</summary>
    public static MessageText People(long count) => MessageText.Plural(count, $"{Number(count)} person", $"{Number(count)} people");

    /// <summary>Such as <c>1 call</c>, <c>2 calls</c>.</summary>
    public static MessageText Calls(long count) => MessageText.Plural(count, $"{Number(count)} call", $"{Number(count)} calls");
}
