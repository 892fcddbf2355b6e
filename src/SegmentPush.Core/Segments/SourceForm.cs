using System.Globalization;
using SegmentPush.Segments.Delimited;

namespace SegmentPush.Segments;

/// <summary>The form of a source: how its bytes become rows. It is settled before the first row is read.</summary>
internal sealed record SourceForm
{
    /// <summary>The kind of the file.</summary>
    public required FileFormat Format { get; init; }

    /// <summary>How the file is compressed.</summary>
    public FileCompression Compression { get; init; }

    /// <summary>Registered name of the encoding, such as <c>utf-8</c>; null where the format settles it.</summary>
    public string? Encoding { get; init; }

    /// <summary>Number of bytes of the byte order mark.</summary>
    public int MarkLength { get; init; }

    /// <summary>Number of lines before the header that belong to the program that wrote the file: <c>sep=;</c>, <c>#TYPE</c>.</summary>
    public int PreambleLines { get; init; }

    /// <summary>The rules of a delimited file; null for others.</summary>
    public Dialect? Dialect { get; init; }

    /// <summary>Unquoted texts that mean no value.</summary>
    public IReadOnlyList<string> NullText { get; init; } = [];

    /// <summary>Names of the columns, or paths of nested values.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>For each column, whether some of its cells carry the mark of a reject file.</summary>
    public IReadOnlyList<bool> MarkedColumns { get; init; } = [];

    /// <summary>Number of rows; null where it is not known.</summary>
    public long? Rows { get; init; }

    /// <summary>Whether the last row ends with a line end, or the format has an end of its own; false where the file may have been cut off.</summary>
    public bool EndsWithRow { get; init; } = true;

    /// <summary>A line for people, such as <c>delimited, utf-8, delimiter ';', escape Double, null text none, 3 columns</c>.</summary>
    public MessageText Describe()
    {
        List<MessageText> parts = [Format == FileFormat.Delimited ? (MessageText)"delimited" : MessageText.AsIs(Format.ToString().ToLowerInvariant())];
        if (Compression != FileCompression.None) parts.Add(MessageText.AsIs(Compression.ToString().ToLowerInvariant()));
        if (Encoding is not null) parts.Add(MarkLength > 0 ? $"{Encoding} with a byte order mark" : MessageText.AsIs(Encoding));
        if (Dialect is { } dialect)
        {
            parts.Add($"delimiter {NameOf(dialect.Delimiter)}");
            parts.Add($"escape {dialect.Escape}");
            parts.Add(NullText.Count == 0 ? (MessageText)"no null text" : $"null text {string.Join(", ", NullText.Select(text => $"'{text}'"))}");
        }

        parts.Add(MessageText.Plural(Columns.Count, $"{Columns.Count:N0} column", $"{Columns.Count:N0} columns"));
        if (Rows is { } rows) parts.Add(Counted.Rows(rows));
        return MessageText.Join(", ", parts);
    }

    private static MessageText NameOf(char delimiter) => delimiter == '\t' ? "tab" : MessageText.AsIs($"'{VisibleText.Of(delimiter.ToString())}'");
}
