using System.Data.Common;
using System.Text;

namespace SegmentPush.Journal.Sql;

/// <summary>
/// Reads people from the journal's tables. No index is kept for identities: one would make every push slower, and a search reads some million
/// people a second.
/// </summary>
internal sealed class PersonStore(ISqlSession session, UnchangedStore unchanged, PushIdentities identities) : IPersonStore
{
    private const int PeopleAtOnce = 5_000;

    private static readonly string s_columns =
        $"p.source, p.row_number, {PersonSql.Outcome}, COALESCE(i.change, p.change), p.marketo_id, "
        + "COALESCE(p.code, i.code), COALESCE(p.reason, i.reason), p.column_name, p.value_length, p.identity";

    /// <inheritdoc/>
    public IEnumerable<PersonStatus> Get(Guid pushId, IReadOnlyList<PersonOutcome> outcomes)
    {
        if (session.Read(() => FindKey(pushId)) is not var (pushKey, isPlain)) yield break;
        string[] sources = session.Read(() => PersonSql.GetSources(session, pushKey));
        using var others = (outcomes.Contains(PersonOutcome.AlreadyMember) ? unchanged.Get(pushKey, (-1, 0)) : []).GetEnumerator();
        bool hasOthers = others.MoveNext();
        foreach (var person in GetEntered(pushId, pushKey, sources, outcomes, isPlain))
        {
            var row = (person.Source, Row: person.Status.Number);
            for (; hasOthers && (others.Current.Source, others.Current.Row).CompareTo(row) < 0; hasOthers = others.MoveNext()) yield return StatusOf(others.Current);
            yield return person.Status;
        }

        for (; hasOthers; hasOthers = others.MoveNext()) yield return StatusOf(others.Current);

        PersonStatus StatusOf(UnchangedPerson person) => Of(pushId, sources, person, isPlain ? person.Identity : null);
    }

    /// <inheritdoc/>
    public IReadOnlyList<PersonStatus> Find(PushStatus push, string identity)
    {
        if (session.Read(() => FindKey(push.Id)) is not var (pushKey, isPlain)) return [];
        using var hash = identities.OpenExistingHash();
        string? kept = isPlain ? identity : hash?.Of(identity);
        if (kept is null) return [];
        var found = SearchKept(push, pushKey, identity, kept);
        if (push.AlreadyMember == 0) return found;
        string[] sources = session.Read(() => PersonSql.GetSources(session, pushKey));
        return [.. found, .. unchanged.Get(pushKey, (-1, 0))
            .Where(person => string.Equals(person.Identity, kept, StringComparison.OrdinalIgnoreCase))
            .Select(person => Of(push.Id, sources, person, identity).In(push))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<PersonStatus> FindUnnamed(PushStatus push, string identity, IReadOnlyCollection<long> marketoIds)
    {
        if (marketoIds.Count == 0 || session.Read(() => FindKey(push.Id)) is not var (pushKey, _)) return [];
        int listed = Array.IndexOf(session.Read(() => PersonSql.GetSources(session, pushKey)), SourceEntry.StaticList.Name);
        return listed < 0 ? [] : Search(push, pushKey, identity, $"p.source = @sought AND p.identity = '' AND p.marketo_id IN ({string.Join(", ", marketoIds)})", listed);
    }

    /// <inheritdoc/>
    public bool KeepsHashes(Guid pushId) => session.Read(() => FindKey(pushId)) is (_, false);

    // Each database knows the case of ASCII letters. In other places of the text it takes any sign, and what it finds is compared here.
    private List<PersonStatus> SearchKept(PushStatus push, long pushKey, string identity, string kept)
    {
        const string Kept = "p.identity";
        if (Ascii.IsValid(kept)) return Search(push, pushKey, identity, session.IsSameText(Kept, "@sought"), kept);
        string pattern = string.Concat(kept.EnumerateRunes().Select(sign => !sign.IsAscii ? "_" : sign.Value is '%' or '_' or '\\' ? $"\\{sign}" : sign.ToString()));
        return Search(push, pushKey, identity, session.IsLike(Kept, "@sought"), pattern, found => string.Equals(found, kept, StringComparison.OrdinalIgnoreCase));
    }

    private List<PersonStatus> Search(
        PushStatus push, long pushKey, string identity, string condition, object sought, Func<string, bool>? isMeant = null) => session.Read(() =>
    {
        string[] sources = PersonSql.GetSources(session, pushKey);
        var found = session.Query(
            $"SELECT {s_columns} FROM {PersonSql.WithImport} WHERE p.push_key = @key AND {condition} ORDER BY p.source, p.row_number",
            row => (Kept: row.GetString(9), Status: Read(row, push.Id, sources, identity).In(push)),
            ("@key", pushKey),
            ("@sought", sought));
        return found.Where(person => isMeant is null || isMeant(person.Kept)).Select(person => person.Status).ToList();
    });

    // Some at a time, because another query may run before the last one was asked for.
    private IEnumerable<(int Source, PersonStatus Status)> GetEntered(
        Guid pushId, long pushKey, string[] sources, IReadOnlyList<PersonOutcome> outcomes, bool isPlain)
    {
        List<(int Source, PersonStatus Status)> people = [];
        do
        {
            var after = people.Count == 0 ? (Source: -1, Row: 0L) : (people[^1].Source, Row: people[^1].Status.Number);
            people = session.Read(() => session.Query(
                $"""
                SELECT {s_columns} FROM {PersonSql.WithImport}
                WHERE p.push_key = @key AND {PersonSql.Outcome} IN ({string.Join(", ", outcomes.Select(o => (int)o))}) AND (p.source, p.row_number) > (@source, @row)
                ORDER BY p.source, p.row_number LIMIT {PeopleAtOnce}
                """,

                // A person who was taken off the list without a row of the segment has no identity here.
                row => (row.GetInt32(0), Read(row, pushId, sources, isPlain && row.GetString(9) is { Length: > 0 } identity ? identity : null)),
                ("@key", pushKey),
                ("@source", after.Source),
                ("@row", after.Row)));
            foreach (var person in people) yield return person;
        }
        while (people.Count == PeopleAtOnce);
    }

    private (long Key, bool IsPlain)? FindKey(Guid id)
    {
        var found = session.Query(
            "SELECT push_key, identity_form FROM push WHERE id = @id",
            row => (row.GetInt64(0), (JournalIdentity)row.GetInt32(1) == JournalIdentity.Plain),
            ("@id", id.ToString()));
        return found is [var push] ? push : null;
    }

    private static PersonStatus Read(DbDataReader row, Guid pushId, string[] sources, string? identity) => new()
    {
        PushId = pushId,
        Source = sources[row.GetInt32(0)],
        Number = row.GetInt64(1),
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
        Number = person.Row,
        Identity = identity,
        Outcome = PersonOutcome.AlreadyMember,
        Change = PersonChange.Unchanged,
        MarketoId = person.MarketoId,
    };
}
