namespace SegmentPush.Journal;

/// <summary>Reads how far a push has come with its rows, and what pushes have done to a list. Resumes, undos and the executors of list steps ask it.</summary>
internal interface IRowStore
{
    /// <summary>The people of a push at a stage, in the order of their rows.</summary>
    IReadOnlyList<PersonEntry> GetPeople(long pushKey, Stage stage);

    /// <summary>Rows of a push that the journal holds, in order, from one on.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="after">The row before the first.</param>
    /// <param name="most">At most so many.</param>
    IReadOnlyList<(int Source, long Row)> GetRows(long pushKey, (int Source, long Row) after, int most);

    /// <summary>The last row of a source of a push that the journal holds; 0 where it holds none.</summary>
    long GetLastRow(long pushKey, int source);

    /// <summary>What became of rows of a push by now. Rows without an entry of their own are unchanged members.</summary>
    IReadOnlyDictionary<(int Source, long Row), (PersonOutcome Outcome, PersonChange Change)> GetOutcomes(
        long pushKey, IReadOnlyCollection<(int Source, long Row)> rows);

    /// <summary>Ids of the people of a push that have some outcomes by now, as far as they are known.</summary>
    IReadOnlySet<long> GetIds(long pushKey, IReadOnlyCollection<PersonOutcome> outcomes);

    /// <summary>Rows and ids of the people of one source of a push that have an outcome by now, as far as their ids are known.</summary>
    IReadOnlyList<(long Row, long MarketoId)> GetIdsOfSource(long pushKey, int source, PersonOutcome outcome);

    /// <summary>
    /// The ids of people that a push has put on the list, has found on it, or was refused to put there, also of imports that find people by their ids.
    /// </summary>
    IReadOnlySet<long> GetReachedIds(Guid id);

    /// <summary>The people that a push put on its list or took off it, as far as Marketo said so, and those whose answers its process did not receive.</summary>
    IReadOnlyList<ListEdit> GetListEdits(Guid id);

    /// <summary>The people that some pushes have put on their list, or may have put there, and that their snapshots did not know on it before.</summary>
    AddedPeople GetAdded(IReadOnlyCollection<Guid> ids);

    /// <summary>Whether a push has sent people to its list, or off it, without hearing what came of it.</summary>
    bool HasOpenListEdits(Guid id);
}
