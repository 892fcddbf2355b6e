using System.Text;
using SegmentPush.Segments.Delimited;

namespace SegmentPush.Segments.Rejects;

/// <summary>How the rejected rows of a source are written.</summary>
/// <param name="Columns">The source's columns.</param>
/// <param name="Delimiter">The character between two cells.</param>
/// <param name="Encoding">The encoding.</param>
/// <param name="NullText">Unquoted texts of the source that mean no value.</param>
/// <param name="KeepsNullText">Whether the reject file is read with the same null text when it comes back, so that it can stay.</param>
internal sealed record RejectFormat(
    IReadOnlyList<string> Columns, char Delimiter, Encoding Encoding, IReadOnlyList<string> NullText, bool KeepsNullText)
{
    /// <summary>Whether the source doubles quotes, as a reject file does.</summary>
    public bool IsDoubled { get; init; } = true;

    /// <summary>The format for piped objects.</summary>
    public static RejectFormat OfObjects(IReadOnlyList<string> columns) => new(columns, DelimitedFileWriter.Comma, DelimitedFileWriter.Utf8, [], false);

    /// <summary>The format for a delimited file.</summary>
    public static RejectFormat Of(FileSource file)
    {
        // UTF-8 gets a byte order mark, without which Excel reads another encoding.
        var encoding = TextEncodings.Find(file.Form.Encoding ?? "utf8");
        if (encoding.CodePage == Encoding.UTF8.CodePage) encoding = DelimitedFileWriter.Utf8;
        return new RejectFormat(
            file.Form.Columns,
            file.Form.Dialect?.Delimiter ?? DelimitedFileWriter.Comma,
            encoding,
            file.Form.NullText,
            Exports.PlatformExport.HasColumns(file.Form.Columns)) { IsDoubled = file.Form.Dialect?.Escape == CellEscape.Double };
    }

    /// <summary>The same encoding without a byte order mark, for text that another one comes before.</summary>
    public static Encoding WithoutMark(Encoding encoding) => encoding switch
    {
        UTF8Encoding => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        UnicodeEncoding => new UnicodeEncoding(encoding.CodePage == 1201, byteOrderMark: false),
        UTF32Encoding => new UTF32Encoding(encoding.CodePage == 12001, byteOrderMark: false),
        _ => encoding,
    };
}
