using System.Globalization;
using System.Text.Json;

namespace SegmentPush.Platform;

/// <summary>Reads parts of JSON whose kinds Adobe's pages disagree about: a number may come as text, an object may be missing.</summary>
internal static class JsonParts
{
    private const long FirstMillisecond = 100_000_000_000, FirstMicrosecond = 100_000_000_000_000;

    /// <summary>The part with a name; undefined where there is none.</summary>
    public static JsonElement Part(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var part) ? part : default;

    /// <summary>The part at the end of a path of names.</summary>
    public static JsonElement Part(this JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (string name in path) json = json.Part(name);
        return json;
    }

    /// <summary>A text, or a number as text; null where it is neither, or empty.</summary>
    public static string? Text(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString() is { Length: > 0 } text ? text : null,
        JsonValueKind.Number => json.TryGetInt64(out long whole)
            ? whole.ToString(CultureInfo.InvariantCulture)
            : json.TryGetDecimal(out decimal number) && decimal.IsInteger(number) ? decimal.Truncate(number).ToString("0", CultureInfo.InvariantCulture) : json.GetRawText(),
        _ => null,
    };

    /// <summary>A whole number, also one that is written as text; null where it is none.</summary>
    public static long? Number(this JsonElement json) =>
        long.TryParse(json.Text(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>Whether it is <c>true</c>.</summary>
    public static bool IsTrue(this JsonElement json) => json.ValueKind == JsonValueKind.True;

    /// <summary>A moment of Unix time in seconds, milliseconds or microseconds, or in ISO form; null where it is none.</summary>
    public static DateTimeOffset? Moment(this JsonElement json)
    {
        if (json.Number() is { } number)
        {
            long milliseconds = number >= FirstMicrosecond ? number / 1000 : number >= FirstMillisecond ? number : number * 1000;
            return milliseconds is > 0 and < FirstMicrosecond ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
        }

        return DateTimeOffset.TryParse(json.Text(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;
    }

    /// <summary>The elements of a list; none where it is no list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement json) =>
        json.ValueKind == JsonValueKind.Array ? json.EnumerateArray() : [];

    /// <summary>The members of an object; none where it is no object.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement json) =>
        json.ValueKind == JsonValueKind.Object ? json.EnumerateObject() : [];
}
