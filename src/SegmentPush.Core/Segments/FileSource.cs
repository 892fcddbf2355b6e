using System.Buffers;
using System.IO.Hashing;
using System.Text;
using SegmentPush.Segments.Delimited;
using SegmentPush.Segments.Exports;

namespace SegmentPush.Segments;

/// <summary>A file of people whose form is settled, and that can be read as often as needed.</summary>
internal sealed class FileSource : IDisposable
{
    /// <summary>Longest row of a delimited file, in characters.</summary>
    public const int MaxRowLength = 16 * 1024 * 1024;

    private readonly PinnedFile _file;
    private readonly IFileContent _content;

    private FileSource(PinnedFile file, SourceForm form, string contentHash, IFileContent content, IReadOnlyList<NullTextCount> nullTexts)
    {
        _file = file;
        _content = content;
        Form = form;
        ContentHash = contentHash;
        NullTexts = nullTexts;
    }

    public string Path => _file.Path;

    /// <summary>Size of the file in bytes.</summary>
    public long Length => _file.Length;

    /// <summary>How its bytes become rows.</summary>
    public SourceForm Form { get; }

    /// <summary>XxHash128 of its bytes, as 32 hexadecimal digits.</summary>
    public string ContentHash { get; }

    /// <summary>Unquoted texts that often mean no value, and are none of the file's null texts.</summary>
    public IReadOnlyList<NullTextCount> NullTexts { get; }

    /// <summary>Opens a file, looks at the whole of it, and settles its form.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the user says about its form.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SegmentPushException">
    /// <c>FileNotFound</c>, <c>PathIsDirectory</c>, <c>FileNotReadable</c>, <c>FileEmpty</c>, <c>FileHasNoRows</c>, <c>BinaryFile</c>,
    /// <c>EncodingUnknown</c>, <c>EncodingNotFound</c>, <c>HeaderMalformed</c>, <c>DuplicateColumn</c>, and what
    /// <see cref="DialectFinder"/> refuses.
    /// </exception>
    public static FileSource Open(string path, FormOptions options, CancellationToken cancellation = default)
    {
        var file = PinnedFile.Open(path);
        try
        {
            return new FileLook(file, options, cancellation).Settle();
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is InvalidDataException or EndOfStreamException) throw GzipCheck.Damaged(path, e);
            if (e is IOException or UnauthorizedAccessException) throw PinnedFile.NotReadable(path, e);
            throw;
        }
    }

    /// <summary>Checks that the file has not been written or replaced since it was opened.</summary>
    /// <exception cref="SegmentPushException">It has (<c>SourceChanged</c>).</exception>
    public void ThrowIfChanged() => _file.ThrowIfChanged();

    /// <summary>Begins to read the rows, from the first one on.</summary>
    public ISegmentReader OpenReader() => _content.Open();

    /// <summary>Begins to read columns of rows that are read once more before anything is done with them.</summary>
    public ISegmentReader OpenToReview() => _content.OpenToReview();

    /// <summary>Begins to read whole rows, as a reject file takes them.</summary>
    public ISegmentReader OpenWhole() => _content.OpenWhole();

    /// <summary>What the look has found, for people.</summary>
    /// <param name="part">Number of the file within its export.</param>
    /// <param name="export">The export that the file is a part of.</param>
    public SegmentFile Describe(int part, Export export) => new()
    {
        Path = Path,
        Format = Form.Format,
        Compression = Form.Compression,
        Encoding = Form.Encoding,
        Delimiter = Form.Dialect?.Delimiter,
        Escape = Form.Dialect?.Escape,
        NullText = Form.NullText,
        Columns = Form.Columns,
        Rows = Form.Rows,
        Length = Length,
        ExportTime = export.Moment,
        Part = part,
        Parts = export.Files.Count,
        Manifest = export.Manifest?.Path,
        SegmentId = PlatformExport.FindSegmentId(Path),
        IsComplete = export.WhyIncomplete is null,
    };

    public void Dispose() => _file.Dispose();

    /// <summary>Makes a source of what a look has found.</summary>
    internal static FileSource Of(PinnedFile file, SourceForm form, string contentHash, IFileContent content, IReadOnlyList<NullTextCount> nullTexts) =>
        new(file, form, contentHash, content, nullTexts);
}

/// <summary>How often an unquoted text stands in a column that often means no value.</summary>
/// <param name="Column">Number of the column.</param>
/// <param name="Text">The text, such as <c>NULL</c>.</param>
/// <param name="Count">Number of cells.</param>
internal readonly record struct NullTextCount(int Column, string Text, long Count);
