using SegmentPush.Lists;

namespace SegmentPush.Journal;

/// <summary>Keeps destinations: the text of each, its snapshot, and what its last segment was like.</summary>
internal interface IDestinationStore
{
    /// <summary>All destinations, by name.</summary>
    IReadOnlyList<DestinationEntry> GetAll();

    /// <summary>A destination by its name, compared without case; null where there is none.</summary>
    DestinationEntry? Find(string name);

    /// <summary>Names of the destinations that pushes were for, saved still or not.</summary>
    IReadOnlyList<string> GetPushedNames();

    /// <summary>Saves a destination, in the place of the one with this name if there is one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="definition">What it is.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="snapshot">Its list and identity field: it takes the snapshot of these.</param>
    /// <param name="isMoved">Whether list or identity field are others than before, or it is new.</param>
    /// <exception cref="SegmentPushException">It moves, and is being pushed to (<c>DestinationBusy</c>).</exception>
    void Save(string name, string definition, DateTimeOffset now, SnapshotKey? snapshot, bool isMoved);

    /// <summary>Notes which snapshot a destination refers to, once its list was read.</summary>
    void ReferToSnapshot(long destinationKey, long snapshotKey);

    /// <summary>Notes what a destination's segment was like, once it has been pushed completely.</summary>
    /// <param name="destinationKey">The destination.</param>
    /// <param name="people">How many people it had.</param>
    /// <param name="endsWithLine">Whether its file ended with a line end; null where it was no file.</param>
    void EndSegment(long destinationKey, long people, bool? endsWithLine);

    /// <summary>Takes a destination out, and its snapshot with it unless another destination refers to that one.</summary>
    /// <exception cref="SegmentPushException">It is being pushed to (<c>DestinationBusy</c>).</exception>
    void Remove(string name);
}
