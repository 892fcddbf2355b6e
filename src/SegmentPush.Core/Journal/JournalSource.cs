namespace SegmentPush.Journal;

/// <summary>A source of a push, as far as it must be known to go on with the push.</summary>
/// <param name="Name">The file, or <c>pipeline</c>.</param>
/// <param name="Delimiter">What stands between two cells.</param>
/// <param name="Stamp">What tells whether a file is still the same.</param>
/// <param name="Spool">Name of the file beside the journal that keeps the rows of a pipeline; null for a file.</param>
internal sealed record JournalSource(string Name, char Delimiter, FileStamp Stamp, string? Spool)
{
    /// <summary>Where those people are from whom no row names: the list itself.</summary>
    public static JournalSource StaticList { get; } = new("static list", ',', default, null);
}

/// <summary>What tells whether a file is still the same.</summary>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Written">When it was written last, in ticks of UTC.</param>
internal readonly record struct FileStamp(long Length, long Written)
{
    /// <summary>The stamp of a file.</summary>
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc.Ticks) : default;
    }
}
