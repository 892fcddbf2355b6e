namespace SegmentPush.Journal;

/// <summary>Counts what the journal holds of a push, for the proof of its sums and for its reject file.</summary>
internal interface ISumStore
{
    /// <summary>How many people of a push the journal holds, with outcome or without.</summary>
    long CountPeople(long pushKey);

    /// <summary>How many people of a push the journal holds, by outcome.</summary>
    IReadOnlyDictionary<PersonOutcome, long> CountOutcomes(long pushKey);

    /// <summary>How many people with an outcome had a change made to their record.</summary>
    long CountChanges(long pushKey, PersonChange change);

    /// <summary>How many people without an outcome a push has created: their records are written, and they wait to be put on the list.</summary>
    long CountCreatedOpen(long pushKey);

    /// <summary>Why people of a push were not activated, the commonest reason first.</summary>
    IReadOnlyList<ReasonCount> CountReasons(long pushKey);

    /// <summary>The rejected rows of a push, in the order of the sources, read as they are asked for.</summary>
    IEnumerable<(int Source, long Row, string Code, string Reason)> GetRejected(long pushKey);
}
