using SegmentPush.Segments;

namespace SegmentPush.Streams;

/// <summary>What a cmdlet's parameters say about the form of files. It holds what is of a type of the product's.</summary>
internal sealed class FileParameters
{
    /// <summary>How a quote is written inside a quoted cell; null where the user does not say.</summary>
    public CellEscape? Escape { get; set; }

    /// <summary>The options for opening files.</summary>
    /// <param name="encoding">The encoding's name; null where the user does not say.</param>
    /// <param name="delimiter">The character between two cells; null where the user does not say.</param>
    /// <param name="nullText">Texts that mean no value; null where the user does not say.</param>
    /// <param name="mayBeEmpty">Whether a file without rows is a segment without people.</param>
    /// <exception cref="SegmentPushException">No file can be read so.</exception>
    public FormOptions ToOptions(string? encoding, char? delimiter, string[]? nullText, bool mayBeEmpty)
    {
        var form = new FormOptions
        {
            Encoding = string.IsNullOrWhiteSpace(encoding) ? null : encoding.Trim(),
            Delimiter = delimiter,
            Escape = Escape,
            NullText = nullText is null ? null : [.. nullText.Where(text => text.Length > 0)],
            MayBeEmpty = mayBeEmpty,
        };
        form.Check();
        return form;
    }
}
