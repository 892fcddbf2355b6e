namespace SegmentPush.Mappings.Values;

/// <summary>Goes through a text from left to right. Only ASCII digits are digits.</summary>
/// <param name="text">The text.</param>
internal ref struct TextCursor(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _at;

    public readonly bool IsAtEnd => _at == _text.Length;

    public readonly bool IsAtDigit => _at < _text.Length && char.IsAsciiDigit(_text[_at]);

    public bool TryTake(char c)
    {
        if (_at == _text.Length || _text[_at] != c) return false;
        _at++;
        return true;
    }

    /// <summary>Takes a word, in any case, with the blank before it where there is one.</summary>
    public bool TryTakeWord(string word)
    {
        int start = _at < _text.Length && char.IsWhiteSpace(_text[_at]) ? _at + 1 : _at;
        if (word.Length == 0 || !_text[start..].StartsWith(word, StringComparison.OrdinalIgnoreCase)) return false;
        _at = start + word.Length;
        return true;
    }

    public void SkipBlank()
    {
        if (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }

    /// <summary>Takes digits, as many as there are, up to a number of them.</summary>
    /// <param name="least">At least so many.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="digits">Where they are in the text.</param>
    public bool TryTakeDigits(int least, int most, out Range digits)
    {
        int start = _at;
        while (IsAtDigit && _at - start < most) _at++;
        digits = start.._at;
        return _at - start >= least;
    }

    public bool TryTakeNumber(int least, int most, out int number)
    {
        bool isTaken = TryTakeDigits(least, most, out var digits);
        number = 0;
        foreach (char c in _text[digits]) number = (10 * number) + (c - '0');
        return isTaken;
    }

    /// <summary>Takes the name of a time zone in brackets at the text's end, such as <c>[Europe/Paris]</c>.</summary>
    public bool TryTakeBrackets()
    {
        if (_text[_at..] is not ['[', .. var name, ']'] || name.IsEmpty) return false;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('/' or '_' or '-' or '+' or ':')) return false;
        }

        _at = _text.Length;
        return true;
    }
}
