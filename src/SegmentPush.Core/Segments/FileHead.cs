using System.Text;

namespace SegmentPush.Segments;

/// <summary>What the first bytes of a file tell about the rest of it.</summary>
/// <param name="Encoding">UTF-8, or UTF-16 where a byte order mark says so.</param>
/// <param name="Text">The beginning of its text.</param>
internal sealed record FileHead(Encoding Encoding, string Text)
{
    /// <summary>Stands in the text where bytes are none of the encoding's. No text that is meant for anybody holds it.</summary>
    public const char Invalid = '\uFFFF';

    /// <summary>UTF-8 in which bytes that are none become <see cref="Invalid"/>.</summary>
    public static Encoding Utf8 { get; } = Lenient(new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

    private const int Length = 64 * 1024;

    /// <summary>Looks at a file, and goes back to its start.</summary>
    /// <exception cref="SegmentPushException"><c>BinaryFile</c>: it is no text.</exception>
    public static FileHead Of(Stream file, string path)
    {
        var bytes = new byte[(int)Math.Min(Length, file.Length)];
        file.ReadExactly(bytes);
        file.Position = 0;

        Encoding encoding = bytes switch
        {
            [0xFF, 0xFE, 0, 0, ..] => throw Binary(path, "text in UTF-32"),
            [0xFF, 0xFE, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true),
            [0xFE, 0xFF, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true),
            [0x50, 0x4B, 0x03, 0x04, ..] => throw Binary(path, "a ZIP archive or an Excel workbook"),
            [0x1F, 0x8B, ..] => throw Binary(path, "a gzip archive"),
            _ when bytes.Contains((byte)0) => throw Binary(path, "binary, or UTF-16 without a byte order mark"),
            _ => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true),
        };
        encoding = Lenient(encoding);
        return new FileHead(encoding, encoding.GetString(bytes).TrimStart('\uFEFF'));
    }

    /// <summary>The commonest of comma, semicolon and tab in the header, outside quotes; a comma where there is none of them.</summary>
    public char FindDelimiter()
    {
        Span<char> delimiters = [',', ';', '\t'];
        Span<int> counts = [0, 0, 0];
        bool isQuoted = false;
        foreach (char c in Text.AsSpan().TrimStart("\r\n"))
        {
            if (c == '"') isQuoted = !isQuoted;
            if (isQuoted) continue;
            if (c is '\r' or '\n') break;
            int delimiter = delimiters.IndexOf(c);
            if (delimiter >= 0) counts[delimiter]++;
        }

        int most = 0;
        for (int i = 1; i < counts.Length; i++)
        {
            if (counts[i] > counts[most]) most = i;
        }

        return delimiters[most];
    }

    private static Encoding Lenient(Encoding encoding) =>
        Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback(Invalid.ToString()));

    private static SegmentPushException Binary(string path, string what) => new(
        "BinaryFile", $"'{path}' is {what}, not delimited text.", "Save it as CSV in UTF-8; unpack an archive first.", path);
}
