namespace SegmentPush.Mappings.Values;

/// <summary>
/// Numbers in the short form that Excel writes into a file after it has rounded them for its screen, such as <c>1.23E+11</c>: the other
/// digits are lost, so many different numbers look the same.
/// </summary>
internal static class RoundedNumber
{
    /// <summary>
    /// Whether a text without outer blanks is such a number, from Excel or from another program that writes a small letter. No number that
    /// names somebody has this form.
    /// </summary>
    public static bool IsShort(ReadOnlySpan<char> text) => HasForm(text, out char letter, out bool isNegative) && letter is 'E' or 'e' && !isNegative;

    /// <summary>
    /// Whether a text without outer blanks is a number that Excel has rounded. .NET, which keeps all digits, also writes a capital letter, but only from 1E+15 on; from
    /// there on the two decimals of Excel's format and the five that its cells have room for tell Excel.
    /// </summary>
    public static bool IsOfExcel(ReadOnlySpan<char> text) =>
        HasForm(text, out char letter, out bool isNegative) && letter == 'E' && !isNegative && text[^3] == '+' && (IsBelowDotNet(text[^2..]) || DecimalsOf(text) is 2 or 5);

    private static bool IsBelowDotNet(ReadOnlySpan<char> exponent) => exponent[0] == '0' || exponent is ['1', < '5'];

    private static int DecimalsOf(ReadOnlySpan<char> text) => text.IndexOfAny('.', ',') is >= 0 and var point ? text.IndexOf('E') - point - 1 : 0;

    private static bool HasForm(ReadOnlySpan<char> text, out char letter, out bool isNegative)
    {
        letter = default;
        isNegative = false;

        // The ends of most texts tell at once that they are none.
        if (text.Length < 5 || !char.IsAsciiDigit(text[^1]) || !char.IsAsciiDigit(text[^2])) return false;
        int sign = char.IsAsciiDigit(text[^3]) ? text.Length - 4 : text.Length - 3;
        if (sign < 2 || text[sign] is not ('+' or '-')) return false;
        (letter, isNegative) = (text[sign - 1], text[sign] == '-');
        return IsMantissa(text[..(sign - 1)]);
    }

    /// <summary>The fault of such a number.</summary>
    /// <param name="field">Name of the field.</param>
    public static ValueFault FaultOf(string field) => new(
        "NumberRounded",
        $"This number for '{field}' has the short form to which Excel rounds, so that its other digits may be lost; format the column in Excel so that it shows all digits, and save the file again.");

    private static bool IsMantissa(ReadOnlySpan<char> text)
    {
        if (text is ['-', ..]) text = text[1..];
        if (text.IsEmpty || !char.IsAsciiDigit(text[0])) return false;
        if (text.Length == 1) return true;
        return text.Length > 2 && text[1] is '.' or ',' && !text[2..].ContainsAnyExceptInRange('0', '9');
    }
}
