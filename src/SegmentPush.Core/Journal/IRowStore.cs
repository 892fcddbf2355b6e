namespace SegmentPush.Journal;

/// <summary>Reads how far a push has come with its rows. Resumes and the executors of list steps ask it.</summary>
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
}
