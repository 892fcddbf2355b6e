namespace SegmentPush.Mappings.Values;

/// <summary>
/// Numbers as Excel writes them into a file after it has rounded them for its screen, such as <c>1.23E+11</c>: the other digits
/// are lost, so many different numbers look the same.
/// </summary>
internal static class RoundedNumber
{
    /// <summary>Whether a text without outer blanks is such a number.</summary>
    public static bool Is(ReadOnlySpan<char> text)
    {
        // The ends of most texts tell at once that they are none.
        if (text.Length < 5 || !char.IsAsciiDigit(text[^1]) || !char.IsAsciiDigit(text[^2])) return false;
        int sign = char.IsAsciiDigit(text[^3]) ? text.Length - 4 : text.Length - 3;
        return sign >= 2 && text[sign] == '+' && text[sign - 1] == 'E' && IsMantissa(text[..(sign - 1)]);
    }

    /// <summary>The fault of such a number.</summary>
    /// <param name="field">Name of the field.</param>
    public static ValueFault FaultOf(string field) => new(
        "NumberRounded",
        $"Excel has rounded this number for '{field}', and its other digits are lost; format the column as text in Excel and save the file again.");

    private static bool IsMantissa(ReadOnlySpan<char> text)
    {
        if (text is ['-', ..]) text = text[1..];
        if (text.IsEmpty || !char.IsAsciiDigit(text[0])) return false;
        if (text.Length == 1) return true;
        return text.Length > 2 && text[1] is '.' or ',' && !text[2..].ContainsAnyExceptInRange('0', '9');
    }
}
