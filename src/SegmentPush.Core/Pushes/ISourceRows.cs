using SegmentPush.Journal;
using SegmentPush.Segments;

namespace SegmentPush.Pushes;

/// <summary>Where the rows of a source come from: files, objects of a pipeline, or an audience.</summary>
internal interface ISourceRows : IDisposable
{
    /// <summary>The path, <c>pipeline</c>, or the name of the audience.</summary>
    string Name { get; }

    /// <summary>How messages name it.</summary>
    MessageText Description { get; }

    /// <summary>Its form as a line for people.</summary>
    MessageText FormDescription { get; }

    /// <summary>Begins to read the rows, from the first one on.</summary>
    ISegmentReader OpenReader();

    /// <summary>Begins to read the same rows for a reading before the one that counts. No column is chosen yet.</summary>
    ISegmentReader OpenToReview();

    /// <summary>Begins to read the same rows whole, for a reject file.</summary>
    ISegmentReader OpenWhole();

    /// <summary>Checks that the rows are what they were when they were opened.</summary>
    /// <exception cref="SegmentPushException">They are not (<c>SourceChanged</c>).</exception>
    void ThrowIfChanged();

    /// <summary>Decides whether the copy of rows that can't be had again stays when this is disposed.</summary>
    void Keep(bool keep);

    /// <summary>How the journal remembers it.</summary>
    SourceEntry ForJournal();
}
