using Microsoft.Data.Sqlite;

namespace SegmentPush.Journal;

/// <content>
/// How a person is found by an identity. No index is kept for it: one would make every push slower, and a search reads some million people a second.
/// </content>
internal sealed partial class PushJournal
{
    /// <summary>What became of one person in a push.</summary>
    /// <param name="push">The push.</param>
    /// <param name="identity">The identity's value; compared without case, and found also where the journal keeps hashes.</param>
    public IReadOnlyList<PersonStatus> FindPerson(PushStatus push, string identity)
    {
        if (Guard(() => FindKey(push.Id)) is not var (pushKey, isPlain)) return [];
        using var hash = IdentityHash.OpenExisting(Folder);
        string? kept = isPlain ? identity : hash?.Of(identity);
        if (kept is null) return [];
        var found = Search(push, pushKey, identity, "p.identity = $sought COLLATE NOCASE", kept);
        if (push.AlreadyMember == 0) return found;
        string[] sources = [.. Guard(() => GetAllSources(pushKey)).Select(source => source.Name)];
        return [.. found, .. GetUnchanged(pushKey, (-1, 0))
            .Where(person => string.Equals(person.Identity, kept, StringComparison.OrdinalIgnoreCase))
            .Select(person => Of(push, sources[person.Source], person.Row, identity) with
            {
                Outcome = PersonOutcome.AlreadyMember, Change = PersonChange.Unchanged, MarketoId = person.MarketoId,
            })];
    }

    /// <summary>What became of a person that no row of a push names: a mirror took the person off the list.</summary>
    /// <param name="push">The push.</param>
    /// <param name="identity">The identity's value, for the result.</param>
    /// <param name="marketoIds">The person's ids in Marketo; several people may have one identity.</param>
    public IReadOnlyList<PersonStatus> FindUnnamed(PushStatus push, string identity, IReadOnlyCollection<long> marketoIds)
    {
        if (marketoIds.Count == 0 || Guard(() => FindKey(push.Id)) is not var (pushKey, _)) return [];
        int listed = Guard(() => GetAllSources(pushKey)).FindIndex(source => source.Name == JournalSource.StaticList.Name);
        return listed < 0 ? [] : Search(push, pushKey, identity, $"p.source = $sought AND p.identity = '' AND p.marketo_id IN ({string.Join(", ", marketoIds)})", listed);
    }

    /// <summary>Whether the journal keeps hashes of the identities of a push's people.</summary>
    public bool KeepsHashes(Guid id) => Guard(() => FindKey(id)) is (_, false);

    private List<PersonStatus> Search(PushStatus push, long pushKey, string identity, string condition, object sought) => Guard(() =>
    {
        string[] sources = [.. GetAllSources(pushKey).Select(source => source.Name)];
        using var command = Command(null, $"""
            SELECT p.source, p.row_number, {Outcome}, COALESCE(i.change, p.change), p.marketo_id,
                COALESCE(p.code, i.code), COALESCE(p.reason, i.reason), p.column_name, p.value_length
            FROM {PersonWithImport} WHERE p.push_key = $key AND {condition} ORDER BY p.source, p.row_number
            """);
        command.Parameters.AddWithValue("$key", pushKey);
        command.Parameters.AddWithValue("$sought", sought);
        using var reader = command.ExecuteReader();
        var found = new List<PersonStatus>();
        while (reader.Read()) found.Add(StatusOf(reader, push, sources, identity));
        return found;
    });

    private static PersonStatus StatusOf(SqliteDataReader reader, PushStatus push, string[] sources, string identity) =>
        Of(push, sources[reader.GetInt32(0)], reader.GetInt64(1), identity) with
        {
            Outcome = (PersonOutcome)reader.GetInt32(2),
            Change = (PersonChange)reader.GetInt32(3),
            MarketoId = reader.IsDBNull(4) ? null : reader.GetInt64(4),
            Code = StringOrNull(reader, 5),
            Reason = StringOrNull(reader, 6),
            Column = StringOrNull(reader, 7),
            ValueLength = reader.IsDBNull(8) ? null : reader.GetInt32(8),
        };

    private static PersonStatus Of(PushStatus push, string source, long row, string identity) => new PersonStatus
    {
        PushId = push.Id, Source = source, Row = row, Identity = identity, Outcome = default, Change = default,
    }.In(push);
}
