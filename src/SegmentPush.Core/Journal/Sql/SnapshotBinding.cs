using SegmentPush.Lists;

namespace SegmentPush.Journal.Sql;

/// <summary>
/// Binds a push to a generation of a snapshot. A push that is resumed with another generation, or after another push has changed the list, sends those
/// people again that the list has lost since it settled them.
/// </summary>
internal sealed class SnapshotBinding(ISqlSession session, UnchangedStore unchanged)
{
    /// <summary>Binds a push.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="generation">The generation that it works with from now on.</param>
    /// <param name="isChanged">Whether another push may have changed the list, and with it this generation, since the push was stopped.</param>
    /// <param name="readsImportsAgain">Whether the people of its accepted imports are read again.</param>
    /// <returns>Rows of the people that are sent again.</returns>
    public IReadOnlyList<ReopenedRow> Bind(long pushKey, SnapshotGeneration generation, bool isChanged, bool readsImportsAgain)
    {
        IReadOnlyList<ReopenedRow> reopened = [];
        session.Write(() => reopened = BindNow(pushKey, generation, isChanged, readsImportsAgain));
        return reopened;
    }

    private IReadOnlyList<ReopenedRow> BindNow(long pushKey, SnapshotGeneration generation, bool isChanged, bool readsImportsAgain)
    {
        bool isBound = IsBound(pushKey, generation);
        IReadOnlyList<ReopenedRow> reopened = [];
        if (!isBound || isChanged)
        {
            reopened = ReopenPeople(pushKey, generation);
            ReopenUnchanged(pushKey, generation);
        }

        if (!isBound || isChanged || readsImportsAgain) ForgetImported(pushKey, generation, readsImportsAgain);
        if (!isBound) Renumber(pushKey, generation);

        session.Run(
            "UPDATE push SET snapshot_key = @snapshot, snapshot_generation = @generation WHERE push_key = @push",
            ("@push", pushKey),
            ("@snapshot", generation.Key),
            ("@generation", generation.Generation));
        return reopened;
    }

    // An older SegmentPush did not note the generation: then there was one only.
    private bool IsBound(long pushKey, SnapshotGeneration generation)
    {
        var bound = session.Query(
            "SELECT snapshot_key, snapshot_generation FROM push WHERE push_key = @key",
            row => (Key: row.NumberOrNull(0), Generation: row.NumberOrNull(1)),
            ("@key", pushKey)).SingleOrDefault();
        return bound.Key is null ? generation.ReadBy is null : bound == (generation.Key, generation.Generation);
    }

    // The id alone does not tell that a member is the one that a row named: where the list was read with nothing known, a person with another identity
    // by now is a stranger. A member that a segment has named is not.
    private const string NamedIds = "SELECT marketo_id FROM snapshot_member WHERE snapshot_key = @snapshot AND marketo_id IS NOT NULL AND is_from_segment = 1";

    private List<ReopenedRow> ReopenPeople(long pushKey, SnapshotGeneration generation)
    {
        string lost =
            $"""
            p.push_key = @key AND p.identity_hash IS NOT NULL
                AND (p.outcome IN ({(int)PersonOutcome.Added}, {(int)PersonOutcome.AlreadyMember})
                    OR p.import_number IN (SELECT number FROM import_file WHERE push_key = @key AND outcome = {(int)PersonOutcome.Added}))
                AND p.identity_hash NOT IN (SELECT identity_hash FROM snapshot_member WHERE snapshot_key = @snapshot)
                AND (p.marketo_id IS NULL OR p.marketo_id NOT IN ({NamedIds}))
            """;
        var reopened = session.Query(
            $"SELECT p.source, p.row_number, COALESCE(i.change, p.change) FROM {PersonSql.WithImport} WHERE {lost}",
            row => new ReopenedRow(row.GetInt32(0), row.GetInt64(1), row.GetInt32(2) == (int)PersonChange.Created),
            ("@key", pushKey),
            ("@snapshot", generation.Key));
        session.Run($"DELETE FROM person AS p WHERE {lost}", ("@key", pushKey), ("@snapshot", generation.Key));
        return reopened;
    }

    // Their blocks hold no hash of the identity, so people without an id are compared again in any case.
    private void ReopenUnchanged(long pushKey, SnapshotGeneration generation)
    {
        if (unchanged.Count(pushKey) == 0) return;
        long[] ids = [.. session.Query(
            $"{NamedIds} ORDER BY marketo_id",
            row => row.GetInt64(0),
            ("@snapshot", generation.Key))];
        unchanged.TakeOut(pushKey, person => person.MarketoId is not { } id || Array.BinarySearch(ids, id) < 0);
    }

    // An import that is still to be settled has put these people on the list, and a reading since has shown them. They join once it is settled. Where values
    // were sent for a person since, another push has named the person, and the member stays as it is; but a row that is read again would take the person for
    // a member of before.
    private void ForgetImported(long pushKey, SnapshotGeneration generation, bool readsImportsAgain) => session.Run(
        $"""
        DELETE FROM snapshot_member WHERE snapshot_key = @snapshot{(readsImportsAgain ? "" : $" AND sent_hash = {SentValues.None}")} AND identity_hash IN (
            SELECT identity_hash FROM person WHERE push_key = @key AND outcome = 0 AND member_number IS NULL AND identity_hash IS NOT NULL
                AND import_number IN (SELECT number FROM import_file WHERE push_key = @key AND state = {(int)ImportFileState.Accepted}))
        """,
        ("@key", pushKey),
        ("@snapshot", generation.Key));

    // Of people in an import that is accepted or settled, the number tells whether they were on the list before it: a list that was read afterwards does not.
    // A number of this generation is negative until those of former ones are gone. People of a settled import keep theirs.
    private void Renumber(long pushKey, SnapshotGeneration generation)
    {
        string isImported = ImportedWhere($"outcome <> 0 OR state = {(int)ImportFileState.Accepted}");
        session.Run(
            $"""
            UPDATE person SET {session.SetMemberNumber("-m.number")}
            FROM (SELECT identity_hash hash, MIN(member_number) number FROM snapshot_member WHERE snapshot_key = @snapshot GROUP BY identity_hash) m
            WHERE push_key = @key AND outcome = 0 AND identity_hash = m.hash AND (member_number IS NOT NULL OR NOT ({isImported}))
            """,
            ("@key", pushKey),
            ("@snapshot", generation.Key));
        session.Run(
            $"""
            UPDATE person SET {session.SetMemberNumber("CASE WHEN member_number < 0 THEN -member_number END")}
            WHERE push_key = @key AND outcome = 0 AND member_number IS NOT NULL AND (member_number < 0 OR NOT ({ImportedWhere("outcome <> 0")}))
            """,
            ("@key", pushKey));

        static string ImportedWhere(string import) => $"import_number IS NOT NULL AND import_number IN (SELECT number FROM import_file WHERE push_key = @key AND ({import}))";
    }
}
