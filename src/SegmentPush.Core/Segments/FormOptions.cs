using SegmentPush.Segments.Delimited;

namespace SegmentPush.Segments;

/// <summary>What the user says about the form of files; null is found by looking.</summary>
internal sealed record FormOptions
{
    /// <summary>The user says nothing.</summary>
    public static FormOptions None { get; } = new();

    /// <summary>Name or code page of the encoding, as <c>Import-Csv -Encoding</c> takes it.</summary>
    public string? Encoding { get; init; }

    /// <summary>The character between two cells.</summary>
    public char? Delimiter { get; init; }

    /// <summary>How a quote is written inside a quoted cell.</summary>
    public CellEscape? Escape { get; init; }

    /// <summary>Unquoted texts that mean no value; empty for none.</summary>
    public IReadOnlyList<string>? NullText { get; init; }

    /// <summary>Whether a file without rows is a segment without people.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>Finds out whether files can be read so.</summary>
    /// <exception cref="SegmentPushException"><c>EncodingNotFound</c>, <c>DelimiterInvalid</c>.</exception>
    public void Check()
    {
        if (Encoding is not null) _ = TextEncodings.Find(Encoding);
        if (Delimiter is not (Dialect.Quote or Dialect.Backslash or '\r' or '\n' or '\0' or TextEncodings.Invalid)) return;
        throw new SegmentPushException(
            "DelimiterInvalid",
            "Quotes, backslashes, line ends and characters that no text holds can't stand between two cells.",
            "Give the character that the files have between their cells, such as ';' or \"`t\".");
    }
}
