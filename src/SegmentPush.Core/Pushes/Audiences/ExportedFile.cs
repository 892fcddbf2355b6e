using SegmentPush.Platform;
using SegmentPush.Segments;

namespace SegmentPush.Pushes.Audiences;

/// <summary>A file that was fetched from an export, under the name by which the platform knows it. An export job writes Parquet, so that everything else is damaged.</summary>
/// <param name="Name">Its name in the export.</param>
/// <param name="Path">Where it lies on this machine.</param>
internal sealed record ExportedFile(string Name, string Path)
{
    private bool IsParquet => Path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens the file.</summary>
    /// <param name="open">Opens the file at its path.</param>
    /// <exception cref="PlatformException">It is damaged (<c>PlatformFileIncomplete</c>).</exception>
    /// <exception cref="SegmentPushException">It can't be read as a segment.</exception>
    public FileSource Open(Func<string, FileSource> open)
    {
        FileSource file;
        try
        {
            file = open(Path);
        }
        catch (SourceDamagedException damage)
        {
            throw Damaged(damage.What);
        }
        catch (SegmentPushException) when (IsParquet && !BeginsAsParquet())
        {
            throw Damaged("does not begin as a Parquet file");
        }

        if (!IsParquet || file.Form.Format == FileFormat.Parquet) return file;
        file.Dispose();
        throw Damaged("does not begin as a Parquet file");
    }

    /// <summary>The error of a file that has the length that the platform says, and not the content.</summary>
    /// <param name="what">What is wrong, as the rest of a sentence that begins with the file.</param>
    public PlatformException Damaged(MessageText what) => new(
        PlatformErrors.Of("FileIncomplete"),
        new PlatformCall(HttpMethod.Get, "/data/foundation/export/files"),
        $"The file '{VisibleText.Of(Name)}' of the export came damaged: it {what}.");

    // A file that is empty, or can't be opened, says nothing.
    private bool BeginsAsParquet()
    {
        try
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            Span<byte> head = stackalloc byte[4];
            int read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            return read == 0 || head[..read].SequenceEqual("PAR1"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
