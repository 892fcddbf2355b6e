using SegmentPush.Journal;
using SegmentPush.Segments;
using SegmentPush.Segments.Spools;

namespace SegmentPush.Pushes;

/// <summary>The rows of a pipeline's objects, which come once only, and are kept in a spool.</summary>
/// <param name="Spool">Keeps them.</param>
internal sealed record PipelineRows(Spool Spool) : ISourceRows
{
    public string Name => "pipeline";

    public MessageText Description => "the piped objects";

    public MessageText FormDescription => "objects";

    public ISegmentReader OpenReader() => new SpoolReader(Spool);

    public ISegmentReader OpenToReview() => OpenReader();

    public ISegmentReader OpenWhole() => OpenReader();

    public void ThrowIfChanged()
    {
        // Nobody else writes a spool.
    }

    public void Keep(bool keep) => Spool.IsKept = keep;

    public SourceEntry ForJournal() => new(Name, null, FormDescription.ToString(), Path.GetFileName(Spool.Path));

    public void Dispose() => Spool.Dispose();
}
