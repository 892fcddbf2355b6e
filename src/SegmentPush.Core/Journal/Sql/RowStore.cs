namespace SegmentPush.Journal.Sql;

/// <summary>Reads from the journal's tables how far a push has come with its rows.</summary>
internal sealed class RowStore(ISqlSession session, UnchangedStore unchanged) : IRowStore
{
    private const int RowsAtOnce = 500;

    /// <inheritdoc/>
    public IReadOnlyList<PersonEntry> GetPeople(long pushKey, Stage stage) => session.Read(() => session.Query(
        $"""
        SELECT source, row_number, identity, change, marketo_id, sent, identity_hash, sent_hash, member_number FROM person
        WHERE push_key = @key AND {StageColumn.Is(stage)} ORDER BY source, row_number
        """,
        row => new PersonEntry(
            row.GetInt32(0),
            row.GetInt64(1),
            row.GetString(2),
            PersonOutcome.NotDelivered,
            (PersonChange)row.GetInt32(3),
            row.NumberOrNull(4),
            Sent: StageColumn.ReadSent(row.TimeOrNull(5)))
        {
            Stage = stage,
            Mark = row.Mark(6),
        },
        ("@key", pushKey)));

    /// <inheritdoc/>
    public IReadOnlyList<(int Source, long Row)> GetRows(long pushKey, (int Source, long Row) after, int most)
    {
        var rows = session.Read(() => session.Query(
            """
            SELECT source, row_number FROM person WHERE push_key = @key AND (source, row_number) > (@source, @row)
            ORDER BY source, row_number LIMIT @most
            """,
            row => (row.GetInt32(0), row.GetInt64(1)),
            ("@key", pushKey),
            ("@source", after.Source),
            ("@row", after.Row),
            ("@most", most)));
        var unchangedRows = unchanged.Get(pushKey, after).Take(most).Select(person => (person.Source, person.Row)).ToArray();

        // Each is whole as far as it goes, so both together are as far as the shorter one.
        var end = Min(EndOf(rows), EndOf(unchangedRows));
        return [.. rows.Concat(unchangedRows).Where(row => row.CompareTo(end) <= 0).Order()];

        (int, long) EndOf(IReadOnlyList<(int, long)> some) => some.Count < most ? (int.MaxValue, 0) : some[^1];

        static (int, long) Min((int, long) one, (int, long) other) => one.CompareTo(other) < 0 ? one : other;
    }

    /// <inheritdoc/>
    public long GetLastRow(long pushKey, int source) => session.Read(() => session.Count(
        "SELECT COALESCE(MAX(row_number), 0) FROM person WHERE push_key = @key AND source = @source", ("@key", pushKey), ("@source", source)));

    /// <inheritdoc/>
    public IReadOnlyDictionary<(int Source, long Row), (PersonOutcome Outcome, PersonChange Change)> GetOutcomes(
        long pushKey, IReadOnlyCollection<(int Source, long Row)> rows) => session.Read(() =>
    {
        var found = rows.Distinct().ToDictionary(row => row, _ => (PersonOutcome.AlreadyMember, PersonChange.Unchanged));
        foreach (var some in rows.Distinct().Chunk(RowsAtOnce))
        {
            var outcomes = session.Query(
                $"""
                SELECT p.source, p.row_number, {PersonSql.Outcome}, COALESCE(i.change, p.change) FROM {PersonSql.WithImport}
                WHERE p.push_key = @key AND (p.source, p.row_number) IN (VALUES {string.Join(", ", some.Select(row => $"({row.Source}, {row.Row})"))})
                """,
                row => (Place: (row.GetInt32(0), row.GetInt64(1)), Outcome: (PersonOutcome)row.GetInt32(2), Change: (PersonChange)row.GetInt32(3)),
                ("@key", pushKey));
            foreach (var (place, outcome, change) in outcomes) found[place] = (outcome, change);
        }

        return found;
    });

    /// <inheritdoc/>
    public IReadOnlySet<long> GetIds(long pushKey, IReadOnlyCollection<PersonOutcome> outcomes) => session.Read(() => session.Query(
        $"SELECT marketo_id FROM person WHERE push_key = @key AND outcome IN ({string.Join(", ", outcomes.Select(outcome => (int)outcome))}) AND marketo_id IS NOT NULL",
        row => row.GetInt64(0),
        ("@key", pushKey)).ToHashSet());

    /// <inheritdoc/>
    public IReadOnlyList<(long Row, long MarketoId)> GetIdsOfSource(long pushKey, int source, PersonOutcome outcome) => session.Read(() => session.Query(
        $"SELECT row_number, marketo_id FROM person WHERE push_key = @key AND source = @source AND outcome = {(int)outcome} AND marketo_id IS NOT NULL",
        row => (row.GetInt64(0), row.GetInt64(1)),
        ("@key", pushKey),
        ("@source", source)));
}
