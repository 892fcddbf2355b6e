namespace SegmentPush.Segments.Exports;

/// <summary>The files of one export of a segment, in their order.</summary>
/// <param name="Segment">What the exports of one segment have in common: folder and name without moment.</param>
/// <param name="Moment">When the export was made, UTC; null where nothing tells.</param>
/// <param name="Files">Paths of its files, in the order of its parts.</param>
internal sealed record Export(string Segment, DateTime? Moment, IReadOnlyList<string> Files)
{
    /// <summary>The manifest; null where the export has none.</summary>
    public ExportManifest? Manifest { get; init; }

    /// <summary>Why the export is not complete, as a part of a sentence; null where nothing speaks against it.</summary>
    public MessageText? WhyIncomplete { get; init; }
}
