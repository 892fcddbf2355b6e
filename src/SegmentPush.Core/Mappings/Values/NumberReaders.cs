using System.Globalization;

namespace SegmentPush.Mappings.Values;

/// <summary>Numbers with a fraction or without.</summary>
internal sealed class NumberReader : IValueReader
{
    private readonly NumberMarks _marks;
    private readonly bool _isTyped, _isPointUnclear;
    private readonly ValueFault _notANumber, _tooManyDigits, _rounded, _couldBeThousands;

    /// <summary>Makes a reader.</summary>
    /// <param name="field">Name of the field, for the fault.</param>
    /// <param name="culture">The culture that numbers are written in; null for a point and no groups.</param>
    /// <param name="isTyped">Whether the values are numbers of a program, which no spreadsheet has rounded.</param>
    /// <param name="isPointUnclear">Whether a point may stand between thousands where no culture is named.</param>
    public NumberReader(string field, CultureInfo? culture, bool isTyped, bool isPointUnclear)
    {
        _marks = NumberMarks.Of(culture);
        _isTyped = isTyped;
        _isPointUnclear = isPointUnclear && !isTyped && culture is null;
        _rounded = RoundedNumber.FaultOf(field);
        _couldBeThousands = new ValueFault(
            "NotANumber", $"Field '{field}' is a number, and the point of this one may stand between thousands, because semicolons part the cells of the file; name the culture of the file with -Culture, such as de-DE or en-US.");
        _notANumber = new ValueFault("NotANumber", culture is null
            ? (MessageText)$"Field '{field}' is a number; write it as 1234.5, with a point and no other separators, or name the culture of the file with -Culture."
            : $"Field '{field}' is a number; write it as {culture.Name} does.");
        _tooManyDigits = new ValueFault("NotANumber", $"Field '{field}' takes numbers of up to 28 digits; a longer one would be rounded. Round it.");
    }

    public ValueFault? Read(ReadOnlySpan<char> text, Span<char> scratch, out ReadOnlySpan<char> value)
    {
        value = default;
        var trimmed = text.Trim();
        if (trimmed.IsEmpty) return null;
        if (_isPointUnclear && CouldBeThousands(trimmed)) return _couldBeThousands;
        var reading = NumberText.Read(trimmed, _marks, scratch, out value);
        if (reading != NumberReading.Read) return reading == NumberReading.TooManyDigits ? _tooManyDigits : _notANumber;
        return !_isTyped && RoundedNumber.IsOfExcel(trimmed) ? _rounded : null;
    }

    // 1.234 is one and a fraction, or more than a thousand as half of Europe writes it.
    private static bool CouldBeThousands(ReadOnlySpan<char> text)
    {
        if (text is ['-' or '+' or '\u2212', ..]) text = text[1..];
        return text.Length is >= 5 and <= 7 && text[0] is >= '1' and <= '9' && text[^4] == '.' && text.Count('.') == 1
            && !text[..^4].ContainsAnyExceptInRange('0', '9') && !text[^3..].ContainsAnyExceptInRange('0', '9');
    }
}

/// <summary>Whole numbers of 32 bits. A fraction of zeros is none.</summary>
internal sealed class IntegerReader : IValueReader
{
    private readonly NumberMarks _marks;
    private readonly bool _isTyped, _isClear;
    private readonly ValueFault _notAnInteger, _couldBeThousands, _rounded;

    /// <summary>Makes a reader.</summary>
    /// <param name="field">Name of the field, for the fault.</param>
    /// <param name="culture">The culture that numbers are written in; null for a point and no groups.</param>
    /// <param name="isTyped">Whether the values are numbers of a program, whose point can't mean thousands.</param>
    public IntegerReader(string field, CultureInfo? culture, bool isTyped)
    {
        _marks = NumberMarks.Of(culture);
        _isTyped = isTyped;
        _rounded = RoundedNumber.FaultOf(field);
        _isClear = isTyped || _marks != NumberMarks.Invariant;
        _notAnInteger = new ValueFault(
            "NotAnInteger", $"Field '{field}' is a whole number from -2147483648 to 2147483647; write digits only.");
        _couldBeThousands = new ValueFault(
            "NotAnInteger", $"Field '{field}' is a whole number, and this one could be meant in thousands; write digits only, or name the culture of the file with -Culture.");
    }

    public ValueFault? Read(ReadOnlySpan<char> text, Span<char> scratch, out ReadOnlySpan<char> value)
    {
        value = default;
        var trimmed = text.Trim();
        if (trimmed.IsEmpty) return null;
        if (!_isClear && CouldBeThousands(trimmed)) return _couldBeThousands;
        if (NumberText.Read(trimmed, _marks, scratch, out var number) != NumberReading.Read
            || !int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            return _notAnInteger;
        }

        value = number;
        return !_isTyped && RoundedNumber.IsOfExcel(trimmed) ? _rounded : null;
    }

    // 1.000 is one with three decimals, or a thousand as half of Europe writes it.
    private static bool CouldBeThousands(ReadOnlySpan<char> text)
    {
        if (text is ['-' or '+', ..]) text = text[1..];
        return text is [>= '1' and <= '9', .., '.', '0', '0', '0'] && text.Length <= 7 && !text[..^4].ContainsAnyExceptInRange('0', '9');
    }
}
