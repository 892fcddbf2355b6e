using System.Buffers.Binary;
using System.Text;

namespace SegmentPush.Segments;

/// <summary>Finds the encoding of a text by its first bytes.</summary>
internal static class TextForm
{
    /// <summary>Looks at the first bytes of a text.</summary>
    /// <param name="head">The bytes.</param>
    /// <param name="said">The encoding that the user names; null to find it.</param>
    /// <param name="binary">Makes the error of a file that is no text.</param>
    /// <returns>The encoding, and the length of its byte order mark; null where it may be UTF-8 without one.</returns>
    /// <exception cref="SegmentPushException"><c>BinaryFile</c>, <c>EncodingNotFound</c>.</exception>
    public static (Encoding? Encoding, int MarkLength) Find(ReadOnlySpan<byte> head, string? said, Func<MessageText, Exception> binary)
    {
        // A byte order mark says more than the user, as it does for Import-Csv.
        var named = said is null ? null : TextEncodings.Find(said);
        if (head is [0xFF, 0xFE, 0, 0, ..]) return (TextEncodings.Utf32, 4);
        if (head is [0, 0, 0xFE, 0xFF, ..]) return (TextEncodings.Utf32BigEndian, 4);
        if (head is [0xFF, 0xFE, ..]) return (TextEncodings.Utf16, 2);
        if (head is [0xFE, 0xFF, ..]) return (TextEncodings.Utf16BigEndian, 2);
        if (head is [0xEF, 0xBB, 0xBF, ..]) return (TextEncodings.Utf8, 3);
        if (named is not null) return (named, 0);
        int nul = head.IndexOf((byte)0);
        if (nul < 0) return (null, 0);
        return (FindUtf32(head) ?? FindUtf16(head) ?? throw binary($"binary, or damaged (line {ByteFacts.CountLines(head[..nul]) + 1} has a NUL character)"), 0);
    }

    // Four bytes of another encoding are hardly ever the number of a character.
    private static Encoding? FindUtf32(ReadOnlySpan<byte> head) =>
        IsUtf32(head, BinaryPrimitives.ReadUInt32LittleEndian) ? TextEncodings.Utf32 : IsUtf32(head, BinaryPrimitives.ReadUInt32BigEndian) ? TextEncodings.Utf32BigEndian : null;

    private static bool IsUtf32(ReadOnlySpan<byte> head, Func<ReadOnlySpan<byte>, uint> read)
    {
        if (head.Length < 4) return false;
        bool hasAscii = false;
        for (var rest = head; rest.Length >= 4; rest = rest[4..])
        {
            uint number = read(rest);
            if (number == 0 || !Rune.IsValid(number)) return false;
            hasAscii |= number < 0x80;
        }

        return hasAscii;
    }

    // Line ends and delimiters are ASCII characters. In UTF-16 one of their two bytes is zero, always the same one.
    private static Encoding? FindUtf16(ReadOnlySpan<byte> head)
    {
        int evenZeros = 0, oddZeros = 0;
        for (int i = 0; i < head.Length; i++)
        {
            if (head[i] != 0) continue;
            if (i % 2 == 0) evenZeros++;
            else oddZeros++;
        }

        if (evenZeros == 0 && oddZeros > 1 && HasLineEnd(head, 0)) return TextEncodings.Utf16;
        return oddZeros == 0 && evenZeros > 1 && HasLineEnd(head, 1) ? TextEncodings.Utf16BigEndian : null;
    }

    private static bool HasLineEnd(ReadOnlySpan<byte> head, int parity)
    {
        for (int i = parity; i < head.Length - 1 + parity; i += 2)
        {
            byte other = head[parity == 0 ? i + 1 : i - 1];
            if (other == 0 && head[i] is (byte)'\n' or (byte)'\r') return true;
        }

        return false;
    }
}
