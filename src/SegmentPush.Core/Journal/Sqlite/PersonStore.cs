using Microsoft.Data.Sqlite;

namespace SegmentPush.Journal.Sqlite;

/// <summary>
/// Reads people from the journal's file. No index is kept for identities: one would make every push slower, and a search reads some million
/// people a second.
/// </summary>
internal sealed class PersonStore(JournalSession session, UnchangedStore unchanged, PushIdentities identities) : IPersonStore
{
    private const string Columns =
        $"p.source, p.row_number, {PersonRow.Outcome}, COALESCE(i.change, p.change), p.marketo_id, "
        + "COALESCE(p.code, i.code), COALESCE(p.reason, i.reason), p.column_name, p.value_length, p.identity";

    /// <inheritdoc/>
    public IEnumerable<PersonStatus> Get(Guid pushId, IReadOnlyList<PersonOutcome> outcomes)
    {
        if (session.MapErrors(() => FindKey(pushId)) is not var (pushKey, isPlain)) yield break;
        string[] sources = session.MapErrors(() => PersonRow.GetSources(session, pushKey));
        using var command = session.Command(
            $"""
            SELECT {Columns} FROM {PersonRow.WithImport}
            WHERE p.push_key = $key AND {PersonRow.Outcome} IN ({string.Join(", ", outcomes.Select(o => (int)o))})
            ORDER BY p.source, p.row_number
            """,
            ("$key", pushKey));
        using var others = (outcomes.Contains(PersonOutcome.AlreadyMember) ? unchanged.Get(pushKey, (-1, 0)) : []).GetEnumerator();
        bool hasOthers = others.MoveNext();
        using var reader = session.MapErrors(command.ExecuteReader);
        while (session.MapErrors(reader.Read))
        {
            var row = (reader.GetInt32(0), reader.GetInt64(1));
            for (; hasOthers && (others.Current.Source, others.Current.Row).CompareTo(row) < 0; hasOthers = others.MoveNext()) yield return StatusOf(others.Current);

            // A person who was taken off the list without a row of the segment has no identity here.
            yield return Read(reader, pushId, sources, isPlain && reader.GetString(9) is { Length: > 0 } identity ? identity : null);
        }

        for (; hasOthers; hasOthers = others.MoveNext()) yield return StatusOf(others.Current);

        PersonStatus StatusOf(UnchangedPerson person) => Of(pushId, sources, person, isPlain ? person.Identity : null);
    }

    /// <inheritdoc/>
    public IReadOnlyList<PersonStatus> Find(PushStatus push, string identity)
    {
        if (session.MapErrors(() => FindKey(push.Id)) is not var (pushKey, isPlain)) return [];
        using var hash = identities.OpenExistingHash();
        string? kept = isPlain ? identity : hash?.Of(identity);
        if (kept is null) return [];
        var found = Search(push, pushKey, identity, "p.identity = $sought COLLATE NOCASE", kept);
        if (push.AlreadyMember == 0) return found;
        string[] sources = session.MapErrors(() => PersonRow.GetSources(session, pushKey));
        return [.. found, .. unchanged.Get(pushKey, (-1, 0))
            .Where(person => string.Equals(person.Identity, kept, StringComparison.OrdinalIgnoreCase))
            .Select(person => Of(push.Id, sources, person, identity).In(push))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<PersonStatus> FindUnnamed(PushStatus push, string identity, IReadOnlyCollection<long> marketoIds)
    {
        if (marketoIds.Count == 0 || session.MapErrors(() => FindKey(push.Id)) is not var (pushKey, _)) return [];
        int listed = Array.IndexOf(session.MapErrors(() => PersonRow.GetSources(session, pushKey)), JournalSource.StaticList.Name);
        return listed < 0 ? [] : Search(push, pushKey, identity, $"p.source = $sought AND p.identity = '' AND p.marketo_id IN ({string.Join(", ", marketoIds)})", listed);
    }

    /// <inheritdoc/>
    public bool KeepsHashes(Guid pushId) => session.MapErrors(() => FindKey(pushId)) is (_, false);

    private List<PersonStatus> Search(PushStatus push, long pushKey, string identity, string condition, object sought) => session.MapErrors(() =>
    {
        string[] sources = PersonRow.GetSources(session, pushKey);
        return session.Query(
            $"SELECT {Columns} FROM {PersonRow.WithImport} WHERE p.push_key = $key AND {condition} ORDER BY p.source, p.row_number",
            row => Read(row, push.Id, sources, identity).In(push),
            ("$key", pushKey),
            ("$sought", sought));
    });

    private (long Key, bool IsPlain)? FindKey(Guid id)
    {
        var found = session.Query(
            "SELECT push_key, identity_form FROM push WHERE id = $id",
            row => (row.GetInt64(0), (JournalIdentity)row.GetInt32(1) == JournalIdentity.Plain),
            ("$id", id.ToString()));
        return found is [var push] ? push : null;
    }

    private static PersonStatus Read(SqliteDataReader row, Guid pushId, string[] sources, string? identity) => new()
    {
        PushId = pushId,
        Source = sources[row.GetInt32(0)],
        Row = row.GetInt64(1),
        Identity = identity,
        Outcome = (PersonOutcome)row.GetInt32(2),
        Change = (PersonChange)row.GetInt32(3),
        MarketoId = row.NumberOrNull(4),
        Code = row.TextOrNull(5),
        Reason = row.TextOrNull(6),
        Column = row.TextOrNull(7),
        ValueLength = (int?)row.NumberOrNull(8),
    };

    private static PersonStatus Of(Guid pushId, string[] sources, UnchangedPerson person, string? identity) => new()
    {
        PushId = pushId,
        Source = sources[person.Source],
        Row = person.Row,
        Identity = identity,
        Outcome = PersonOutcome.AlreadyMember,
        Change = PersonChange.Unchanged,
        MarketoId = person.MarketoId,
    };
}
