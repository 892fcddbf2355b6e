namespace SegmentPush.Journal.Sql;

/// <summary>Writes many people at once in the transaction that is open, and keeps the snapshot that is followed in step with them.</summary>
internal interface IPersonWriter
{
    /// <summary>Enters people with an outcome or at an earlier stage.</summary>
    /// <exception cref="SegmentPushException">Somebody is settled already (<c>SumsDisagree</c>).</exception>
    void Add(long pushKey, IEnumerable<PersonEntry> people);

    /// <summary>Enters people of an import file.</summary>
    void AddImported(long pushKey, int import, IEnumerable<ImportedPerson> people);

    /// <summary>Enters what Marketo has said about people of import files.</summary>
    void Remark(long pushKey, IReadOnlyCollection<ImportRemark> remarks);

    /// <summary>Takes people who were sent back to the stage Received.</summary>
    void Unsend(long pushKey, IReadOnlyCollection<(int Source, long Row)> rows);

    /// <summary>Gives people who were settled as on the list another outcome.</summary>
    /// <returns>Those who have no row of their own.</returns>
    IReadOnlyList<PersonEntry> SettleAnew(long pushKey, IReadOnlyCollection<PersonEntry> people);

    /// <summary>Takes rows out.</summary>
    /// <returns>The rows that were not there.</returns>
    IReadOnlyCollection<(int Source, long Row)> TakeOut(long pushKey, IReadOnlyCollection<(int Source, long Row)> rows);
}
