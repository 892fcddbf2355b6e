namespace SegmentPush.Segments.Delimited;

/// <summary>The rules by which the text of a delimited file falls into rows and cells.</summary>
/// <param name="Delimiter">The character between two cells.</param>
/// <param name="Escape">How a quote is written inside a quoted cell.</param>
/// <param name="IsLoneReturnLineEnd">Whether a carriage return without line feed ends a row.</param>
/// <param name="IsLoneFeedLineEnd">Whether a line feed without carriage return ends a row.</param>
internal readonly record struct Dialect(
    char Delimiter, CellEscape Escape = CellEscape.Double, bool IsLoneReturnLineEnd = true, bool IsLoneFeedLineEnd = true)
{
    public const char Quote = '"';
    public const char Backslash = '\\';
    public const char Apostrophe = '\'';

    /// <summary>RFC 4180 with commas.</summary>
    public static Dialect Rfc4180 { get; } = new(',');

    /// <summary>Whether a backslash escapes in cells without quotes; such a file has no quoted cells.</summary>
    public bool EscapesUnquoted => Escape == CellEscape.BackslashUnquoted;

    /// <summary>Whether a cell may be quoted.</summary>
    public bool HasQuotes => Escape != CellEscape.None && !EscapesUnquoted;

    /// <summary>The character that stands before an escaped one inside quotes.</summary>
    public char EscapeCharacter => Escape switch
    {
        CellEscape.Backslash => Backslash,
        CellEscape.Apostrophe => Apostrophe,
        _ => Quote,
    };
}
