namespace SegmentPush.Journal;

/// <summary>Reads what pushes have done to their lists. Undos, resumes and the guard ask it.</summary>
internal interface IListEditStore
{
    /// <summary>
    /// The ids of people that a push has put on the list, has found on it, or was refused to put there, also of imports that find people by their ids.
    /// </summary>
    IReadOnlySet<long> GetReachedIds(Guid id);

    /// <summary>The people that a push put on its list or took off it, as far as Marketo said so, and those whose answers its process did not receive.</summary>
    IReadOnlyList<ListEdit> Get(Guid id);

    /// <summary>The people that some pushes have put on their list, or may have put there, and that their snapshots did not know on it before.</summary>
    AddedPeople GetAdded(IReadOnlyCollection<Guid> ids);

    /// <summary>Whether a push has sent people to its list, or off it, without hearing what came of it.</summary>
    bool HasOpen(Guid id);
}
