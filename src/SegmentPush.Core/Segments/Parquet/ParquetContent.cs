namespace SegmentPush.Segments.Parquet;

/// <summary>The rows of a Parquet file.</summary>
/// <param name="File">The file.</param>
/// <param name="Look">What the look at the file has found.</param>
internal sealed record ParquetContent(PinnedFile File, ParquetLook Look) : IFileContent
{
    public ISegmentReader Open() => ParquetFile.Open(File.OpenBytes(), Look, File.Path);

    public ISegmentReader OpenToReview() => ParquetFile.OpenToReview(File.OpenBytes(), Look, File.Path);

    public ISegmentReader OpenWhole() => ParquetFile.OpenWhole(File.OpenBytes(), Look, File.Path);
}
