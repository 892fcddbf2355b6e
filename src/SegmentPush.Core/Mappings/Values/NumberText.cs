namespace SegmentPush.Mappings.Values;

/// <summary>How a text could be read as a number.</summary>
internal enum NumberReading
{
    /// <summary>It was read.</summary>
    Read,

    /// <summary>It is no number, or not one of the expected form.</summary>
    NotANumber,

    /// <summary>It has more digits than can be sent exactly.</summary>
    TooManyDigits,
}

/// <summary>
/// A number, digit by digit: nothing is rounded, and equal numbers get the same text. One that would need more than 28 digits when it is
/// written out is refused, because no program promises to keep them.
/// </summary>
internal static class NumberText
{
    private const int MostDigits = 28;
    private const int HighestExponent = 9_999;

    /// <summary>Writes a number plainly: digits and a point, without exponent, signs and zeros that say nothing.</summary>
    /// <param name="text">The text, without outer blanks.</param>
    /// <param name="marks">How it is written.</param>
    /// <param name="scratch">Room for the number, <see cref="IValueReader.ScratchLength"/> characters.</param>
    /// <param name="value">The number, in <paramref name="scratch"/>.</param>
    public static NumberReading Read(ReadOnlySpan<char> text, NumberMarks marks, Span<char> scratch, out ReadOnlySpan<char> value)
    {
        value = default;
        bool isNegative = text is ['-' or '\u2212', ..];
        if (isNegative || text is ['+', ..]) text = text[1..];
        if (!TrySplitExponent(ref text, out int exponent)) return NumberReading.NotANumber;

        int point = text.IndexOf(marks.Point);
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? default : text[(point + 1)..];
        if (whole.IsEmpty && fraction.IsEmpty) return NumberReading.NotANumber;

        // Only as many digits as can be sent, from the first that is no zero.
        Span<char> digits = stackalloc char[MostDigits];
        int count = 0, wholeDigits = 0, leadingZeros = 0;
        bool isCut = false;
        if (!TryTakeWhole(whole, marks, digits, ref count, ref wholeDigits, ref leadingZeros, ref isCut)) return NumberReading.NotANumber;
        foreach (char c in fraction)
        {
            if (!TryTake(c, digits, ref count, ref leadingZeros, ref isCut)) return NumberReading.NotANumber;
        }

        if (isCut) return NumberReading.TooManyDigits;
        while (count > 0 && digits[count - 1] == '0') count--;
        int beforePoint = wholeDigits - leadingZeros + exponent;
        if (Math.Max(beforePoint, 0) + Math.Max(count - beforePoint, 0) > MostDigits && count > 0) return NumberReading.TooManyDigits;
        value = Write(digits[..count], beforePoint, isNegative, scratch);
        return NumberReading.Read;
    }

    private static bool TrySplitExponent(ref ReadOnlySpan<char> text, out int exponent)
    {
        exponent = 0;
        int at = text.IndexOfAny('e', 'E');
        if (at < 0) return true;
        var written = text[(at + 1)..];
        text = text[..at];
        bool isNegative = written is ['-', ..];
        if (isNegative || written is ['+', ..]) written = written[1..];
        if (written.IsEmpty || text.IsEmpty) return false;
        foreach (char c in written)
        {
            if (!char.IsAsciiDigit(c)) return false;
            exponent = Math.Min((10 * exponent) + (c - '0'), HighestExponent);
        }

        if (isNegative) exponent = -exponent;
        return true;
    }

    // Groups must be whole: 1.5 is no way to write fifteen.
    private static bool TryTakeWhole(
        ReadOnlySpan<char> whole, NumberMarks marks, Span<char> digits, ref int count, ref int wholeDigits, ref int leadingZeros, ref bool isCut)
    {
        if (marks.Group is not null && !AreGroupsWhole(whole, marks)) return false;
        foreach (char c in whole)
        {
            if (marks.IsGroup(c)) continue;
            if (!TryTake(c, digits, ref count, ref leadingZeros, ref isCut)) return false;
            wholeDigits++;
        }

        return true;
    }

    private static bool AreGroupsWhole(ReadOnlySpan<char> whole, NumberMarks marks)
    {
        int length = 0, groups = 0;
        for (int i = whole.Length - 1; i >= 0; i--)
        {
            if (!marks.IsGroup(whole[i]))
            {
                length++;
                continue;
            }

            if (length != marks.SizeOf(groups)) return false;
            groups++;
            length = 0;
        }

        return groups == 0 || (length >= 1 && length <= marks.SizeOf(groups));
    }

    private static bool TryTake(char c, Span<char> digits, ref int count, ref int leadingZeros, ref bool isCut)
    {
        if (!char.IsAsciiDigit(c)) return false;
        if (count == 0 && c == '0') leadingZeros++;
        else if (count < digits.Length) digits[count++] = c;
        else if (c != '0') isCut = true;
        return true;
    }

    // The digits are those of a fraction whose point is moved to the right by so many places.
    private static ReadOnlySpan<char> Write(scoped ReadOnlySpan<char> digits, int beforePoint, bool isNegative, Span<char> scratch)
    {
        if (digits.IsEmpty) return "0";
        int at = 0;
        if (isNegative) scratch[at++] = '-';
        if (beforePoint <= 0) scratch[at++] = '0';
        for (int i = 0; i < Math.Max(beforePoint, digits.Length); i++)
        {
            if (i == Math.Max(beforePoint, 0)) scratch[at++] = '.';
            if (i == 0 && beforePoint < 0)
            {
                scratch.Slice(at, -beforePoint).Fill('0');
                at += -beforePoint;
            }

            scratch[at++] = i < digits.Length ? digits[i] : '0';
        }

        return scratch[..at];
    }
}
