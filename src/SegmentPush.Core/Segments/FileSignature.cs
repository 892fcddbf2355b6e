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

    /// <summary>The kind of a file by its first bytes; null where it may be one that can be read.</summary>
    public static MessageText? Find(ReadOnlySpan<byte> head)
    {
        foreach (var (bytes, kind) in s_signatures)
        {
            bool isText = bytes.AsSpan().SequenceEqual("ORC"u8) && head.Length > 3 && head[3] is >= 0x20 and < 0x7F;
            if (head.StartsWith(bytes) && !isText) return kind;
        }

        return null;
    }
}
