using SegmentPush.Journal;
using SegmentPush.Segments;

namespace SegmentPush.Pushes;

/// <summary>The rows of a file, which stays where it is and is pinned.</summary>
/// <param name="File">The file.</param>
internal sealed record FileRows(FileSource File) : ISourceRows
{
    public string Name => File.Path;

    public MessageText Description => MessageText.AsIs($"'{Name}'");

    public MessageText FormDescription => File.Form.Describe();

    public ISegmentReader OpenReader() => File.OpenReader();

    public ISegmentReader OpenToReview() => File.OpenToReview();

    public ISegmentReader OpenWhole() => File.OpenWhole();

    public void ThrowIfChanged() => File.ThrowIfChanged();

    public void Keep(bool keep)
    {
        // It is the user's.
    }

    public SourceEntry ForJournal() => new(Name, SavedForm.Of(File).ToText(), FormDescription.ToString(), null);

    public void Dispose() => File.Dispose();
}
