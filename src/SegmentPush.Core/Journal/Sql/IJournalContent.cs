namespace SegmentPush.Journal.Sql;

/// <summary>All that a journal of one machine holds at one moment, for another database.</summary>
internal interface IJournalContent : IDisposable
{
    /// <summary>The key that its hashes of identities were made with; null where nothing was hashed.</summary>
    byte[]? IdentityKey { get; }

    /// <summary>Reads the rows of a table.</summary>
    /// <param name="table">Name of the table.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="read">Is given the values of each row: numbers as <see cref="long"/>, texts, bytes, or null. The array is used again.</param>
    void Read(string table, IReadOnlyList<string> columns, Action<object?[]> read);
}
