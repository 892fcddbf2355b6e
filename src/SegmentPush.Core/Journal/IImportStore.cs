namespace SegmentPush.Journal;

/// <summary>Reads the import files of a push: how far they have come, and their people. It also notes why people of a file were not delivered.</summary>
internal interface IImportStore
{
    /// <summary>Imports of a push that Marketo has accepted and that are not settled, in order.</summary>
    IReadOnlyList<ImportEntry> GetAccepted(long pushKey);

    /// <summary>Whether Marketo did not account for the people of an import, so that those who are left are sent by calls.</summary>
    bool HasUnaccounted(long pushKey);

    /// <summary>The greatest number of an import of a push; 0 where it has none.</summary>
    int GetLastNumber(long pushKey);

    /// <summary>How many people the journal holds in an import, and how many of them the snapshot knew on the list.</summary>
    (long People, long Members) CountPeople(long pushKey, int import);

    /// <summary>The people of an import who have no outcome of their own, in the order of their rows.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="import">The import.</param>
    /// <param name="after">The row before the first.</param>
    /// <param name="most">At most so many.</param>
    IReadOnlyList<ImportedPerson> GetPeople(long pushKey, ImportEntry import, (int Source, long Row) after, int most);

    /// <summary>The rows of imports that may have created people, and for whose people Marketo has given no outcome.</summary>
    IReadOnlyList<ImportedRows> GetUnanswered(long pushKey);

    /// <summary>The ids of people who were not on the list before, in imports that find people by their ids, and whose upload was not answered.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="lost">Further imports, by their numbers.</param>
    IReadOnlyList<long> GetUploadedIds(long pushKey, IEnumerable<int> lost);

    /// <summary>Says why the people of imports without outcome were not delivered.</summary>
    void Explain(long pushKey, string code, string? reason);
}
