using System.Text;

namespace SegmentPush.Segments;

/// <summary>Kinds of files that are told by their first bytes and hold no rows that can be read.</summary>
internal static class FileSignature
{
    private static readonly (byte[] Bytes, MessageText Kind)[] s_signatures =
    [
        ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive or an Excel workbook"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook"),
        ([0x1F, 0x8B], "gzip inside gzip"),
        ("BZh"u8.ToArray(), "compressed with bzip2"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed with Zstandard"),
        ([0x04, 0x22, 0x4D, 0x18], "compressed with LZ4"),
        ([0xFF, 0x06, 0x00, 0x00, 0x73, 0x4E], "compressed with Snappy"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz"),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7z archive"),
        ("-----BEGIN PGP MESSAGE"u8.ToArray(), "encrypted with PGP"),
        ("PARE"u8.ToArray(), "an encrypted Parquet file"),
        ("ORC"u8.ToArray(), "an ORC file"),
        ("Obj\x01"u8.ToArray(), "an Avro file"),
        ("%PDF-"u8.ToArray(), "a PDF document"),
        ([0x89, 0x50, 0x4E, 0x47], "a picture"),
    ];

    // Signatures of letters and digits, with which the name of a column may begin as well.
    private static readonly string[] s_words = ["BZh", "PARE", "ORC"];

    /// <summary>Whether a file is Parquet by its first bytes.</summary>
    public static bool IsParquet(ReadOnlySpan<byte> head) => head.StartsWith("PAR1"u8) && HasControls(head[4..]);

    /// <summary>The kind of a file by its first bytes; null where it may be one that can be read.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <param name="isText">Whether the user says that it is a text.</param>
    public static MessageText? Find(ReadOnlySpan<byte> head, bool isText)
    {
        foreach (var (bytes, kind) in s_signatures)
        {
            if (!head.StartsWith(bytes)) continue;
            bool isWord = s_words.Contains(Encoding.Latin1.GetString(bytes), StringComparer.Ordinal);
            if (!isWord || (!isText && HasControls(head[bytes.Length..]))) return kind;
        }

        return null;
    }

    // No text has control characters besides tabs and line ends; a binary file has some in its first kilobytes, or is cut off right behind its signature.
    private static bool HasControls(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return true;
        foreach (byte b in bytes)
        {
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\r' or (byte)'\n')) return true;
        }

        return false;
    }
}
