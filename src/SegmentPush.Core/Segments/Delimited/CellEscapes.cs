namespace SegmentPush.Segments.Delimited;

/// <summary>The escaped characters in cells, by the rules of a dialect.</summary>
/// <param name="dialect">The rules.</param>
internal sealed class CellEscapes(Dialect dialect)
{
    private char[] _unescaped = [];
    private int _used;

    /// <summary>Begins a row. The cells of the row before are not valid any more.</summary>
    public void BeginRow() => _used = 0;

    /// <summary>Whether a character can be escaped in quotes. MySQL also escapes a line end there.</summary>
    public bool IsEscapable(char c) =>
        c == Dialect.Quote || c == dialect.EscapeCharacter || (c == '\n' && dialect.Escape == CellEscape.Backslash);

    /// <summary>The characters that a cell means, valid until the next row.</summary>
    public ReadOnlySpan<char> Unescape(ReadOnlySpan<char> text)
    {
        // Cells of the row that were asked for before keep their array.
        if (_unescaped.Length - _used < text.Length) (_unescaped, _used) = (new char[Math.Max(256, 2 * text.Length)], 0);
        var unescaped = _unescaped.AsSpan(_used);
        char escape = dialect.EscapesUnquoted ? Dialect.Backslash : dialect.EscapeCharacter;
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == escape && i + 1 < text.Length)
            {
                char next = text[i + 1];
                if (dialect.EscapesUnquoted) (c, i) = (Meaning(next), i + 1);
                else if (IsEscapable(next)) (c, i) = (next, i + 1);
            }

            unescaped[length++] = c;
        }

        _used += length;
        return unescaped[..length];
    }

    // MySQL's letters after a backslash; every other character stands for itself.
    private static char Meaning(char c) => c switch
    {
        '0' => '\0',
        'b' => '\b',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'Z' => '\u001A',
        _ => c,
    };
}
