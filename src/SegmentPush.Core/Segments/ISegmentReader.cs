namespace SegmentPush.Segments;

/// <summary>Reads the people of a segment one row at a time, from a file or from objects.</summary>
internal interface ISegmentReader : IDisposable
{
    /// <summary>Names of the columns, as the source spells them, in its order.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>Finds the column that a mapping names, and has it read. Call it before the first <see cref="Read"/>.</summary>
    /// <param name="name">
    /// The column's name, compared as <see cref="ColumnNames"/> says; in a source of nested objects a path, such as
    /// <c>person.name.firstName</c> or <c>identityMap.Email</c>.
    /// </param>
    /// <returns>The number for <see cref="GetValue"/>, or -1 where the source has no such column.</returns>
    /// <exception cref="SegmentPushException">Several columns have the name (<c>SourceColumnAmbiguous</c>).</exception>
    int FindColumn(string name) => ColumnNames.Find(Columns, name);

    /// <summary>
    /// Has a column read that the source does not have and in which no row has a value. Only sources whose rows leave out what has no
    /// value can do that. Call it before the first <see cref="Read"/>.
    /// </summary>
    /// <param name="name">The column's name.</param>
    /// <returns>The number for <see cref="GetValue"/>, or -1 where each row has all columns.</returns>
    int AddAbsentColumn(string name) => -1;

    /// <summary>
    /// Finds a list of identities, and has the ids of all of them read into one cell, one on each line, the primary one first. Call it before the first
    /// <see cref="Read"/>.
    /// </summary>
    /// <param name="name">Path to the list, such as <c>identityMap.Email</c>.</param>
    /// <returns>The number for <see cref="GetValue"/>, or -1 where the source has no such list.</returns>
    int FindIdentities(string name) => -1;

    /// <summary>
    /// Finds the consents to marketing by email that hold for one address each, and has them read into one cell: addresses in turn with their
    /// consents, as <see cref="PairedValues"/> says. Call it before the first <see cref="Read"/>.
    /// </summary>
    /// <returns>The number for <see cref="GetValue"/>, or -1 where the source has none.</returns>
    /// <exception cref="SegmentPushException">It has some, but not as Experience Platform writes them (<c>ConsentNotUnderstood</c>).</exception>
    int FindConsents()
    {
        ConsentNames.Refuse(Columns);
        return -1;
    }

    /// <summary>Number of the current row within its source; the first row of data is 1.</summary>
    long Row { get; }

    /// <summary>Line of the file on which the current row begins, the first is 1; null where the source has no lines that people see.</summary>
    long? Line => null;

    /// <summary>What is wrong with the current row's form, or null. A row with a fault has no values.</summary>
    RowFault? Fault { get; }

    /// <summary>How much of the source has been read, from 0 to 1; null where its length is not known.</summary>
    double? Progress { get; }

    /// <summary>Goes to the next row.</summary>
    /// <param name="cancellation">Ends the waiting for a row that is not there yet.</param>
    /// <returns>False after the last row.</returns>
    bool Read(CancellationToken cancellation = default);

    /// <summary>The current row's value in a column; empty where the cell is. Valid until the next <see cref="Read"/>.</summary>
    ReadOnlySpan<char> GetValue(int column);

    /// <summary>
    /// Whether the current row's value in a column was a number, a date or a boolean of the sender's program rather than text. It is then in ISO or
    /// invariant form, and no culture reads it.
    /// </summary>
    bool IsTyped(int column) => false;
}

/// <summary>Why a row could not be read as a row of its source.</summary>
/// <param name="Code">Stable name, such as <c>TooManyColumns</c>.</param>
/// <param name="Text">A sentence that says what to do, without any of the row's values.</param>
/// <param name="HasCells">Whether the row's cells can be told apart.</param>
internal sealed record RowFault(string Code, MessageText Text, bool HasCells = true)
{
    /// <summary>The text in the language of the user.</summary>
    public string Reason => Text.ToString();
}
