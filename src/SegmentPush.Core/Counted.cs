namespace SegmentPush;

/// <summary>A number with the noun that it counts, in the singular or the plural.</summary>
internal static class Counted
{
    /// <summary>Such as <c>1 person</c>, <c>2 people</c>.</summary>
    public static MessageText People(long count) => MessageText.Plural(count, $"{count:N0} person", $"{count:N0} people");

    /// <summary>Such as <c>1 row</c>, <c>2 rows</c>.</summary>
    public static MessageText Rows(long count) => MessageText.Plural(count, $"{count:N0} row", $"{count:N0} rows");

    /// <summary>Such as <c>1 call</c>, <c>2 calls</c>.</summary>
    public static MessageText Calls(long count) => MessageText.Plural(count, $"{count:N0} call", $"{count:N0} calls");

    /// <summary>Such as <c>1 file</c>, <c>2 files</c>.</summary>
    public static MessageText Files(long count) => MessageText.Plural(count, $"{count:N0} file", $"{count:N0} files");

    /// <summary>Such as <c>1 byte</c>, <c>2 bytes</c>.</summary>
    public static MessageText Bytes(long count) => MessageText.Plural(count, $"{count:N0} byte", $"{count:N0} bytes");

    /// <summary>Such as <c>1 profile</c>, <c>2 profiles</c>.</summary>
    public static MessageText Profiles(long count) => MessageText.Plural(count, $"{count:N0} profile", $"{count:N0} profiles");

    /// <summary>Such as <c>1 removal</c>, <c>2 removals</c>.</summary>
    public static MessageText Removals(long count) => MessageText.Plural(count, $"{count:N0} removal", $"{count:N0} removals");

    /// <summary>Such as <c>1 destination</c>, <c>2 destinations</c>.</summary>
    public static MessageText Destinations(long count) => MessageText.Plural(count, $"{count:N0} destination", $"{count:N0} destinations");

    /// <summary>The number with its thousands grouped.</summary>
    public static MessageText Number(long count) => MessageText.Plain($"{count:N0}");
}
