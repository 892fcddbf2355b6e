using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.GZip;

namespace SegmentPush.Segments;

/// <summary>
/// Unpacks a gzip file and proves that it is whole. The reader of .NET takes a file that was cut off for a whole one, so that this
/// check reads with another library; once it has passed, either reads the same.
/// </summary>
internal static class GzipCheck
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Reads the unpacked bytes to their end.</summary>
    /// <param name="file">The bytes of the file; they stay open.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="read">Reads the unpacked bytes.</param>
    /// <exception cref="SegmentPushException">The file is damaged, or was cut off (<c>SourceUnreadable</c>).</exception>
    public static T ReadWhole<T>(Stream file, string path, Func<Stream, T> read)
    {
        try
        {
            using var content = new WholeGzip(file) { IsStreamOwner = false };
            var result = read(content);
            if (content.HasMore(file)) throw Damaged(path, new InvalidDataException(MessageText.Say("Bytes follow that are no gzip.")));
            return result;
        }
        catch (Exception e) when (e is SharpZipBaseException or EndOfStreamException)
        {
            throw Damaged(path, e);
        }
    }

    private sealed class WholeGzip(Stream file) : GZipInputStream(file, BlockSize)
    {
        /// <summary>Whether something else than zeros follows the last member.</summary>
        public bool HasMore(Stream rest)
        {
            var buffered = inputBuffer.RawData.AsSpan(inputBuffer.RawLength - inputBuffer.Available, inputBuffer.Available);
            if (buffered.ContainsAnyExcept((byte)0)) return true;
            Span<byte> block = stackalloc byte[4096];
            while (rest.Read(block) is > 0 and var read)
            {
                if (block[..read].ContainsAnyExcept((byte)0)) return true;
            }

            return false;
        }
    }

    /// <summary>The error of a compressed file that can't be unpacked to its end.</summary>
    public static SegmentPushException Damaged(string path, Exception cause) => new(
        "SourceUnreadable",
        $"'{path}' is damaged or was cut off: it can't be unpacked to its end.",
        "Copy or export the file again.",
        path,
        cause);
}
