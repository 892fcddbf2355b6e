namespace SegmentPush.Journal.Sql;

/// <summary>Keeps the import files of pushes in the journal's tables.</summary>
internal sealed class ImportStore(ISqlSession session) : IImportStore
{
    /// <inheritdoc/>
    public IReadOnlyList<ImportEntry> GetAccepted(long pushKey) => session.Read(() => session.Query(
        $"""
        SELECT number, lookup_field, first_source, first_row, last_source, last_row, batch_id, uploaded, fields
        FROM import_file WHERE push_key = @key AND state = {(int)ImportFileState.Accepted} ORDER BY number
        """,
        row => new ImportEntry(row.GetInt32(0), row.GetString(1), (row.GetInt32(2), row.GetInt64(3)), (row.GetInt32(4), row.GetInt64(5)))
        {
            State = ImportFileState.Accepted,
            BatchId = row.GetInt64(6),
            Uploaded = row.TimeOrNull(7),
            Fields = row.TextOrNull(8),
        },
        ("@key", pushKey)));

    /// <inheritdoc/>
    public bool HasUnaccounted(long pushKey) => Count(
        $"SELECT COUNT(*) FROM import_file WHERE push_key = @key AND state = {(int)ImportFileState.Unaccounted}", pushKey) > 0;

    /// <inheritdoc/>
    public int GetLastNumber(long pushKey) => (int)Count("SELECT COALESCE(MAX(number), 0) FROM import_file WHERE push_key = @key", pushKey);

    /// <inheritdoc/>
    public (long People, long Members) CountPeople(long pushKey, int import) => session.Read(() => session.Query(
        "SELECT COUNT(*), COUNT(member_number) FROM person WHERE push_key = @key AND import_number = @number",
        row => (row.GetInt64(0), row.GetInt64(1)),
        ("@key", pushKey),
        ("@number", import)).Single());

    /// <inheritdoc/>
    public IReadOnlyList<ImportedPerson> GetPeople(long pushKey, ImportEntry import, (int Source, long Row) after, int most) => session.Read(() =>
        session.Query(
            """
            SELECT source, row_number, identity, marketo_id, identity_hash, sent_hash, member_number FROM person
            WHERE push_key = @key AND (source, row_number) > (@after_source, @after_row)
                AND (source, row_number) >= (@first_source, @first_row) AND (source, row_number) <= (@last_source, @last_row)
                AND import_number = @number
            ORDER BY source, row_number LIMIT @most
            """,
            row => new ImportedPerson(row.GetInt32(0), row.GetInt64(1), row.GetString(2), row.NumberOrNull(3), row.Mark(4)),
            [
                ("@key", pushKey), ("@after_source", after.Source), ("@after_row", after.Row), ("@most", most),
                .. BoundsOf(import),
            ]));

    /// <inheritdoc/>
    public IReadOnlyList<ImportedRows> GetUnanswered(long pushKey) => session.Read(() => session.Query(
        $"""
        SELECT first_source, first_row, last_source, last_row, CASE WHEN lookup_field = 'id' THEN 1 ELSE 0 END FROM import_file
        WHERE push_key = @key AND is_sent = 1
            AND state IN ({(int)ImportFileState.Uploading}, {(int)ImportFileState.Lost}, {(int)ImportFileState.Unaccounted})
        """,
        row => new ImportedRows((row.GetInt32(0), row.GetInt64(1)), (row.GetInt32(2), row.GetInt64(3)), row.GetInt32(4) != 0),
        ("@key", pushKey)));

    /// <inheritdoc/>
    public IReadOnlyList<long> GetUploadedIds(long pushKey, IEnumerable<int> lost)
    {
        int[] numbers = [.. lost];
        string orLost = numbers.Length == 0 ? string.Empty : $" OR import_file.number IN ({string.Join(", ", numbers)})";
        return session.Read(() => session.Query(
            $"""
            SELECT DISTINCT person.marketo_id FROM person JOIN import_file ON import_file.push_key = person.push_key AND import_file.number = person.import_number
            WHERE person.push_key = @key AND person.stage = {(int)Stage.Imported} AND person.marketo_id IS NOT NULL AND person.member_number IS NULL
                AND import_file.lookup_field = 'id' AND import_file.is_sent = 1 AND (import_file.state = {(int)ImportFileState.Uploading}{orLost})
            """,
            row => row.GetInt64(0),
            ("@key", pushKey)));
    }

    /// <inheritdoc/>
    public void Explain(long pushKey, string code, string? reason) => session.Write(() => session.Run(
        "UPDATE import_file SET code = @code, reason = @reason WHERE push_key = @key AND outcome = 0", ("@key", pushKey), ("@code", code), ("@reason", reason)));

    /// <summary>Writes an import file, in the transaction that is open.</summary>
    public void Write(long pushKey, ImportEntry import) => session.Run(
        """
        INSERT INTO import_file (push_key, number, lookup_field, is_sent, batch_id, first_source, first_row, last_source, last_row, outcome, change,
            state, uploaded, fields)
        VALUES (@key, @number, @field, @is_sent, @batch_id, @first_source, @first_row, @last_source, @last_row, @outcome, @change,
            @state, @uploaded, @fields)
        ON CONFLICT (push_key, number) DO UPDATE SET is_sent = excluded.is_sent, batch_id = excluded.batch_id,
            state = excluded.state, uploaded = excluded.uploaded,
            first_source = excluded.first_source, first_row = excluded.first_row, last_source = excluded.last_source,
            last_row = excluded.last_row, outcome = excluded.outcome, change = excluded.change
        """,
        [
            ("@key", pushKey),
            ("@field", import.LookupField),
            ("@is_sent", import.State >= ImportFileState.Uploading),
            ("@state", (int)import.State),
            ("@uploaded", import.Uploaded?.UtcTicks),
            ("@fields", import.Fields),
            ("@batch_id", import.BatchId),
            ("@outcome", (int)import.Outcome),
            ("@change", (int)import.Change),
            .. BoundsOf(import),
        ]);

    /// <summary>The number of an import and its first and last row, as parameters.</summary>
    public static (string Name, object? Value)[] BoundsOf(ImportEntry import) =>
    [
        ("@number", import.Number),
        ("@first_source", import.First.Source),
        ("@first_row", import.First.Row),
        ("@last_source", import.Last.Source),
        ("@last_row", import.Last.Row),
    ];

    private long Count(string sql, long pushKey) => session.Read(() => session.Count(sql, ("@key", pushKey)));
}
