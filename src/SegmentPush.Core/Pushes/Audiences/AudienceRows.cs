using SegmentPush.Journal;
using SegmentPush.Segments;

namespace SegmentPush.Pushes.Audiences;

/// <summary>The rows of an audience, which has none before it is fetched.</summary>
/// <param name="Audience">The audience.</param>
internal sealed record AudienceRows(AudienceSource Audience) : ISourceRows
{
    public string Name => Audience.Request.Name;

    public MessageText Description => $"the audience '{VisibleText.Of(Name)}'";

    public MessageText FormDescription => Audience.Request.Describe();

    public ISegmentReader OpenReader() => Audience.IsFetched ? Audience.OpenReader() : EmptyReader.Instance;

    public ISegmentReader OpenToReview() => Audience.OpenToReview();

    public ISegmentReader OpenWhole() => Audience.OpenWhole();

    public void ThrowIfChanged()
    {
        // Its files are the push's own.
    }

    public void Keep(bool keep) => Audience.IsKept = keep;

    public SourceEntry ForJournal() => new(Name, Audience.Request.ToText(), FormDescription.ToString(), Path.GetFileName(Audience.Spool));

    public void Dispose() => Audience.Dispose();
}
