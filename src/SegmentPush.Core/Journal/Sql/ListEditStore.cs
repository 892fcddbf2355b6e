namespace SegmentPush.Journal.Sql;

/// <summary>Reads from the journal's tables what pushes have done to their lists, with what a process did not live to hear.</summary>
internal sealed class ListEditStore(ISqlSession session) : IListEditStore
{
    // The list was read anew since, and its members have other numbers.
    private const string IsOfFormerReading =
        "EXISTS (SELECT 1 FROM snapshot s WHERE s.snapshot_key = push.snapshot_key AND s.generation <> push.snapshot_generation)";

    private static readonly string s_isWrittenMember = $"(p.stage = {(int)Stage.Written} AND p.sent IS NULL AND p.member_number IS NOT NULL)";

    // The member whose number it is. After another reading the number tells nothing, or leads to somebody else.
    private const string OfMember =
        $"FROM snapshot_member m WHERE NOT {IsOfFormerReading} AND m.snapshot_key = push.snapshot_key AND m.member_number = p.member_number";

    // This person may have been on the list, or not: an import has put the id of the member in doubt, and Marketo tells another one, or nothing tells the
    // member's id any more.
    private static readonly string s_isUnsure =
        $"({s_isWrittenMember} AND ({IsOfFormerReading} OR EXISTS (SELECT 1 {OfMember} AND m.marketo_id < 0 AND m.marketo_id <> -p.marketo_id)))";

    // Marketo no longer knows the member, and this person has the identity by now. The list did not hold the person before.
    private static readonly string s_isInMembersPlace =
        $"({s_isWrittenMember} AND EXISTS (SELECT 1 {OfMember} AND m.marketo_id > 0 AND m.marketo_id <> p.marketo_id))";

    // What a process did not live to hear. A member of the list before the push was on it in any case; a member that is put back was not, and neither was a
    // person that the push has created in the place of a member whose id is not known. Nobody is sent off who was not known to be on the list.
    private static readonly string s_openEdit =
        $"CASE WHEN p.stage = {(int)Stage.SentOff} THEN {(int)PersonOutcome.Removed} "
        + $"WHEN p.stage = {(int)Stage.Written} AND (p.member_number IS NULL OR p.sent IS NOT NULL OR p.change = {(int)PersonChange.Created} OR {s_isUnsure} OR {s_isInMembersPlace}) THEN {(int)PersonOutcome.Added} "
        + $"WHEN p.stage = {(int)Stage.Imported} AND p.member_number IS NULL AND i.outcome = 0 "
        + $"AND i.state IN ({(int)ImportFileState.Uploading}, {(int)ImportFileState.Accepted}, {(int)ImportFileState.Unaccounted}) THEN {(int)PersonOutcome.Added} ELSE 0 END";

    // People that later pushes have put on the list, by Marketo's word or by an import. An undo has put back who was on it.
    private static readonly string s_addedLater =
        "FROM push own JOIN push later ON later.instance = own.instance AND later.list_id = own.list_id AND later.push_key > own.push_key AND later.undo_of IS NULL "
        + "JOIN person o ON o.push_key = later.push_key LEFT JOIN import_file oi ON oi.push_key = o.push_key AND oi.number = o.import_number "
        + $"WHERE own.id = @id AND (o.outcome = {(int)PersonOutcome.Added} OR (oi.outcome = {(int)PersonOutcome.Added} AND o.member_number IS NULL))";

    // What a later push has put on the list stays until that push is undone. This one did not live to hear whether it has put the person there.
    private static readonly string s_isAddedLater =
        $"((p.stage = {(int)Stage.Written} AND p.marketo_id IN (SELECT o.marketo_id {s_addedLater} AND o.marketo_id IS NOT NULL)) "
        + $"OR (p.stage IN ({(int)Stage.Written}, {(int)Stage.Imported}) AND {s_openEdit} <> 0 AND p.identity_hash IN (SELECT o.identity_hash {s_addedLater} AND o.identity_hash IS NOT NULL)))";

    /// <inheritdoc/>
    public IReadOnlySet<long> GetReachedIds(Guid id) => session.Read(() => session.Query(
        $"""
        SELECT p.marketo_id FROM {PersonSql.WithImport} JOIN push ON push.push_key = p.push_key
        WHERE push.id = @id AND p.marketo_id IS NOT NULL
            AND {PersonSql.Outcome} IN ({(int)PersonOutcome.Added}, {(int)PersonOutcome.AlreadyMember}, {(int)PersonOutcome.Rejected})
        """,
        row => row.GetInt64(0),
        ("@id", id.ToString())).ToHashSet());

    /// <inheritdoc/>
    public IReadOnlyList<ListEdit> Get(Guid id) => session.Read(() => session.Query(
        $"""
        SELECT {PersonSql.Outcome}, CASE WHEN push.identity_form = 0 THEN p.identity ELSE '' END, COALESCE(i.change, p.change), p.marketo_id, p.identity_hash, {s_openEdit},
            CASE WHEN {s_isUnsure} THEN 1 ELSE 0 END, CASE WHEN {s_isAddedLater} THEN 1 ELSE 0 END,
            CASE WHEN p.member_number IS NULL THEN 0 ELSE 1 END
        FROM {PersonSql.WithImport} JOIN push ON push.push_key = p.push_key
        WHERE push.id = @id AND ({PersonSql.Outcome} IN ({(int)PersonOutcome.Added}, {(int)PersonOutcome.Removed}) OR {s_openEdit} <> 0)
        ORDER BY p.source, p.row_number
        """,
        row =>
        {
            var hash = row.IsDBNull(4) ? default : Hash128.Read(row.GetFieldValue<byte[]>(4));
            var open = (PersonOutcome)row.GetInt32(5);
            return new ListEdit(
                open == 0 ? (PersonOutcome)row.GetInt32(0) : open, row.GetString(1), (PersonChange)row.GetInt32(2), row.NumberOrNull(3), hash.IsZero ? null : hash)
            {
                IsOpen = open != 0,
                IsUnsure = row.GetInt32(6) != 0,
                IsAddedLater = row.GetInt32(7) != 0,
                WasMember = row.GetInt32(8) != 0,
            };
        },
        ("@id", id.ToString())));

    /// <inheritdoc/>
    public AddedPeople GetAdded(IReadOnlyCollection<Guid> ids) => session.Read(() =>
    {
        var added = new AddedPeople();
        session.Query(
            $"""
            SELECT p.marketo_id, p.identity_hash FROM {PersonSql.WithImport} JOIN push ON push.push_key = p.push_key
            WHERE push.id IN ({string.Join(", ", ids.Select(id => $"'{id}'"))}) AND p.member_number IS NULL
                AND ({PersonSql.Outcome} = {(int)PersonOutcome.Added} OR {s_openEdit} = {(int)PersonOutcome.Added})
            """,
            row => added.Add(row.NumberOrNull(0), row.IsDBNull(1) ? default : Hash128.Read(row.GetFieldValue<byte[]>(1))));
        return added;
    });

    /// <inheritdoc/>
    public bool HasOpen(Guid id) => session.Read(() => session.Count(
        $"SELECT COUNT(*) FROM {PersonSql.WithImport} JOIN push ON push.push_key = p.push_key WHERE push.id = @id AND {s_openEdit} <> 0",
        ("@id", id.ToString())) > 0);
}
