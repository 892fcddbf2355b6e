namespace SegmentPush.Journal.Sql;

/// <summary>Counts what the journal's tables hold of a push.</summary>
internal sealed class SumStore(ISqlSession session, UnchangedStore unchanged) : ISumStore
{
    private const int RowsAtOnce = 5_000;

    /// <inheritdoc/>
    public long CountPeople(long pushKey) => session.Read(() =>
        session.Count("SELECT COUNT(*) FROM person WHERE push_key = @key", ("@key", pushKey)) + unchanged.Count(pushKey));

    /// <inheritdoc/>
    public IReadOnlyDictionary<PersonOutcome, long> CountOutcomes(long pushKey) => session.Read(() =>
    {
        // The few groups are joined, not the people.
        var groups = session.Query(
            """
            SELECT COALESCE(i.outcome, g.outcome), CASE WHEN i.number IS NULL THEN 0 ELSE 1 END, g.people, g.members
            FROM (SELECT import_number, outcome, COUNT(*) people, COUNT(member_number) members FROM person
                WHERE push_key = @key GROUP BY import_number, outcome) g
            LEFT JOIN import_file i ON i.push_key = @key AND i.number = g.import_number
            """,
            row => (Outcome: (PersonOutcome)row.GetInt32(0), IsImport: row.Flag(1), People: row.GetInt64(2), Members: row.GetInt64(3)),
            ("@key", pushKey));
        var counts = new Dictionary<PersonOutcome, long>();
        foreach (var group in groups)
        {
            // Members of the snapshot were on the list before, so the import did not add them.
            long members = group is { Outcome: PersonOutcome.Added, IsImport: true } ? group.Members : 0;
            Count(group.Outcome, group.People - members);
            Count(PersonOutcome.AlreadyMember, members);
        }

        Count(PersonOutcome.AlreadyMember, unchanged.Count(pushKey));
        return counts;

        void Count(PersonOutcome outcome, long people)
        {
            if (people > 0) counts[outcome] = counts.GetValueOrDefault(outcome) + people;
        }
    });

    /// <inheritdoc/>
    public long CountChanges(long pushKey, PersonChange change) => session.Read(() => session.Count(
        $"SELECT COUNT(*) FROM {PersonSql.WithImport} WHERE p.push_key = @key AND {PersonSql.Outcome} <> 0 AND COALESCE(i.change, p.change) = {(int)change}",
        ("@key", pushKey)));

    /// <inheritdoc/>
    public long CountCreatedOpen(long pushKey) => session.Read(() => session.Count(
        $"SELECT COUNT(*) FROM person WHERE push_key = @key AND ({StageColumn.Is(Stage.Written)} OR {StageColumn.Is(Stage.NotAdded)}) AND change = {(int)PersonChange.Created}",
        ("@key", pushKey)));

    /// <inheritdoc/>
    public IReadOnlyList<ReasonCount> CountReasons(long pushKey) => session.Read(() => session.Query(
        $"""
        SELECT COALESCE(p.code, i.code), COUNT(*) FROM {PersonSql.WithImport}
        WHERE p.push_key = @key AND {PersonSql.Outcome} IN ({(int)PersonOutcome.Unmatched}, {(int)PersonOutcome.NoIdentity}, {(int)PersonOutcome.NoConsent},
            {(int)PersonOutcome.Duplicate}, {(int)PersonOutcome.Rejected})
            AND COALESCE(p.code, i.code) IS NOT NULL
        GROUP BY COALESCE(p.code, i.code) ORDER BY COUNT(*) DESC, COALESCE(p.code, i.code)
        """,
        row => new ReasonCount(row.GetString(0), row.GetInt64(1)),
        ("@key", pushKey)));

    /// <inheritdoc/>
    public IEnumerable<(int Source, long Row, string Code, string Reason)> GetRejected(long pushKey)
    {
        List<(int Source, long Row, string Code, string Reason)> rows = [];
        do
        {
            var after = rows.Count == 0 ? (Source: -1, Row: 0L) : (rows[^1].Source, rows[^1].Row);
            rows = session.Read(() => session.Query(
                $"""
                SELECT source, row_number, code, reason FROM person
                WHERE push_key = @key AND outcome = {(int)PersonOutcome.Rejected} AND (source, row_number) > (@source, @row)
                ORDER BY source, row_number LIMIT {RowsAtOnce}
                """,
                row => (row.GetInt32(0), row.GetInt64(1), row.TextOrNull(2) ?? "", row.TextOrNull(3) ?? ""),
                ("@key", pushKey),
                ("@source", after.Source),
                ("@row", after.Row)));
            foreach (var row in rows) yield return row;
        }
        while (rows.Count == RowsAtOnce);
    }
}
