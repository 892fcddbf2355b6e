using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace SegmentPush.Segments;

/// <summary>
/// A file that is opened once, and read through the same handle as often as needed: what is read a second time is the same file, also
/// where somebody has put another one in its place.
/// </summary>
internal sealed class PinnedFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly FileStamp _stamp;
    private readonly string? _place;

    private PinnedFile(string path, SafeFileHandle handle)
    {
        Path = path;
        _handle = handle;
        _stamp = FileStamp.Of(handle);
        _place = PlaceOf(handle);
    }

    public string Path { get; }

    /// <summary>Size in bytes when the file was opened.</summary>
    public long Length => _stamp.Length;

    /// <summary>Opens a file.</summary>
    /// <exception cref="SegmentPushException"><c>FileNotFound</c>, <c>PathIsDirectory</c>, <c>FileNotReadable</c>.</exception>
    public static PinnedFile Open(string path)
    {
        if (Directory.Exists(path))
            throw new SegmentPushException("PathIsDirectory", $"'{path}' is a folder.", "Give a file, or a path with wildcards such as folder/*.csv.", path);
        try
        {
            return new PinnedFile(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SegmentPushException("FileNotFound", $"There is no file '{path}'.", "Check the path and the current folder.", path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotReadable(path, e);
        }
    }

    /// <summary>The bytes of the file from the first one on. Where it is written meanwhile, reading it throws <c>SourceChanged</c>.</summary>
    public HandleStream OpenBytes() => new(_handle, Length, ThrowIfWritten);

    /// <summary>The bytes of the file after it is unpacked, and how far in the file they are read.</summary>
    public Stream OpenContent(FileCompression compression, out HandleStream bytes)
    {
        bytes = OpenBytes();
        return compression == FileCompression.Gzip ? new GZipStream(bytes, CompressionMode.Decompress) : bytes;
    }

    /// <summary>Checks that the path still leads to the file that was opened, and that the file has not been written since.</summary>
    /// <exception cref="SegmentPushException">It does not, or it has (<c>SourceChanged</c>).</exception>
    public void ThrowIfChanged()
    {
        if (FileStamp.Of(Path) != _stamp || PlaceOf(_handle) != _place) throw Changed(Path);
    }

    // Where the open file lies now, as far as the system tells: another file in its place may have its size and its times.
    private static string? PlaceOf(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            return File.ResolveLinkTarget($"/proc/self/fd/{handle.DangerousGetHandle()}", returnFinalTarget: false)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A file that was removed, or that has another one in its place, can still be read to its end.
    private void ThrowIfWritten()
    {
        if (FileStamp.Of(_handle) != _stamp) throw Changed(Path);
    }

    /// <summary>The error of a file that is not what it was.</summary>
    public static SegmentPushException Changed(string path) => new(
        "SourceChanged",
        $"'{path}' is not the file that the push began with: it was written, replaced or removed since.",
        "Push the file again once it is complete: people who are on the list stay there, and nobody is created twice.",
        path);

    /// <summary>The error of a file that can't be read.</summary>
    public static SegmentPushException NotReadable(string path, Exception cause) => new(
        "FileNotReadable",
        $"'{path}' can't be read: {cause.Message}",
        "Check who may read the file, and that no other program is writing it.",
        path,
        cause);

    public void Dispose() => _handle.Dispose();
}

/// <summary>What tells whether a file is still the same.</summary>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Written">When it was written last, in ticks of UTC.</param>
/// <param name="Created">When it was created, in ticks of UTC, as far as the system tells.</param>
internal readonly record struct FileStamp(long Length, long Written, long Created)
{
    /// <summary>The stamp of the file that a path leads to; empty where there is none.</summary>
    public static FileStamp Of(string path)
    {
        try
        {
            // Size and times are those of a link itself, which stay when its target is written.
            var file = new FileInfo(path);
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc.Ticks, file.CreationTimeUtc.Ticks) : default;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    /// <summary>The stamp of a file that is open.</summary>
    public static FileStamp Of(SafeFileHandle handle) =>
        new(RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle).Ticks, File.GetCreationTimeUtc(handle).Ticks);
}
