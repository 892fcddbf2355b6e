using System.Globalization;
using System.Text;

namespace SegmentPush.Segments;

/// <summary>The encodings of texts, by the names that <c>Import-Csv -Encoding</c> takes.</summary>
internal static class TextEncodings
{
    /// <summary>Stands in a text where bytes are none of its encoding's.</summary>
    public const char Invalid = '\uFFFF';

    /// <summary>The byte order mark, as a text holds it.</summary>
    public const char Mark = '\uFEFF';

    /// <summary>UTF-8 in which bytes that are none become <see cref="Invalid"/>.</summary>
    public static Encoding Utf8 { get; } = Lenient(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    /// <summary>UTF-16 of little-endian bytes.</summary>
    public static Encoding Utf16 { get; } = Lenient(Encoding.Unicode);

    /// <summary>UTF-16 of big-endian bytes.</summary>
    public static Encoding Utf16BigEndian { get; } = Lenient(Encoding.BigEndianUnicode);

    /// <summary>UTF-32 of little-endian bytes.</summary>
    public static Encoding Utf32 { get; } = Lenient(Encoding.UTF32);

    /// <summary>UTF-32 of big-endian bytes.</summary>
    public static Encoding Utf32BigEndian { get; } = Lenient(new UTF32Encoding(bigEndian: true, byteOrderMark: true));

    /// <summary>The encoding that programs of this machine's culture write where they don't write Unicode.</summary>
    public static Encoding Ansi { get; } = Lenient(CodePagesEncodingProvider.Instance.GetEncoding(AnsiCodePage)!);

    private static int AnsiCodePage =>
        CultureInfo.CurrentCulture.TextInfo.ANSICodePage is > 0 and var page && page != Encoding.UTF8.CodePage ? page : 1252;

    /// <summary>Finds an encoding.</summary>
    /// <param name="name">
    /// A name of <c>Import-Csv -Encoding</c> (<c>ascii</c>, <c>ansi</c>, <c>bigendianunicode</c>, <c>bigendianutf32</c>, <c>oem</c>,
    /// <c>unicode</c>, <c>utf8</c>, <c>utf8BOM</c>, <c>utf8NoBOM</c>, <c>utf32</c>), a registered name such as <c>windows-1252</c>, or the
    /// number of a code page.
    /// </param>
    /// <exception cref="SegmentPushException">There is none of that name (<c>EncodingNotFound</c>).</exception>
    public static Encoding Find(string name)
    {
        string known = name.Trim();
        try
        {
            return known.ToUpperInvariant() switch
            {
                "UTF8" or "UTF8BOM" or "UTF8NOBOM" or "UTF-8" => Utf8,
                "UNICODE" or "UTF-16" => Utf16,
                "BIGENDIANUNICODE" => Utf16BigEndian,
                "UTF32" or "UTF-32" => Utf32,
                "BIGENDIANUTF32" or "UTF-32BE" => Utf32BigEndian,
                "ASCII" => Lenient(Encoding.ASCII),
                "ANSI" or "DEFAULT" => Ansi,
                "OEM" => Lenient(OfCodePage(CultureInfo.CurrentCulture.TextInfo.OEMCodePage)),
                "UTF7" or "UTF-7" or "65000" => throw NotFound(name, "UTF-7 is not safe to read"),
                _ => Lenient(int.TryParse(known, NumberStyles.None, CultureInfo.InvariantCulture, out int page) ? OfCodePage(page) : Named(known)),
            };
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw NotFound(name, "this machine does not know it");
        }
    }

    /// <summary>The same encoding, in which bytes that are none become <see cref="Invalid"/>.</summary>
    public static Encoding Lenient(Encoding encoding)
    {
        var lenient = (Encoding)encoding.Clone();
        lenient.DecoderFallback = new DecoderReplacementFallback(Invalid.ToString());
        return lenient;
    }

    private static Encoding OfCodePage(int page) => CodePagesEncodingProvider.Instance.GetEncoding(page) ?? Encoding.GetEncoding(page);

    private static Encoding Named(string name) => CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);

    private static SegmentPushException NotFound(string name, MessageText why) => new(
        "EncodingNotFound",
        $"There is no encoding '{name}': {why}.",
        "Give a name that Import-Csv -Encoding takes, such as utf8, unicode, ansi or windows-1252, or the number of a code page, such as 1252.",
        name);
}
