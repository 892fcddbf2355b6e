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
            using var content = new GZipInputStream(file, BlockSize) { IsStreamOwner = false };
            return read(content);
        }
        catch (Exception e) when (e is SharpZipBaseException or EndOfStreamException)
        {
            throw Damaged(path, e);
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
