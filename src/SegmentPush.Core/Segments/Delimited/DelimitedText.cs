using System.Buffers;
using System.Text;

namespace SegmentPush.Segments.Delimited;

/// <summary>The text of a delimited file, which can be read by different rules from its start.</summary>
/// <param name="Content">Opens the unpacked bytes.</param>
/// <param name="Encoding">Their encoding.</param>
/// <param name="MarkLength">Number of bytes of the byte order mark.</param>
/// <param name="PreambleLines">Number of lines before the header that are none of the segment's.</param>
internal sealed record DelimitedText(Func<Stream> Content, Encoding Encoding, int MarkLength, int PreambleLines = 0)
{
    /// <summary>Begins to read by the rules of a dialect, after mark and preamble.</summary>
    public RowParser Open(Dialect dialect, int maxRowLength)
    {
        var content = Content();
        try
        {
            Span<byte> mark = stackalloc byte[MarkLength];
            content.ReadExactly(mark);
            var rows = new RowParser(content, Encoding, dialect, maxRowLength);
            rows.SkipLines(PreambleLines);
            return rows;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    /// <summary>The first characters of the text, after the mark.</summary>
    public string ReadHead(int characters)
    {
        using var content = Content();
        int most = MarkLength + (characters * 4);

        // Most files are far smaller, and a new array of a megabyte for each of them makes the runtime collect all garbage.
        byte[] bytes = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            int length = content.ReadAtLeast(bytes.AsSpan(0, most), most, throwOnEndOfStream: false);
            string text = Encoding.GetString(bytes, MarkLength, Math.Max(0, length - MarkLength));
            return text.Length > characters ? text[..characters] : text;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
