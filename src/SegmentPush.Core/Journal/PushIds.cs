namespace SegmentPush.Journal;

/// <summary>
/// Short names of pushes. The ids of one minute begin alike, because they begin with the time; so a short id is the end of the whole one.
/// </summary>
internal static class PushIds
{
    /// <summary>Digits of a short id.</summary>
    public const int ShortLength = 8;

    /// <summary>Fewest digits that may name a push.</summary>
    public const int MinLength = 4;

    /// <summary>The last 8 hexadecimal digits of an id.</summary>
    public static string Short(Guid id) => id.ToString("N")[^ShortLength..];

    /// <summary>The digits of a part of an id: the end of it, with or without hyphens.</summary>
    /// <exception cref="SegmentPushException">It is no end of an id (<c>PushIdMalformed</c>).</exception>
    public static string DigitsOf(string text)
    {
        string digits = text.Trim().Trim('{', '}').Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        if (digits.Length is >= MinLength and <= 32 && digits.All(char.IsAsciiHexDigit)) return digits;
        throw new SegmentPushException(
            "PushIdMalformed",
            $"'{text}' is no id of a push.",
            $"Give the whole id, or its last digits, at least {MinLength} of them; Get-PushStatus shows the last {ShortLength}. Put ids of digits alone in quotes, and all of them where you list several.",
            text);
    }
}
